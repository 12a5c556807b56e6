import type { Readable } from 'node:stream'
import { type ChatRoomSession, type Clock, type Message, systemClock } from '../../client/index.ts'
import { Failure } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import { maxLineBytes, type NumberedLine, numberedLines } from './numbered-lines.ts'

/** After this time without an answer a note says so; after a signal, lines without an answer are given up. */
const answerMs = 10_000

/** How many lines may be sent before the first of them is stored. */
const maxPending = 20

export interface SendLinesOptions {
  signal: AbortSignal
  stored(message: Message): Promise<void>
  clock?: Clock
}

export interface SentLines {
  /** The last line that was read. */
  last: number
  /** How many lines were not sent; each is reported on standard error. */
  refused: number
  /** Whether all lines were read. */
  complete: boolean
}

/**
 * Sends each line of a stream as a message, in order, except empty ones. Resolves when all of them are answered, or some
 * seconds after the signal.
 */
export async function sendLines(
  session: Pick<ChatRoomSession, 'send'>,
  input: Readable,
  output: Output,
  { signal, stored, clock = systemClock }: SendLinesOptions,
): Promise<SentLines> {
  const pending = new Map<number, Promise<void>>()
  const stopped = aborted(signal)
  let [last, refused] = [0, 0]
  const send = async (line: NumberedLine): Promise<void> => {
    try {
      await stored(await session.send(textOf(line)))
    } catch (error) {
      refused++
      output.fail(error instanceof RangeError ? new Failure(error.message, 'invalid') : error, { line: line.number })
    }
  }
  for await (const line of numberedLines(input, signal)) {
    last = line.number
    if ('text' in line && line.text.trim() === '') continue
    const stopNote = clock.after(answerMs, () => {
      output.note(`Line ${line.number} is not answered yet; the client goes on trying.`)
    })
    const sending = send(line).finally(() => {
      stopNote()
      pending.delete(line.number)
    })
    pending.set(line.number, sending)
    if (pending.size >= maxPending) await Promise.race([...pending.values(), stopped])
    if (signal.aborted) break
  }
  const complete = !signal.aborted
  let stopWait: () => void = () => undefined
  const givenUp = new Promise<void>((resolve) => {
    void stopped.then(() => {
      stopWait = clock.after(answerMs, resolve)
    })
  })
  await Promise.race([Promise.all(pending.values()), givenUp])
  stopWait()
  for (const line of pending.keys()) {
    refused++
    output.fail(new Failure('The server did not answer; it may have the line.', 'unconfirmed'), { line })
  }
  return { last, refused, complete: complete && pending.size === 0 }
}

/** Resolves when the signal is aborted. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

function textOf(line: NumberedLine): string {
  if ('text' in line) return line.text
  if (line.bytes <= maxLineBytes) throw new RangeError('A line must be UTF-8, and this one is not.')
  throw new RangeError(`A line has at most ${maxLineBytes} bytes, this one ${line.bytes}.`)
}
