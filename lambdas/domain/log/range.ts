import type { Entry, SeqRange } from './entry.ts'
import type { Log } from './log.ts'

/** What a question says about positions and times. `from` and `to` are milliseconds since 1970, both included. */
export interface Bounds {
  after?: number | undefined
  before?: number | undefined
  from?: number | undefined
  to?: number | undefined
}

/** The part of the log, from the floor to the head, that lies within the bounds. */
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
 * The first position of the span whose entry was sent at this time or later, else the one behind the span. Times never
 * run backwards, so halving finds it with a keyed read for each doubling of the log, and no index has to be paid for.
 */
export async function firstSentAt(log: Log, roomId: string, time: number, span: SeqRange): Promise<number> {
  let { low, high } = span
  while (low <= high) {
    const middle = low + Math.floor((high - low) / 2)
    const [found] = await log.read(roomId, middle, 1)
    // What is not there was purged meanwhile, so it counts as too old, like everything up to what is there.
    if (!found || found.sentAt < time) low = (found?.seq ?? high) + 1
    else high = middle - 1
  }
  return Math.min(low, Math.max(span.low, span.high + 1))
}

/** The entries that follow each other without a hole, from this position on, upwards or downwards. */
export function contiguous(entries: readonly Entry[], from: number, step: 1 | -1): Entry[] {
  const hole = entries.findIndex((entry, at) => entry.seq !== from + at * step)
  return hole < 0 ? [...entries] : entries.slice(0, hole)
}
