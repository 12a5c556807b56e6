/** A frame of a WebSocket server. `text` is there if it is a whole text frame. */
export interface ServerFrame {
  size: number
  bytes: Buffer
  text: string | undefined
}

const wholeText = 0x81

/** The frame at the beginning of the bytes; undefined if a part of it is missing. Frames of a server have no mask. */
export function readFrame(bytes: Buffer): ServerFrame | undefined {
  const short = (bytes[1] ?? 0) & 0x7f
  const head = short === 127 ? 10 : short === 126 ? 4 : 2
  if (bytes.length < head) return undefined
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
  const size = head + length
  if (bytes.length < size) return undefined
  const isText = bytes[0] === wholeText
  return { size, bytes: bytes.subarray(0, size), text: isText ? bytes.toString('utf8', head, size) : undefined }
}

/** A text as a frame of a server. */
export function frameBytes(text: string): Buffer {
  const body = Buffer.from(text)
  if (body.length < 126) return Buffer.concat([Buffer.from([wholeText, body.length]), body])
  const isMiddle = body.length < 0x1_0000
  const head = Buffer.alloc(isMiddle ? 4 : 10)
  head[0] = wholeText
  head[1] = isMiddle ? 126 : 127
  if (isMiddle) head.writeUInt16BE(body.length, 2)
  else head.writeBigUInt64BE(BigInt(body.length), 2)
  return Buffer.concat([head, body])
}
