import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireAdmin } from '../domain/access/principals.ts'
import { closeAll } from '../push/tell-and-close.ts'
import { route } from '../route.ts'

/** The verb `disconnect`. The connection of the caller stays open, because the reply goes there. */
export const disconnectUser = route(
  frames.disconnect,
  async (app: App<'sessions' | 'records'>, { frame, caller, connectionId }) => {
    requireAdmin(caller)
    const requested =
      frame.connectionId === undefined ? await app.sessions.connectionsOf(frame.user ?? '') : [frame.connectionId]
    const others = await app.sessions.connections(requested.filter((other) => other !== connectionId))
    const [first] = others
    if (!first) return { disconnected: 0 }
    const details = { user: first.user, ...(frame.connectionId !== undefined && { connectionId: frame.connectionId }) }
    await app.records.addAdministrative(
      { at: app.clock.now(), event: 'disconnected', by: caller.user, details },
      first.user,
    )
    const ids = others.map((other) => other.connectionId)
    return { disconnected: await closeAll(app, ids, 'disconnected') }
  },
)
