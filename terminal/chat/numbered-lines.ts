import type { Readable } from 'node:stream'

/** A line with its number from 1. A line that is too long to keep has its length in bytes instead of a text. */
export type NumberedLine = { number: number; text: string } | { number: number; bytes: number }

/** More than any message may hold. */
export const mostBytes = 64 * 1024

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
    const [size, text] = [bytes, Buffer.concat(held).toString().replace(/\r$/, '')]
    held = []
    bytes = 0
    number++
    return size > mostBytes ? { number, bytes: size } : { number, text }
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
