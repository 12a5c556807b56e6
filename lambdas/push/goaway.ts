import { maxAgeSeconds } from '../../protocol/limits.ts'
import type { Push } from '../../protocol/wire.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Connections } from './connections.ts'

/**
 * The reason why a connection must end. After `replaced` and `suspended`, the client stays closed until its user asks
 * for a connection. After the other reasons, it connects again.
 */
export type GoawayReason = 'token_expired' | 'age' | 'replaced' | 'abuse' | 'suspended' | 'disconnected'

/** The frame that asks a client to replace this connection within `reconnectInMs` milliseconds. */
export const goawayFrame = (reason: GoawayReason, reconnectInMs = 0): string =>
  JSON.stringify({ type: 'goaway', reason, reconnectInMs } satisfies Push)

/** A connection of this age, in milliseconds, should be replaced. */
const replaceAfterMs = 110 * 60_000

/** A client gets at least this many milliseconds to replace the connection before it reaches the maximum age. */
const reconnectMs = 60_000

/**
 * Asks the client of an old connection to replace it. The delay is random, so that clients that connected together do
 * not connect again together.
 */
export async function pushGoawayByAge(
  app: { connections: Connections; clock: Pick<Clock, 'now'> & Random },
  connectionId: string,
  connectedAt: number,
): Promise<void> {
  const age = app.clock.now() - connectedAt
  if (age <= replaceAfterMs) return
  const left = Math.max(0, maxAgeSeconds * 1000 - reconnectMs - age)
  await app.connections.post(connectionId, goawayFrame('age', Math.floor(app.clock.random() * left)))
}

/**
 * Closes a connection after a reply and a goaway. The reply is posted, because a returned reply would arrive after the
 * close.
 */
export async function closeWithGoaway(
  connections: Connections,
  connectionId: string,
  reply: string,
  reason: GoawayReason,
  reconnectInMs = 0,
): Promise<void> {
  await connections.post(connectionId, reply)
  await connections.post(connectionId, goawayFrame(reason, reconnectInMs))
  await connections.close(connectionId)
}
