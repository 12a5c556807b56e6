import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireModerator } from '../domain/access/access.ts'
import { Refusal } from '../domain/errors.ts'
import { purge as purgeLog } from '../domain/log/purge.ts'
import { deletableBefore } from '../domain/rooms/retention.ts'
import { route } from '../route.ts'

/**
 * Deletes old messages. Clients repeat the request with the same time until it is complete. What is under a legal hold
 * stays.
 */
export const purge = route(
  frames.purge,
  async (
    app: App<'roles' | 'categories' | 'records' | 'messages' | 'retention'>,
    { frame: { roomId, before }, caller },
  ) => {
    await requireModerator(app, roomId, caller)
    const end = await deletableBefore(app, roomId, Date.parse(before))
    if (end === undefined) throw new Refusal('forbidden', 'The room is under a legal hold.')
    await app.records.add(roomId, { at: app.clock.now(), event: 'purged', by: caller.user, details: { before } })
    return purgeLog(app.messages, roomId, end, app.clock.now())
  },
)
