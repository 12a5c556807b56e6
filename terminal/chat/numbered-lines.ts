import type { Readable } from 'node:stream'

/**
 * A line with its number from 1. One that is no UTF-8, or longer than may be kept, has its length in bytes instead of a
 * text.
 */
export type NumberedLine = { number: number; text: string } | { number: number; bytes: number }

/** More than any message may hold. */
export const mostBytes = 64 * 1024

/** A mark of the byte order begins a file, and is no part of its first line. */
const [first, further] = [false, true].map((ignoreBOM) => new TextDecoder('utf-8', { fatal: true, ignoreBOM }))

/** Nothing where the bytes are no UTF-8: what they would be changed to was never said. */
function textIn(bytes: Buffer, number: number): string | undefined {
  try {
    return (number === 1 ? first : further)?.decode(bytes)
  } catch {
    return undefined
  }
}

/** The lines of a stream, read one at a time. An abort of the signal ends them. */
export async function* numberedLines(input: Readable, signal: AbortSignal): AsyncGenerator<NumberedLine> {
  const stop = () => void input.destroy()
  signal.addEventListener('abort', stop, { once: true })
  let [number, held, bytes]: [number, Buffer[], number] = [0, [], 0]
  const keep = (piece: Buffer) => {
    bytes += piece.length
    held = bytes > mostBytes ? [] : [...held, piece]
  }
  const line = (): NumberedLine => {
    number++
    const [size, text] = [bytes, textIn(Buffer.concat(held), number)]
    held = []
    bytes = 0
    const isText = text !== undefined && size <= mostBytes
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
