import { type Crowd, census, partsOf, recent } from '../domain/sessions/crowd.ts'
import { type Delivery, holdMs, type Streamed, stretches } from '../domain/sessions/delivery.ts'
import { type Deliverer, deliver } from './deliver.ts'
import { hasLosses } from './outcomes.ts'

export interface Workers {
  /** Answers once the order is taken; from then on it is carried out, or ends in the queue of what was not. */
  start(delivery: Delivery): Promise<void>
}

/** What could not be delivered, for a person to look at. */
export interface Undelivered {
  keep(letter: { roomId?: string; seq?: number; reason: string }): Promise<void>
}

export interface Broadcaster extends Deliverer {
  workers: Workers
  undelivered: Undelivered
  postsPerSecond: number
  report(fact: Record<string, string | number | boolean | undefined>): void
}

/**
 * Hands on what the stream brought, room by room: what waits for one room together, and each part of its roster by a
 * worker of its own. Answers the records that are to be brought again. One that cannot be read is put aside with its
 * place, and delays nobody.
 */
export async function broadcast(app: Broadcaster, records: readonly Streamed[]): Promise<string[]> {
  const waiting: { roomId: string; seq: number; sequenceNumber: string }[] = []
  for (const { readable, roomId, seq, sequenceNumber } of records) {
    if (readable && roomId !== undefined && seq !== undefined) waiting.push({ roomId, seq, sequenceNumber })
    else await app.undelivered.keep({ ...placeOf(roomId, seq), reason: 'unreadable' })
  }
  const failed = new Set<string>()
  let posts = 0
  await Promise.all(
    [...stretches(waiting)].map(async ([roomId, positions]) => {
      try {
        posts += await handOn(app, roomId, positions)
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
  if (posts > 0) await app.pace.sleep(holdMs(posts, app.postsPerSecond))
  return waiting.filter(({ roomId }) => failed.has(roomId)).map(({ sequenceNumber }) => sequenceNumber)
}

const placeOf = (roomId: string | undefined, seq: number | undefined) => ({
  ...(roomId !== undefined && { roomId }),
  ...(seq !== undefined && { seq }),
})

/** Answers the posts that workers are making meanwhile. */
async function handOn(app: Broadcaster, roomId: string, positions: [number, number][]): Promise<number> {
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

async function deliverHere(app: Broadcaster, order: Delivery): Promise<void> {
  const outcomes = await deliver(app, order)
  if (hasLosses(outcomes)) app.report({ route: 'broadcast', roomId: order.roomId, ...outcomes })
}

const counted = async (app: Broadcaster, roomId: string, known: Crowd | undefined): Promise<Crowd> =>
  (await recent(app.sessions, app.pace, roomId, known)) ?? census(app.sessions, app.pace, roomId)
