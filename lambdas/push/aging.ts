import { maxAgeSeconds } from '../../protocol/limits.ts'
import type { Connections } from '../aws/connections.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { goawayFrame } from './goaway.ts'

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
