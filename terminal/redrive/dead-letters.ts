import { contiguousRanges, type Delivery } from '../../lambdas/domain/sessions/delivery.ts'
import { recordsOf, type StreamBatch, type StreamSource } from './batch.ts'

/** A letter of the dead-letter queue. There are three kinds. */
export type DeadLetter =
  /** Lambda, after the last failure of a worker, a review or a job. */
  | { requestPayload: unknown; requestContext?: { functionArn?: string } }
  /** The event source of the stream, after the last failure of these records. */
  | { DDBStreamBatchInfo: StreamBatch }
  /** A broadcast that could not read a record. */
  | { reason: string; roomId?: string; seq?: number }

/** The letter of a text. Throws an Error if the text is none. */
export function parseDeadLetter(text: string): DeadLetter {
  let letter: unknown
  try {
    letter = JSON.parse(text)
  } catch {
    throw new Error('It is no JSON.')
  }
  if (typeof letter !== 'object' || letter === null) throw new Error('It names no room and no records.')
  // Only the functions of this project and Lambda itself write to the queue.
  return letter as DeadLetter
}

/** The name of the function whose call failed, with the payload of the call; undefined for other letters. */
export function failedCallIn(letter: DeadLetter): { name: string | undefined; payload: unknown } | undefined {
  if (!('requestPayload' in letter)) return undefined
  // arn:aws:lambda:<region>:<account>:function:<name>:<version>
  const name = letter.requestContext?.functionArn?.split(':')[6]
  return { name, payload: letter.requestPayload }
}

/** The deliveries of a letter; none if its records have no message to broadcast. */
export async function deliveriesIn(letter: DeadLetter, source: StreamSource): Promise<Delivery[]> {
  if ('requestPayload' in letter) return [letter.requestPayload as Delivery]
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
