import type { RateUse } from '../budget/rate.ts'

/** A piece of a formatted message, in reading order. */
export type MessagePart =
  | { type: 'text'; text: string }
  | { type: 'emoticon'; emoticon: string }
  | { type: 'link'; text: string; href: string }
  | { type: 'roomLink'; roomId: string; name: string }

/** What an author wrote. `title` makes it a story. */
export interface MessageBody {
  text: string
  parts?: MessagePart[] | undefined
  alert?: boolean | undefined
  title?: string | undefined
  rich?: { contentType: string; body: string } | undefined
}

export interface Author {
  user: string
  name: string
}

/** One position of a room's log. Position 0 opens the log and holds no message. */
export interface Entry {
  seq: number
  /** Milliseconds since 1970, never smaller than the entry before. */
  sentAt: number
  from?: Author
  clientMessageId?: string
  /** Digest of the body as it was first stored; it outlives a removed body. */
  digest?: string
  body?: MessageBody
  removed?: { by: string; at: number }
  /** A removal: the positions whose messages are taken away by it, and what stands in their place from now on. */
  removes?: number[]
  replacement?: string
  /** How busy the room and its authors are with this entry; left out when they were at rest before it. */
  spent?: RateUse
  /** The room was large when this was said: the stream of the log hands it on, to all but this connection, which has it. */
  broadcast?: string
}

/** Positions from `low` to `high`, both included. Empty when `low` is above `high`. */
export interface SeqRange {
  low: number
  high: number
}
