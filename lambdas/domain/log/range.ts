import type { Entry, SeqRange } from './entry.ts'
import type { Log } from './log.ts'

/**
 * The bounds of a request. `after` and `before` are positions, both excluded. `from` and `to` are milliseconds since
 * 1970, both included.
 */
export interface Bounds {
  after?: number | undefined
  before?: number | undefined
  from?: number | undefined
  to?: number | undefined
}

/** The positions between the floor and the head that are within the bounds. */
export async function rangeWithin(
  log: Log,
  roomId: string,
  { head, floor }: { head: Entry; floor: number },
  { after = 0, before = head.seq + 1, from, to }: Bounds,
): Promise<SeqRange> {
  const span = { low: Math.max(floor, after + 1), high: Math.min(head.seq, before - 1) }
  const beyond = (time: number) => time > head.sentAt
  const [low, end] = await Promise.all([
    from === undefined ? span.low : beyond(from) ? head.seq + 1 : firstSentAt(log, roomId, from, span),
    to === undefined || beyond(to + 1) ? span.high + 1 : firstSentAt(log, roomId, to + 1, span),
  ])
  return { low, high: end - 1 }
}

/**
 * The first position of the span with an entry of this time or later; otherwise the position after the span. Times
 * never decrease in a log, so a binary search needs few reads and no index.
 */
export async function firstSentAt(log: Log, roomId: string, time: number, span: SeqRange): Promise<number> {
  let { low, high } = span
  while (low <= high) {
    const middle = low + Math.floor((high - low) / 2)
    const [found] = await log.read(roomId, middle, 1)
    // A missing entry was purged while this search ran, so it counts as too old, like all entries before the one that
    // was found.
    if (!found || found.sentAt < time) low = (found?.seq ?? high) + 1
    else high = middle - 1
  }
  return Math.min(low, Math.max(span.low, span.high + 1))
}

/** The entries from this position to the first hole, upwards or downwards. */
export function contiguous(entries: readonly Entry[], from: number, step: 1 | -1): Entry[] {
  const hole = entries.findIndex((entry, at) => entry.seq !== from + at * step)
  return hole < 0 ? [...entries] : entries.slice(0, hole)
}
