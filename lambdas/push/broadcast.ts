import { tagOf } from '../domain/budget/rate.ts'
import type { Notes } from '../domain/metrics.ts'
import { type Crowd, currentCrowd, partsOf, recount } from '../domain/sessions/crowd.ts'
import { contiguousRanges, type Delivery, pauseMs, type StreamedEntry } from '../domain/sessions/delivery.ts'
import { hasLosses } from './connections.ts'
import { type DeliverPorts, deliver } from './deliver.ts'

export interface Workers {
  /** Resolves when the delivery is accepted. Afterwards it is carried out, or it goes to the dead-letter queue. */
  start(delivery: Delivery): Promise<void>
}

/** A store for entries that could not be delivered. A person looks at them. */
export interface DeadLetters {
  keep(letter: { roomId?: string; seq?: number; reason: string }): Promise<void>
}

export interface BroadcastPorts extends DeliverPorts, Notes {
  workers: Workers
  undelivered: DeadLetters
  postsPerSecond: number
}

/**
 * Delivers the records of the stream. It combines the records of each room, and starts one worker for each part of a
 * roster. An unreadable record goes to the dead letters and does not delay others. Returns the sequence numbers of the
 * records to deliver again.
 */
export async function broadcast(app: BroadcastPorts, records: readonly StreamedEntry[]): Promise<string[]> {
  const entries: { roomId: string; seq: number; sequenceNumber: string }[] = []
  for (const { readable, roomId, seq, sequenceNumber } of records) {
    if (readable && roomId !== undefined && seq !== undefined) entries.push({ roomId, seq, sequenceNumber })
    else await app.undelivered.keep({ ...positionOf(roomId, seq), reason: 'unreadable' })
  }
  const failed = new Set<string>()
  let posts = 0
  await Promise.all(
    [...contiguousRanges(entries)].map(async ([roomId, positions]) => {
      try {
        posts += await deliverRoom(app, roomId, positions)
      } catch (error) {
        failed.add(roomId)
        app.metrics.count('JobFailures', 1)
        app.note({ room: tagOf(roomId) }, error)
      }
    }),
  )
  if (posts > 0) await app.clock.sleep(pauseMs(posts, app.postsPerSecond))
  return entries.filter(({ roomId }) => failed.has(roomId)).map(({ sequenceNumber }) => sequenceNumber)
}

const positionOf = (roomId: string | undefined, seq: number | undefined) => ({
  ...(roomId !== undefined && { roomId }),
  ...(seq !== undefined && { seq }),
})

/** Returns the number of posts that the workers are making. */
async function deliverRoom(app: BroadcastPorts, roomId: string, positions: [number, number][]): Promise<number> {
  const known = await app.sessions.crowd(roomId)
  const parts = known ? partsOf(known) : [{}]
  const deliveries = positions.flatMap(([first, last]) => parts.map((part) => ({ roomId, first, last, part })))
  if (parts.length === 1) for (const delivery of deliveries) await deliverHere(app, delivery)
  else {
    await Promise.all(deliveries.map((delivery) => app.workers.start(delivery)))
    for (const [first, last] of positions) countReceivers(app, known?.connections ?? 0, first, last)
  }
  // The count follows the deliveries: with old bounds the parts differ in size, but delivery is complete. A failed
  // count is ignored, because it must not repeat the deliveries. The next broadcast counts again.
  const crowd = await counted(app, roomId, known).catch(() => known)
  return parts.length === 1 || !crowd ? 0 : crowd.connections * positions.length
}

async function deliverHere(app: BroadcastPorts, delivery: Delivery): Promise<void> {
  const outcomes = await deliver(app, delivery)
  const { unended: _, ...posts } = outcomes
  const receivers = Object.values(posts).reduce((sum, count) => sum + count, 0)
  countReceivers(app, receivers, delivery.first, delivery.last)
  if (hasLosses(outcomes)) app.note({ room: tagOf(delivery.roomId), ...outcomes })
}

/** Counts for each message of a range how many receive it. */
function countReceivers({ metrics }: BroadcastPorts, receivers: number, first: number, last: number): void {
  for (let seq = first; seq <= last; seq++) metrics.count('Fanout', receivers)
}

const counted = async (app: BroadcastPorts, roomId: string, known: Crowd | undefined): Promise<Crowd> =>
  (await currentCrowd(app.sessions, app.clock, roomId, known)) ?? recount(app.sessions, app.clock, roomId)
