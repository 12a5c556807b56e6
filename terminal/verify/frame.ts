/** A frame of the server or of the gateway. Nothing of it is certain, since the server is what is verified. */
export interface Frame {
  readonly [field: string]: unknown
}

/** What the verdicts need of a message, as a push has it. A field without a value of its type is missing. */
export interface PushedEntry {
  /** 0 if there is none; no message has that position. */
  seq: number
  text?: string | undefined
  sentAt?: string | undefined
  clientMessageId?: string | undefined
  from?: { user?: string | undefined } | undefined
}

/** A message of a push, and when it came. */
export interface Heard {
  entry: PushedEntry
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
export function entriesIn(push: Frame): PushedEntry[] {
  if (push.type === 'message') return [entryOf(push)]
  const { messages } = push
  return push.type === 'messages' && Array.isArray(messages) ? messages.map((one) => entryOf(Object(one))) : []
}

function entryOf({ seq, text, sentAt, clientMessageId, from }: Frame): PushedEntry {
  const { user }: Frame = Object(from)
  return {
    seq: typeof seq === 'number' ? seq : 0,
    text: textIn(text),
    sentAt: textIn(sentAt),
    clientMessageId: textIn(clientMessageId),
    from: { user: textIn(user) },
  }
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The error code of a reply, the words of a frame of the gateway, or what the frame looks like. */
export function shown(frame: Frame): string {
  const { ok, error, message } = frame
  if (ok === true) return 'accepted'
  if (typeof error === 'object' && error !== null && 'code' in error) return `refused as ${String(error.code)}`
  if (ok === undefined && typeof message === 'string') return `"${message}"`
  return `a frame with ${Object.keys(frame).join(', ')}`
}
