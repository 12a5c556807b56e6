import type { Clock, Random } from '../clock.ts'
import { type TextQuery, textMatcher } from '../text-query.ts'
import { searchedText } from './body-text.ts'
import type { Entry, SeqRange } from './entry.ts'
import type { Log } from './log.ts'
import { contiguous } from './range.ts'

/** The conditions for a message, apart from its position and time. */
export interface Filter {
  authors?: readonly string[] | undefined
  search?: TextQuery | undefined
}

/** The end of the range where the search starts. */
export type Order = 'oldest' | 'newest'

/** The rest of the range, and the number of entries to read at once. */
export interface SearchProgress extends SeqRange {
  size: number
}

/** Collects the entries that are found, until it is full. */
export interface Collector {
  /** Returns false if the entry does not fit. */
  take(entry: Entry): boolean
  /** From 0, empty, to 1, full. */
  fullness(): number
}

export interface SearchPlan {
  roomId: string
  order: Order
  matches: (entry: Entry) => boolean
  /** Read with strong consistency, which costs twice as much. */
  exact: boolean
  /** The most entries that one call examines. */
  most: number
}

/** A quarter of the largest page of the database, so that a call can stop in time. */
const largestPage = 1000
const growth = 4

/** A call stops after this many milliseconds. It returns the entries found so far and the rest of the range. */
const maxSearchMs = 400

/** Removed messages and removals have no text, so a text search never finds them. */
export function entryFilter({ authors, search }: Filter): (entry: Entry) => boolean {
  const chosen = authors && new Set(authors)
  const matches = search && textMatcher(search)
  return ({ from, body, removes }) => {
    if (chosen && (removes || !from || !chosen.has(from.user))) return false
    return !matches || (body !== undefined && matches(searchedText(body)))
  }
}

/**
 * Searches a range of the log from one end, until the range is done, the collector is full, or the call has done
 * enough. Returns the rest of the range: from the first entry that did not fit, or after the last entry that was read.
 * Undefined if nothing is left.
 */
export async function searchLog(
  log: Log,
  clock: Clock & Random,
  plan: SearchPlan,
  progress: SearchProgress,
  collector: Collector,
): Promise<SearchProgress | undefined> {
  const { order } = plan
  const deadline = clock.now() + maxSearchMs
  let { low, high, size } = progress
  let seen = 0
  const left = (next: number): SearchProgress | undefined => {
    const rest = order === 'oldest' ? { low: next, high } : { low, high: next }
    return rest.low > rest.high ? undefined : { ...rest, size: collector.fullness() > 0 ? Math.max(seen, 1) : size }
  }
  while (low <= high && seen < plan.most && collector.fullness() < 1 && (seen === 0 || clock.now() < deadline)) {
    const entries = await nextPage(log, plan, { low, high }, Math.min(size, plan.most - seen))
    for (const entry of entries) {
      if (plan.matches(entry) && !collector.take(entry)) return left(entry.seq)
      seen++
    }
    const last = entries.at(-1)?.seq
    if (last === undefined) low = await purgedUpTo(log, plan, { low, high })
    else if (order === 'oldest') low = last + 1
    else high = last - 1
    size = nextSize(size, seen, collector.fullness())
  }
  return left(order === 'oldest' ? low : high)
}

/**
 * The number of entries that will probably fill the collector. The next call would have to read again the entries that
 * do not fit.
 */
function nextSize(size: number, seen: number, fullness: number): number {
  const grown = Math.min(size * growth, largestPage)
  if (fullness === 0) return grown
  return Math.min(Math.max(Math.ceil((seen * (1 - fullness)) / fullness), 1), grown)
}

/** The next entries without a hole. Empty only if a purge deleted them first. */
async function nextPage(log: Log, plan: SearchPlan, { low, high }: SeqRange, size: number): Promise<Entry[]> {
  const { roomId, order, exact } = plan
  const [from, step] = order === 'oldest' ? ([low, 1] as const) : ([high, -1] as const)
  const within = (entries: Entry[]) => contiguous(entries, from, step).filter(({ seq }) => seq >= low && seq <= high)
  if (!exact) {
    const entries = within(await log.skim(roomId, { low, high }, order, size))
    if (entries.length > 0) return entries
  }
  // A read that is slightly old may miss the newest entries; a strongly consistent read has them.
  return within(await (order === 'oldest' ? log.read(roomId, low, size) : log.readBack(roomId, high + 1, size)))
}

async function purgedUpTo(log: Log, { roomId, order }: SearchPlan, { low, high }: SeqRange): Promise<number> {
  const floor = await log.floor(roomId)
  if (floor > (order === 'oldest' ? low : high)) return floor
  throw new Error(`The log of room ${roomId} has a hole.`)
}
