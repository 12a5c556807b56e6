import { Refusal } from '../errors.ts'
import type { Entry } from './entry.ts'
import type { Log } from './log.ts'
import { contiguous } from './range.ts'

/** Consecutive entries of a room's log, oldest first. */
export interface LogPage {
  entries: Entry[]
  head: number
  floor: number
  /** The page reaches the end of the log in the requested direction. */
  complete: boolean
}

/** A frame holds at most this many of the smallest messages. */
const maxPerPage = 200

/** The newest messages. */
export const newestPage = (log: Log, roomId: string, limit: number): Promise<LogPage> =>
  pageBefore(log, roomId, Number.MAX_SAFE_INTEGER, limit)

/** The last messages before a position. The page is complete if it reaches the floor. */
export async function pageBefore(log: Log, roomId: string, seq: number, limit: number): Promise<LogPage> {
  const [read, floor, newest] = await Promise.all([
    log.readBack(roomId, seq, Math.min(limit, maxPerPage) || 1),
    log.floor(roomId),
    seq === Number.MAX_SAFE_INTEGER ? undefined : log.head(roomId),
  ])
  const head = newest?.seq ?? read[0]?.seq ?? 0
  // A purge that began after the floor was read leaves holes. Entries below the first hole are being deleted.
  const kept = contiguous(read, read[0]?.seq ?? 0, -1).filter((entry) => entry.seq >= floor)
  const entries = kept.slice(0, limit).reverse()
  const reached = entries[0]?.seq ?? Math.min(seq, head + 1)
  return { entries, head, floor, complete: reached <= floor }
}

/**
 * The messages after a position that the reader has, oldest first. The page is complete if it reaches the head. Throws
 * `resync_required` if the position is not in the log.
 */
export async function pageAfter(log: Log, roomId: string, after: number, limit: number): Promise<LogPage> {
  const most = Math.min(limit, maxPerPage)
  const [read, floor] = await Promise.all([log.read(roomId, after, most + 2), log.floor(roomId)])
  const hasAfter = read[0]?.seq === after
  const following = read.filter((entry) => entry.seq > after)
  // A hole exists only if a purge began after the floor was read.
  const isWhole = contiguous(following, after + 1, 1).length === following.length
  if (after < floor - 1 || (!hasAfter && after !== floor - 1) || !isWhole) throw await notInLog(log, roomId)
  const entries = following.slice(0, most)
  const complete = following.length === entries.length
  const last = following.at(-1)?.seq ?? after
  const head = complete ? last : ((await log.head(roomId))?.seq ?? last)
  return { entries, head, floor, complete }
}

async function notInLog(log: Log, roomId: string): Promise<Refusal> {
  const [newest, floor] = await Promise.all([log.head(roomId), log.floor(roomId)])
  const head = newest?.seq ?? 0
  return new Refusal('resync_required', 'That position is not in the log.', { details: { head, floor } })
}
