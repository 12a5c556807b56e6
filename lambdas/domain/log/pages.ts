import { Refusal } from '../errors.ts'
import type { Entry } from './entry.ts'
import type { Log } from './log.ts'
import { contiguous } from './range.ts'

/** A stretch of a room's log, oldest first. */
export interface LogPage {
  entries: Entry[]
  head: number
  floor: number
  /** Nothing that was asked for is missing. */
  complete: boolean
}

/** No frame holds more than this many of the smallest messages. */
const mostPerPage = 200

/** The newest messages. */
export const newestPage = (log: Log, roomId: string, limit: number): Promise<LogPage> =>
  pageBefore(log, roomId, Number.MAX_SAFE_INTEGER, limit)

/** The messages just before a position. Complete when they reach down to the floor. */
export async function pageBefore(log: Log, roomId: string, seq: number, limit: number): Promise<LogPage> {
  const [read, floor, newest] = await Promise.all([
    log.readBack(roomId, seq, Math.min(limit, mostPerPage) || 1),
    log.floor(roomId),
    seq === Number.MAX_SAFE_INTEGER ? undefined : log.head(roomId),
  ])
  const head = newest?.seq ?? read[0]?.seq ?? 0
  // A purge that began after the floor was read leaves holes, and everything below the first of them is going.
  const kept = contiguous(read, read[0]?.seq ?? 0, -1).filter((entry) => entry.seq >= floor)
  const entries = kept.slice(0, limit).reverse()
  const reached = entries[0]?.seq ?? Math.min(seq, head + 1)
  return { entries, head, floor, complete: reached <= floor }
}

/** The messages after a position that the reader holds, oldest first. Complete when they reach the head. */
export async function pageAfter(log: Log, roomId: string, after: number, limit: number): Promise<LogPage> {
  const most = Math.min(limit, mostPerPage)
  const [read, floor] = await Promise.all([log.read(roomId, after, most + 2), log.floor(roomId)])
  const held = read[0]?.seq === after
  const following = read.filter((entry) => entry.seq > after)
  // There is a hole only where a purge began after the floor was read.
  const whole = contiguous(following, after + 1, 1).length === following.length
  if (after < floor - 1 || (!held && after !== floor - 1) || !whole) throw await notInLog(log, roomId)
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
