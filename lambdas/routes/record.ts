import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireModerator } from '../domain/access/access.ts'
import { requireAdmin } from '../domain/access/principals.ts'
import { pagingOf } from '../replies/cursor.ts'
import { recordPage } from '../replies/record.ts'
import { route } from '../route.ts'

/** Administrators may read the record of any room, even of a deleted one, and that of all rooms. */
export const record = route(
  frames.record,
  async (app: App<'roles' | 'categories' | 'records' | 'messages' | 'directory'>, { frame, caller }) => {
    const { roomId, user, from, to, cursor } = frame
    const paging = await pagingOf(app, caller, ['record', roomId, user, from, to], cursor)
    if (roomId === undefined) requireAdmin(caller)
    else if (!caller.admin) await requireModerator(app, roomId, caller)
    return recordPage(app, frame, paging)
  },
)
