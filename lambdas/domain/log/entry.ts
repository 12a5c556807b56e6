import type { RateUse } from '../budget/rate.ts'

/** One part of a formatted message. Parts are in reading order. */
export type MessagePart =
  | { type: 'text'; text: string }
  | { type: 'emoticon'; emoticon: string }
  | { type: 'link'; text: string; href: string }
  | { type: 'roomLink'; roomId: string; name: string }

/** The content of a message. A body with a `title` is a story. */
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
  /** Milliseconds since 1970, never smaller than in the entry before. */
  sentAt: number
  from?: Author
  clientMessageId?: string
  /** Digest of the body as first stored. It remains when the body is removed. */
  digest?: string
  body?: MessageBody
  removed?: { by: string; at: number }
  /** Only in a removal: the positions of the removed messages, and the text that replaces them. */
  removes?: number[]
  replacement?: string
  /** Only in an erasure, whose `removes` is empty: the user whose messages up to the position `upTo` are removed. */
  removesOf?: string
  upTo?: number
  /** The use of the rates with this entry. Undefined if nothing was in use before it. */
  spent?: RateUse
  /**
   * Set if the room was large when the message was stored: the stream of the log delivers the message to all
   * connections except this one, which has it already.
   */
  broadcast?: string
}

/** Positions from `low` to `high`, both included. The range is empty if `low` is above `high`. */
export interface SeqRange {
  low: number
  high: number
}
