import type { Message } from '../../client/index.ts'

/** A frame of the server or of the gateway. Nothing of it is certain, since the server is what is verified. */
export interface Frame {
  readonly [field: string]: unknown
}

/** A message of a push, and when it came. */
export interface Heard {
  entry: Message
  at: number
}

/** The frame of a text; undefined if it is no JSON object. */
export function frameIn(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Frame) : undefined
  } catch {
    return undefined
  }
}

/** The messages that a push carries: one, several, or none. */
export function entriesIn(push: Frame): Message[] {
  const { type, ...entry } = push
  // Only `seq` and `text` decide over the verdicts, and both are compared with what was sent.
  if (type === 'message') return [entry as unknown as Message]
  return type === 'messages' && Array.isArray(push.messages) ? push.messages : []
}

/** The error code of a reply, the words of a frame of the gateway, or what the frame looks like. */
export function shown(frame: Frame): string {
  const { ok, error, message } = frame
  if (ok === true) return 'accepted'
  if (typeof error === 'object' && error !== null && 'code' in error) return `refused as ${String(error.code)}`
  if (ok === undefined && typeof message === 'string') return `"${message}"`
  return `a frame with ${Object.keys(frame).join(', ')}`
}
