import { type Crowd, currentCrowd, partsOf, recount } from '../domain/sessions/crowd.ts'
import { contiguousRanges, type Delivery, pauseMs, type StreamedEntry } from '../domain/sessions/delivery.ts'
import { hasLosses } from './connections.ts'
import { type DeliverPorts, deliver } from './deliver.ts'

export interface Workers {
  /** Answers once the order is taken; from then on it is carried out, or ends in the queue of what was not. */
  start(delivery: Delivery): Promise<void>
}

/** What could not be delivered, for a person to look at. */
export interface DeadLetters {
  keep(letter: { roomId?: string; seq?: number; reason: string }): Promise<void>
}

export interface BroadcastPorts extends DeliverPorts {
  workers: Workers
  undelivered: DeadLetters
  postsPerSecond: number
  report(fact: Record<string, string | number | boolean | undefined>): void
}

/**
 * Hands on what the stream brought, room by room: what waits for one room together, and each part of its roster by a
 * worker of its own. Answers the records that are to be brought again. One that cannot be read is put aside with its
 * place, and delays nobody.
 */
export async function broadcast(app: BroadcastPorts, records: readonly StreamedEntry[]): Promise<string[]> {
  const waiting: { roomId: string; seq: number; sequenceNumber: string }[] = []
  for (const { readable, roomId, seq, sequenceNumber } of records) {
    if (readable && roomId !== undefined && seq !== undefined) waiting.push({ roomId, seq, sequenceNumber })
    else await app.undelivered.keep({ ...positionOf(roomId, seq), reason: 'unreadable' })
  }
  const failed = new Set<string>()
  let posts = 0
  await Promise.all(
    [...contiguousRanges(waiting)].map(async ([roomId, positions]) => {
      try {
        posts += await deliverRoom(app, roomId, positions)
      } catch (error) {
        failed.add(roomId)
        app.report({
          level: 'error',
          route: 'broadcast',
          roomId,
          error: error instanceof Error ? error.name : typeof error,
        })
      }
    }),
  )
  if (posts > 0) await app.clock.sleep(pauseMs(posts, app.postsPerSecond))
  return waiting.filter(({ roomId }) => failed.has(roomId)).map(({ sequenceNumber }) => sequenceNumber)
}

const positionOf = (roomId: string | undefined, seq: number | undefined) => ({
  ...(roomId !== undefined && { roomId }),
  ...(seq !== undefined && { seq }),
})

/** Answers the posts that workers are making meanwhile. */
async function deliverRoom(app: BroadcastPorts, roomId: string, positions: [number, number][]): Promise<number> {
  const known = await app.sessions.crowd(roomId)
  const parts = known ? partsOf(known) : [{}]
  const orders = positions.flatMap(([first, last]) => parts.map((part) => ({ roomId, first, last, part })))
  if (parts.length === 1) for (const order of orders) await deliverHere(app, order)
  else await Promise.all(orders.map((order) => app.workers.start(order)))
  // Counting comes after the orders: old bounds split a roster unevenly, but leave nobody out. One that fails is made up
  // for by the next, and must not bring the orders again.
  const crowd = await counted(app, roomId, known).catch(() => known)
  return parts.length === 1 || !crowd ? 0 : crowd.connections * positions.length
}

async function deliverHere(app: BroadcastPorts, order: Delivery): Promise<void> {
  const outcomes = await deliver(app, order)
  if (hasLosses(outcomes)) app.report({ route: 'broadcast', roomId: order.roomId, ...outcomes })
}

const counted = async (app: BroadcastPorts, roomId: string, known: Crowd | undefined): Promise<Crowd> =>
  (await currentCrowd(app.sessions, app.clock, roomId, known)) ?? recount(app.sessions, app.clock, roomId)
