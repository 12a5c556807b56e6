import type { Readable } from 'node:stream'
import type { ChatRoomSession, Message } from '../../client/index.ts'
import { Failure } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import { maxLineBytes, type NumberedLine, numberedLines } from './numbered-lines.ts'

/** How many lines may be sent before the first of them is stored. */
const maxPending = 20

export interface SentLines {
  /** The last line that was read. */
  last: number
  /** How many lines were not sent; each is reported on standard error. */
  refused: number
  /** Whether all lines were read. */
  complete: boolean
}

/** Sends each line of a stream as a message, in order, except empty ones. Resolves when all of them are answered. */
export async function sendLines(
  session: Pick<ChatRoomSession, 'send'>,
  input: Readable,
  output: Output,
  { signal, stored }: { signal: AbortSignal; stored(message: Message): Promise<void> },
): Promise<SentLines> {
  const pending = new Set<Promise<void>>()
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
    const sending = send(line).finally(() => pending.delete(sending))
    pending.add(sending)
    if (pending.size >= maxPending) await Promise.race(pending)
    if (signal.aborted) break
  }
  const complete = !signal.aborted
  await Promise.all(pending)
  return { last, refused, complete }
}

function textOf(line: NumberedLine): string {
  if ('text' in line) return line.text
  if (line.bytes <= maxLineBytes) throw new RangeError('A line must be UTF-8, and this one is not.')
  throw new RangeError(`A line has at most ${maxLineBytes} bytes, this one ${line.bytes}.`)
}
