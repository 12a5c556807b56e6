import { limits } from '../../protocol/limits.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import type { PushPorts } from './announce.ts'
import { closeConnection } from './close-connection.ts'
import { goawayFrame } from './goaway.ts'

type Gate = PushPorts & { clock: Clock & Random }

/** Lets the oldest connections of a user give way to this one, where there are more than a user may have. */
export async function closeSurplus(app: Gate, user: string, connectionId: string): Promise<void> {
  const surplus = await app.sessions.surplusOf(user, limits.connectionsPerUser, connectionId)
  await forEachConcurrent(surplus, (other) => giveWay(app, other))
}

/**
 * Without the goaway its client would come back at once and replace the next one. A connection that is gone without a
 * `$disconnect` is ended here, or it would be counted for hours. One whose own `$connect` is not done yet looks gone as
 * well; its next `join` or `sync` is refused and followed by the goaway.
 */
async function giveWay(app: Gate, connectionId: string): Promise<void> {
  const told = await app.connections.post(connectionId, goawayFrame('replaced')).catch(() => 'failed' as const)
  const closed = told === 'gone' ? told : await app.connections.close(connectionId)
  if (closed === 'gone') await closeConnection(app, connectionId)
}
