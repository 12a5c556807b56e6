import type { Clock, Random } from '../clock.ts'
import { type TextQuery, textMatcher } from '../text-query.ts'
import type { Entry, SeqRange } from './entry.ts'
import type { Log } from './log.ts'
import { contiguous } from './range.ts'

/** What makes a message wanted, apart from where and when it stands. */
export interface Filter {
  authors?: readonly string[] | undefined
  search?: TextQuery | undefined
}

/** Which end of the span is looked through first. */
export type Order = 'oldest' | 'newest'

/** What is left to look through, and how many entries were worth reading at once so far. */
export interface SearchProgress extends SeqRange {
  size: number
}

/** Takes what is found, as long as there is room for it. */
export interface Collector {
  /** False when there is no room for this one. */
  take(entry: Entry): boolean
  /** From 0, empty, to 1, full. */
  fullness(): number
}

export interface SearchPlan {
  roomId: string
  order: Order
  matches: (entry: Entry) => boolean
  /** Read what was stored a moment ago too, which costs twice as much. */
  exact: boolean
  /** How many entries one call looks through at most. */
  most: number
}

/** A quarter of what the database hands out at once, so that a call notices in time that it has done enough. */
const largestPage = 1000
const growth = 4

/** A call looks no further after this long. What it found by then is answered, the rest is left. */
const patienceMs = 400

/** Removed messages and removals have no text, so words never find them. */
export function entryFilter({ authors, search }: Filter): (entry: Entry) => boolean {
  const chosen = authors && new Set(authors)
  const matches = search && textMatcher(search)
  return ({ from, body, removes }) => {
    if (chosen && (removes || !from || !chosen.has(from.user))) return false
    return (
      !matches || (body !== undefined && matches(body.title === undefined ? body.text : `${body.title}\n${body.text}`))
    )
  }
}

/**
 * Looks through a part of the log from one end, until all of it was seen, the tray is full or the call has done enough.
 * Answers what is left: from the first entry that found no room, or else behind the last that was read.
 */
export async function searchLog(
  log: Log,
  clock: Clock & Random,
  hunt: SearchPlan,
  place: SearchProgress,
  tray: Collector,
): Promise<SearchProgress | undefined> {
  const { order } = hunt
  const until = clock.now() + patienceMs
  let { low, high, size } = place
  let seen = 0
  const left = (next: number): SearchProgress | undefined => {
    const rest = order === 'oldest' ? { low: next, high } : { low, high: next }
    return rest.low > rest.high ? undefined : { ...rest, size: tray.fullness() > 0 ? Math.max(seen, 1) : size }
  }
  while (low <= high && seen < hunt.most && tray.fullness() < 1 && (seen === 0 || clock.now() < until)) {
    const entries = await nextPage(log, hunt, { low, high }, Math.min(size, hunt.most - seen))
    for (const entry of entries) {
      if (hunt.matches(entry) && !tray.take(entry)) return left(entry.seq)
      seen++
    }
    const last = entries.at(-1)?.seq
    if (last === undefined) low = await purgedUpTo(log, hunt, { low, high })
    else if (order === 'oldest') low = last + 1
    else high = last - 1
    size = nextSize(size, seen, tray.fullness())
  }
  return left(order === 'oldest' ? low : high)
}

/** As many as will probably fill the tray: what is read and finds no room is read again by the next call. */
function nextSize(size: number, seen: number, fullness: number): number {
  const grown = Math.min(size * growth, largestPage)
  if (fullness === 0) return grown
  return Math.min(Math.max(Math.ceil((seen * (1 - fullness)) / fullness), 1), grown)
}

/** A page that follows on without a hole; nothing only where a purge was faster. */
async function nextPage(log: Log, hunt: SearchPlan, { low, high }: SeqRange, size: number): Promise<Entry[]> {
  const { roomId, order, exact } = hunt
  const [from, step] = order === 'oldest' ? ([low, 1] as const) : ([high, -1] as const)
  const within = (entries: Entry[]) => contiguous(entries, from, step).filter(({ seq }) => seq >= low && seq <= high)
  if (!exact) {
    const entries = within(await log.skim(roomId, { low, high }, order, size))
    if (entries.length > 0) return entries
  }
  // A copy of the log that lags behind lacks its newest entries, which the log itself has.
  return within(await (order === 'oldest' ? log.read(roomId, low, size) : log.readBack(roomId, high + 1, size)))
}

async function purgedUpTo(log: Log, { roomId, order }: SearchPlan, { low, high }: SeqRange): Promise<number> {
  const floor = await log.floor(roomId)
  if (floor > (order === 'oldest' ? low : high)) return floor
  throw new Error(`The log of room ${roomId} has a hole.`)
}
