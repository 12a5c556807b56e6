import type { MessageFrame } from '../../protocol/wire.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Entry } from '../domain/log/entry.ts'
import type { Log } from '../domain/log/log.ts'
import { rangeWithin } from '../domain/log/range.ts'
import { type Collector, entryFilter, type Order, searchLog } from '../domain/log/search.ts'
import type { Paging } from './cursor.ts'
import { messageFrame } from './encode.ts'
import { boundsOf, cursorAfter, filterOf, type HistoryQuery, orderOf, progressAt } from './history-query.ts'
import { bytesOf } from './page.ts'

/** The reply for the log of one room. */
export interface HistoryPage {
  messages: MessageFrame[]
  cursor?: string
  head: number
  floor: number
  /** More messages may match. */
  exceeded: boolean
  /** The last position that the search has examined. */
  searchedTo?: number
}

/** The limits of a reply for one room. */
export interface ReplyBudget {
  limit: number
  bytes: number
  /** The most entries to examine. */
  entries: number
}

/** Collects the frames of the matching messages. */
class FrameCollector implements Collector {
  readonly messages: MessageFrame[] = []
  readonly #roomId: string
  readonly #share: ReplyBudget
  #bytes = 0

  constructor(roomId: string, share: ReplyBudget) {
    this.#roomId = roomId
    this.#share = share
  }

  take(entry: Entry): boolean {
    const message = messageFrame(this.#roomId, entry)
    const bytes = this.#bytes + bytesOf(message) + 1
    if (bytes > this.#share.bytes || this.messages.length >= this.#share.limit) return false
    this.#bytes = bytes
    this.messages.push(message)
    return true
  }

  /** The collector counts as full if one more message of average size does not fit. */
  fullness(): number {
    const { limit, bytes } = this.#share
    const count = this.messages.length
    if (limit === 0) return 1
    return count === 0
      ? 0
      : Math.min(Math.max(count / limit, this.#bytes / Math.max(bytes - this.#bytes / count, 1)), 1)
  }
}

/** The matching messages of one room, from one end of the range, as many as fit. */
export async function searchPage(
  log: Log,
  clock: Clock & Random,
  roomId: string,
  query: HistoryQuery,
  paging: Paging,
  share: ReplyBudget,
): Promise<HistoryPage> {
  const order = orderOf(query)
  const continued = progressAt(paging.start)
  const [newest, floor] = await Promise.all([log.head(roomId), log.floor(roomId)])
  const head = newest ?? { seq: 0, sentAt: 0 }
  const range = continued ?? (await rangeWithin(log, roomId, { head, floor }, boundsOf(query)))
  const progress = {
    low: Math.max(range.low, floor),
    high: Math.min(range.high, head.seq),
    size: continued?.size ?? firstPageSize(share.limit),
  }
  const collector = new FrameCollector(roomId, share)
  const plan = { roomId, order, matches: entryFilter(filterOf(query, 'any')), exact: false, most: share.entries }
  const left = await searchLog(log, clock, plan, progress, collector)
  const { messages } = collector
  const searchedTo = lastSearched(order, progress, left)
  return {
    messages: (query.sort ?? 'oldest') === order ? messages : messages.reverse(),
    ...(left && { cursor: cursorAfter(paging, left) }),
    head: head.seq,
    floor,
    exceeded: left !== undefined,
    ...(searchedTo !== undefined && { searchedTo }),
  }
}

/**
 * The number of entries to read first. It is enough if every message matches. A search that finds fewer reads more the
 * next time.
 */
const firstPageSize = (limit: number) => Math.min(Math.max(limit, 16), 64)

/** The last position that the search has examined. Undefined if it has examined none. */
function lastSearched(
  order: Order,
  { low, high }: { low: number; high: number },
  left: { low: number; high: number } | undefined,
) {
  const next = left && (order === 'oldest' ? left.low : left.high)
  const first = order === 'oldest' ? low : high
  if (low > high || next === first) return undefined
  if (next === undefined) return order === 'oldest' ? high : low
  return order === 'oldest' ? next - 1 : next + 1
}
