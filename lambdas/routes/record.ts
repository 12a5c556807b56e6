import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireModerator } from '../domain/access/access.ts'
import { requireAdmin } from '../domain/access/principals.ts'
import { administration } from '../domain/record/record.ts'
import { pagingOf } from '../replies/cursor.ts'
import { recordPage } from '../replies/record.ts'
import { route } from '../route.ts'

/**
 * Administrators may read the record of any room, even of a deleted one, and that of all rooms. Each page that is read
 * is recorded itself.
 */
export const record = route(
  frames.record,
  async (app: App<'roles' | 'categories' | 'records' | 'messages' | 'directory'>, { frame, caller }) => {
    const { roomId, user, from, to, cursor } = frame
    const paging = await pagingOf(app, caller, ['record', roomId, user, from, to], cursor)
    if (roomId === undefined) requireAdmin(caller)
    else if (!caller.admin) await requireModerator(app, roomId, caller)
    const asked = { ...(roomId && { roomId }), ...(user && { user }), ...(from && { from }), ...(to && { to }) }
    const details = { ...asked, ...(cursor && { continued: true }) }
    await app.records.add(administration, { at: app.clock.now(), event: 'read', by: caller.user, details })
    return recordPage(app, frame, paging)
  },
)
