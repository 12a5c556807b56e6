import type { Readable } from 'node:stream'

/** A line with its number, from 1. A line that is too long or not UTF-8 has its length in bytes instead of its text. */
export type NumberedLine = { number: number; text: string } | { number: number; bytes: number }

/** Longer than any message may be. */
export const maxLineBytes = 64 * 1024

/** Only at the beginning of a file is a byte order mark ignored. */
const [first, further] = [false, true].map((ignoreBOM) => new TextDecoder('utf-8', { fatal: true, ignoreBOM }))

/** The text of a line; undefined if the bytes are not UTF-8, since a decoder would replace some of them. */
function textIn(bytes: Buffer, number: number): string | undefined {
  try {
    return (number === 1 ? first : further)?.decode(bytes)
  } catch {
    return undefined
  }
}

/** The lines of a stream, one at a time, until the stream ends or the signal is aborted. */
export async function* numberedLines(input: Readable, signal: AbortSignal): AsyncGenerator<NumberedLine> {
  const stop = () => void input.destroy()
  signal.addEventListener('abort', stop, { once: true })
  let [number, held, bytes]: [number, Buffer[], number] = [0, [], 0]
  const keep = (piece: Buffer) => {
    bytes += piece.length
    held = bytes > maxLineBytes ? [] : [...held, piece]
  }
  const line = (): NumberedLine => {
    number++
    const [size, text] = [bytes, textIn(Buffer.concat(held), number)]
    held = []
    bytes = 0
    const isText = text !== undefined && size <= maxLineBytes
    return isText ? { number, text: text.replace(/\r$/, '') } : { number, bytes: size }
  }
  try {
    for await (const chunk of input) {
      let rest = Buffer.from(chunk)
      for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
        keep(rest.subarray(0, end))
        rest = rest.subarray(end + 1)
        yield line()
      }
      keep(rest)
    }
    if (bytes > 0) yield line()
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
