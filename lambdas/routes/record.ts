import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireModerator } from '../domain/access/access.ts'
import { pagingOf } from '../replies/cursor.ts'
import { recordPage } from '../replies/record.ts'
import { route } from '../route.ts'

/** Administrators may read the record of any room, even of a deleted one. */
export const record = route(
  frames.record,
  async (app: App<'roles' | 'categories' | 'records' | 'messages'>, { frame, caller }) => {
    const paging = await pagingOf(app, caller, ['record', frame.roomId, frame.from, frame.to], frame.cursor)
    if (!caller.admin) await requireModerator(app, frame.roomId, caller)
    return recordPage(app, frame, paging)
  },
)
