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

/** What is used of the allowances of a room and of its authors, in milliseconds until none of it is. Authors by their tags. */
export interface RateUse {
  room: number
  authors: { [tag: string]: number }
}

/** The log of every room: append-only, ordered, read with strong consistency. */
export interface Log {
  /** Entries with `from <= seq`, ascending, at most `limit`; position 0 included. */
  read(roomId: string, from: number, limit: number): Promise<Entry[]>
  /** The newest entry, position 0 included; nothing when there is no such log. */
  head(roomId: string): Promise<Entry | undefined>
  /**
   * Stores the entry if its position is free; else answers what stands there. A store that sends one put several times
   * recognises it, and answers `stored` too when what stands there is this very put: only the store can tell, since an
   * entry without a `clientMessageId` looks like any other of the same text.
   */
  put(roomId: string, entry: Entry): Promise<'stored' | Entry>
  /** The oldest position still kept, which is 1 until something was purged. */
  floor(roomId: string): Promise<number>
  /** A digest under which equal bodies, and only they, are equal. */
  digest(body: MessageBody): string
}
