import type { Socket } from 'node:net'

export const frameLimit = 32 * 1024
export const messageLimit = 128 * 1024
export const urlLimit = 4096
export const idleMs = 10 * 60_000
export const ageMs = 2 * 60 * 60_000
/** What may wait for a slow reader before a post to it is refused. */
export const bufferLimit = 1024 * 1024

/**
 * Watches the frames of a client go by and calls `tooLarge` at the header of the first one over the limit. The
 * WebSocket library knows only the limit of a whole message, whose frames it does not show.
 */
export function watchFrames(socket: Socket, tooLarge: () => void): void {
  let header: number[] = []
  let skip = 0
  socket.prependListener('data', function watch(chunk: Buffer) {
    let at = 0
    while (at < chunk.length) {
      const passed = Math.min(skip, chunk.length - at)
      skip -= passed
      at += passed
      const byte = chunk[at]
      if (byte === undefined) return
      header.push(byte)
      at++
      const size = payloadSize(header)
      if (size === undefined) continue
      header = []
      skip = size + maskSize
      if (size > frameLimit) {
        socket.removeListener('data', watch)
        tooLarge()
        return
      }
    }
  })
}

/** Frames of a client are always masked. */
const maskSize = 4

/** The payload length once the header is complete: in its second byte, or in the two or eight bytes after it. */
function payloadSize(header: number[]): number | undefined {
  const [, second, ...extended] = header
  if (second === undefined) return undefined
  const short = second & 0x7f
  if (short < 126) return short
  if (extended.length < (short === 126 ? 2 : 8)) return undefined
  return extended.reduce((size, byte) => size * 256 + byte, 0)
}
