import type { Entry, MessageBody } from './entry.ts'

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
