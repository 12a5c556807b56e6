import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireModerator } from '../domain/access/access.ts'
import { recordPage } from '../replies/record.ts'
import { route } from '../route.ts'

/** Administrators may read the record of any room, even of a deleted one. */
export const record = route(
  frames.record,
  async (app: App<'roles' | 'categories' | 'records' | 'messages'>, { frame, caller }) => {
    if (!caller.admin) await requireModerator(app, frame.roomId, caller)
    return recordPage(app, frame)
  },
)
