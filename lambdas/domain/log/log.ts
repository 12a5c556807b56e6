import type { Entry, MessageBody, SeqRange } from './entry.ts'

/** The log of every room: append-only, ordered, read with strong consistency. A function takes the part that it needs. */
export interface Log {
  /** Entries with `from <= seq`, ascending, at most `limit`; position 0 included. */
  read(roomId: string, from: number, limit: number): Promise<Entry[]>
  /** The newest entry, position 0 included; nothing when there is no such log. */
  head(roomId: string): Promise<Entry | undefined>
  /**
   * Stores the entry if its position is free, else returns the entry at this position. A store that sends one put several
   * times also returns `stored` when the entry at this position is from this put. Only the store can know this: an entry
   * without a `clientMessageId` looks like any other entry with the same text.
   */
  put(roomId: string, entry: Entry): Promise<'stored' | Entry>
  /** The oldest position still kept, which is 1 until something was purged. */
  floor(roomId: string): Promise<number>
  /** The same for equal bodies, and different for different bodies. */
  digest(body: MessageBody): string
  /** Entries with `seq < before`, newest first, at most `limit`; position 0 included. */
  readBack(roomId: string, before: number, limit: number): Promise<Entry[]>
  /**
   * Entries of the range from one end, at most `limit`, and at most what one read of the store returns. It costs half of
   * other reads and may lag by a moment: it may miss the newest entries and return a body that was just removed.
   */
  skim(roomId: string, range: SeqRange, from: 'oldest' | 'newest', limit: number): Promise<Entry[]>
  /** The entries at these positions that exist, in any order, read with strong consistency. */
  find(roomId: string, seqs: readonly number[]): Promise<Entry[]>
  /** Replaces the body of a message. False when there is no message, or its body is removed already. */
  redact(roomId: string, seq: number, removed: { by: string; at: number }, replacement?: string): Promise<boolean>
  /** Moves the floor up, never down. */
  raiseFloor(roomId: string, floor: number): Promise<void>
  /** Deletes the oldest entries below the floor, at most `most`. True when none are left there. */
  trim(roomId: string, floor: number, most: number): Promise<boolean>
}

/** The part of the log that an append needs. */
export type AppendLog = Pick<Log, 'read' | 'head' | 'put' | 'floor' | 'digest'>
