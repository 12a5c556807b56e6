import type { Clock, Random } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { Refusal } from '../domain/errors.ts'
import type { PushPorts } from './announce.ts'
import { closeConnection } from './close-connection.ts'
import type { PostOutcome } from './connections.ts'
import { type GoawayReason, goawayFrame } from './goaway.ts'

export type Gate = PushPorts & { clock: Clock & Random }

/**
 * Closes one connection after a goaway. If the connection is gone without a `$disconnect`, it is closed here; otherwise
 * it would be counted for hours. A connection whose `$connect` still runs also looks gone.
 */
export async function tellAndClose(app: Gate, connectionId: string, reason: GoawayReason): Promise<PostOutcome> {
  const posted = await app.connections.post(connectionId, goawayFrame(reason)).catch(() => 'failed' as const)
  const closed = posted === 'gone' ? posted : await app.connections.close(connectionId)
  if (closed === 'gone') await closeConnection(app, connectionId)
  return closed
}

/** Closes these connections after a goaway, and returns the number of those that were open. */
export async function closeAll(app: Gate, connectionIds: readonly string[], reason: GoawayReason): Promise<number> {
  let open = 0
  let failed = 0
  await forEachConcurrent(connectionIds, async (connectionId) => {
    const outcome = await tellAndClose(app, connectionId, reason)
    if (outcome === 'delivered') open++
    else if (outcome !== 'gone') failed++
  })
  if (failed > 0) throw unclosed()
  return open
}

/**
 * Pauses before the connections of a suspended user are looked for again, in milliseconds. The index may miss a new
 * connection for a moment, and a connection whose handshake is about to end cannot be closed yet.
 */
const pausesMs = [500, 1500]

/**
 * Closes all connections of a user who has just been suspended. A connection that opens later reads the suspension
 * itself. A connection that read it too early was stored before that, so it is found here.
 */
export async function closeAllOfSuspended(app: Gate, user: string): Promise<void> {
  const known = new Set<string>()
  const closed = new Set<string>()
  let failed = false
  const closeKnown = async () => {
    for (const connectionId of await app.sessions.connectionsOf(user)) known.add(connectionId)
    failed = false
    await forEachConcurrent(
      [...known].filter((connectionId) => !closed.has(connectionId)),
      async (connectionId) => {
        const outcome = await tellAndClose(app, connectionId, 'suspended')
        if (outcome === 'delivered') closed.add(connectionId)
        else if (outcome !== 'gone') failed = true
      },
    )
  }
  await closeKnown()
  for (const pauseMs of pausesMs) {
    await app.clock.sleep(pauseMs)
    await closeKnown()
  }
  if (failed) throw unclosed()
}

const unclosed = () =>
  new Refusal('unavailable', 'Some connections could not be closed. Ask again.', { retryAfterMs: 1000 })
