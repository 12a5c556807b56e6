import { contiguousRanges, type Delivery } from '../../lambdas/domain/sessions/delivery.ts'
import { type Batch, recordsOf, type Source } from './batch.ts'

/** A letter in the queue of undelivered messages, by its sender. */
export type Letter =
  /** Lambda gave up on a worker. */
  | { requestPayload: Delivery }
  /** The event source gave up on records of the stream, which it names. */
  | { DDBStreamBatchInfo: Batch }
  /** A broadcast could not read a record. */
  | { reason: string; roomId?: string; seq?: number }

/** The letter that a text holds. Throws an Error where it holds none. */
export function letterIn(text: string): Letter {
  let letter: unknown
  try {
    letter = JSON.parse(text)
  } catch {
    throw new Error('It is no JSON.')
  }
  if (typeof letter !== 'object' || letter === null) throw new Error('It names no room and no records.')
  // Only the functions of this project and Lambda itself write to the queue.
  return letter as Letter
}

/** The deliveries that a letter asks for: none where the records of the stream have no message to broadcast. */
export async function ordersIn(letter: Letter, source: Source): Promise<Delivery[]> {
  if ('requestPayload' in letter) return [letter.requestPayload]
  if (!('DDBStreamBatchInfo' in letter)) {
    const { roomId, seq } = letter
    if (roomId === undefined || seq === undefined) throw new Error('It names no room and no position.')
    return [{ roomId, first: seq, last: seq, part: {} }]
  }
  const waiting = (await recordsOf(letter.DDBStreamBatchInfo, source)).flatMap(({ eventName, dynamodb }) => {
    const { Keys, NewImage } = dynamodb ?? {}
    const [roomId, seq] = [Keys?.roomId?.S, Number(Keys?.seq?.N)]
    return eventName === 'INSERT' && NewImage?.broadcast && roomId !== undefined ? [{ roomId, seq }] : []
  })
  return [...contiguousRanges(waiting)].flatMap(([roomId, found]) =>
    found.map(([first, last]) => ({ roomId, first, last, part: {} })),
  )
}
