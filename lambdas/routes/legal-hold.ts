import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireAdmin } from '../domain/access/principals.ts'
import { requireLog } from '../domain/log/log.ts'
import { route } from '../route.ts'

export const legalHold = route(
  frames.legalHold,
  async (app: App<'retention' | 'messages' | 'records'>, { frame, caller }) => {
    requireAdmin(caller)
    const { roomId, user = '', hold } = frame
    const scope = roomId === undefined ? { user } : { roomId }
    if (roomId !== undefined) await requireLog(app.messages, roomId)
    if (hold !== undefined) {
      const line = { at: app.clock.now(), by: caller.user, details: scope }
      const about = roomId === undefined ? user : undefined
      await app.records.addAdministrative({ ...line, event: hold ? 'held' : 'released' }, about)
      await app.retention.setHold(scope, hold)
    }
    return { hold: await app.retention.isHeld(scope) }
  },
)
