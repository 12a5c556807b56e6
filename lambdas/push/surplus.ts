import { limits } from '../../protocol/limits.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import type { PushPorts } from './announce.ts'
import { closeConnection } from './close-connection.ts'
import { goawayFrame } from './goaway.ts'

type Gate = PushPorts & { clock: Clock & Random }

/** Closes the oldest connections of a user if the user has more than the limit. */
export async function closeSurplus(app: Gate, user: string, connectionId: string): Promise<void> {
  const surplus = await app.sessions.surplusOf(user, limits.connectionsPerUser, connectionId)
  await forEachConcurrent(surplus, (other) => replaceConnection(app, other))
}

/**
 * Closes one connection. Without the goaway, its client would connect again at once and replace another connection. If
 * the connection is gone without a `$disconnect`, it is closed here; otherwise it would be counted for hours. A
 * connection whose `$connect` still runs also looks gone. Its next `join` or `sync` is refused and followed by the
 * goaway.
 */
async function replaceConnection(app: Gate, connectionId: string): Promise<void> {
  const posted = await app.connections.post(connectionId, goawayFrame('replaced')).catch(() => 'failed' as const)
  const closed = posted === 'gone' ? posted : await app.connections.close(connectionId)
  if (closed === 'gone') await closeConnection(app, connectionId)
}
