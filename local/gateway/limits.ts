import type { Socket } from 'node:net'

export const frameLimit = 32 * 1024
export const messageLimit = 128 * 1024
export const urlLimit = 4096
export const idleMs = 10 * 60_000
export const ageMs = 2 * 60 * 60_000
/** Bytes that may wait for a slow reader before a post to it is refused. */
export const bufferLimit = 1024 * 1024

/**
 * Calls `tooLarge` at the header of the first frame over the limit. The WebSocket library limits whole messages only
 * and does not show their frames.
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

/** Frames of a client always carry a mask. */
const maskSize = 4

/** The payload length, from the second byte of the header or the bytes after it; undefined if bytes are missing. */
function payloadSize(header: number[]): number | undefined {
  const [, second, ...extended] = header
  if (second === undefined) return undefined
  const short = second & 0x7f
  if (short < 126) return short
  if (extended.length < (short === 126 ? 2 : 8)) return undefined
  return extended.reduce((size, byte) => size * 256 + byte, 0)
}
