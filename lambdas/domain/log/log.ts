import { Refusal } from '../errors.ts'
import type { Entry, MessageBody, SeqRange } from './entry.ts'

/**
 * The log of every room: append-only, ordered, and read with strong consistency. Functions take a `Pick` of the methods
 * that they need.
 */
export interface Log {
  /** Entries with `from <= seq` in ascending order, at most `limit`. Position 0 is included. */
  read(roomId: string, from: number, limit: number): Promise<Entry[]>
  /** The newest entry, which may be position 0. Undefined if the log does not exist. */
  head(roomId: string): Promise<Entry | undefined>
  /**
   * Stores the entry if its position is free; otherwise returns the entry at this position. A store that sends one put
   * several times also returns `stored` if the entry at this position is from this put. Only the store can know this:
   * an entry without a `clientMessageId` looks like any other entry with the same text.
   */
  put(roomId: string, entry: Entry): Promise<'stored' | Entry>
  /** The oldest position that is kept. It is 1 until the first purge. */
  floor(roomId: string): Promise<number>
  /** Equal for equal bodies, and different for different bodies. */
  digest(body: MessageBody): string
  /** Entries with `seq < before`, newest first, at most `limit`. Position 0 is included. */
  readBack(roomId: string, before: number, limit: number): Promise<Entry[]>
  /**
   * Entries of the range from one end, at most `limit`, and at most one page of the store. It costs half of other reads
   * and may be slightly old: it may miss the newest entries and return a body that was just removed.
   */
  skim(roomId: string, range: SeqRange, from: 'oldest' | 'newest', limit: number): Promise<Entry[]>
  /** The entries at these positions that exist, in any order, read with strong consistency. */
  find(roomId: string, seqs: readonly number[]): Promise<Entry[]>
  /**
   * Removes or replaces the body of a message. Returns false if the message does not exist, or if its body is removed
   * already.
   */
  redact(roomId: string, seq: number, removed: { by: string; at: number }, replacement?: string): Promise<boolean>
  /**
   * Gives the author of a message another name. With `removed`, its body is removed as well. Returns false if the
   * message does not exist.
   */
  disown(roomId: string, seq: number, name: string, removed?: { by: string; at: number }): Promise<boolean>
  /** Raises the floor. A lower value has no effect. */
  raiseFloor(roomId: string, floor: number): Promise<void>
  /** Deletes the oldest entries below the floor, at most `most`. Returns true if none are left below the floor. */
  trim(roomId: string, floor: number, most: number): Promise<boolean>
}

/** The part of the log that an append needs. */
export type AppendLog = Pick<Log, 'read' | 'head' | 'put' | 'floor' | 'digest'>

/** Every room that ever was has a log. Throws `not_found` for a room without one. */
export async function requireLog(log: Pick<Log, 'head'>, roomId: string): Promise<void> {
  if (!(await log.head(roomId))) throw new Refusal('not_found', 'There is no such room.')
}
