import { limits } from '../../protocol/limits.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { type Gate, tellAndClose } from './tell-and-close.ts'

/**
 * Closes the oldest connections of a user if the user has more than the limit. Without the goaway, the client of a
 * closed one would connect again at once and replace another connection. A connection whose `$connect` still runs looks
 * gone; its next `join` or `sync` is refused and followed by the goaway.
 */
export async function closeSurplus(app: Gate, user: string, connectionId: string): Promise<void> {
  const surplus = await app.sessions.surplusOf(user, limits.connectionsPerUser, connectionId)
  await forEachConcurrent(surplus, async (other) => {
    const closed = await tellAndClose(app, other, 'replaced')
    if (closed === 'delivered' || closed === 'gone') app.metrics.count('Evicted', 1)
  })
}
