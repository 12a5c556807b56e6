import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireModerator } from '../domain/access/access.ts'
import { purge as purgeLog } from '../domain/log/purge.ts'
import { route } from '../route.ts'

/** Deletes old messages. Clients repeat the request with the same time until it is complete. */
export const purge = route(
  frames.purge,
  async (app: App<'roles' | 'categories' | 'records' | 'messages'>, { frame: { roomId, before }, caller }) => {
    await requireModerator(app, roomId, caller)
    await app.records.add(roomId, { at: app.clock.now(), event: 'purged', by: caller.user, details: { before } })
    return purgeLog(app.messages, roomId, Date.parse(before), app.clock.now())
  },
)
