import { maxAgeSeconds } from '../../protocol/limits.ts'
import type { Push } from '../../protocol/wire.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Connections } from './connections.ts'

/** Why a connection has to end. Only after `replaced` its client stays away until a person asks for it. */
export type GoawayReason = 'token_expired' | 'age' | 'replaced'

/** The frame that asks a client to leave this connection, within so many milliseconds. */
export const goawayFrame = (reason: GoawayReason, reconnectInMs = 0): string =>
  JSON.stringify({ type: 'goaway', reason, reconnectInMs } satisfies Push)

/** A connection of this age, in milliseconds, is asked to give way to a fresh one. */
const old = 110 * 60_000

/** The last so many milliseconds of a connection belong to those who are moving already. */
const margin = 60_000

/** All who came together would go together: each is told a moment of its own, before API Gateway ends the connection. */
export async function pushGoawayByAge(
  app: { connections: Connections; clock: Pick<Clock, 'now'> & Random },
  connectionId: string,
  connectedAt: number,
): Promise<void> {
  const age = app.clock.now() - connectedAt
  if (age <= old) return
  const left = Math.max(0, maxAgeSeconds * 1000 - margin - age)
  await app.connections.post(connectionId, goawayFrame('age', Math.floor(app.clock.random() * left)))
}

/**
 * Ends a connection with a reply and a goaway. The reply is posted, because a returned one would arrive after the close.
 */
export async function closeWithGoaway(
  connections: Connections,
  connectionId: string,
  reply: string,
  reason: GoawayReason,
): Promise<void> {
  await connections.post(connectionId, reply)
  await connections.post(connectionId, goawayFrame(reason))
  await connections.close(connectionId)
}
