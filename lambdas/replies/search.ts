import type { MessageFrame } from '../../protocol/wire.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Entry } from '../domain/log/entry.ts'
import type { Log } from '../domain/log/log.ts'
import { rangeWithin } from '../domain/log/range.ts'
import { type Collector, entryFilter, type Order, searchLog } from '../domain/log/search.ts'
import { messageFrame } from './encode.ts'
import { boundsOf, cursorAt, filterOf, type HistoryQuery, orderOf, progressIn, queryKey } from './history-query.ts'
import { bytesOf } from './page.ts'

/** What a reader gets of one room's log. */
export interface HistoryPage {
  messages: MessageFrame[]
  cursor?: string
  head: number
  floor: number
  /** More may match. */
  exceeded: boolean
  /** The last position that a search is done with. */
  searchedTo?: number
}

/** What one reply can carry of one room. */
export interface ReplyBudget {
  limit: number
  bytes: number
  /** Entries that are looked through for it at most. */
  entries: number
}

/** What was found so far, as it goes into the frame. */
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

  /** Full is what has no room for one more like those in it. */
  fullness(): number {
    const { limit, bytes } = this.#share
    const count = this.messages.length
    if (limit === 0) return 1
    return count === 0
      ? 0
      : Math.min(Math.max(count / limit, this.#bytes / Math.max(bytes - this.#bytes / count, 1)), 1)
  }
}

/** The messages of one room that match, from one end of what is asked for, as many as fit. */
export async function searchPage(
  log: Log,
  clock: Clock & Random,
  roomId: string,
  question: HistoryQuery & { cursor?: string | undefined },
  share: ReplyBudget,
): Promise<HistoryPage> {
  const asked = queryKey('history', roomId, question)
  const order = orderOf(question)
  const continued = question.cursor === undefined ? undefined : progressIn(question.cursor, asked)
  const [newest, floor] = await Promise.all([log.head(roomId), log.floor(roomId)])
  const head = newest ?? { seq: 0, sentAt: 0 }
  const whole = continued ?? (await rangeWithin(log, roomId, { head, floor }, boundsOf(question)))
  const place = {
    low: Math.max(whole.low, floor),
    high: Math.min(whole.high, head.seq),
    size: continued?.size ?? firstPage(share.limit),
  }
  const tray = new FrameCollector(roomId, share)
  const hunt = { roomId, order, matches: entryFilter(filterOf(question, 'any')), exact: false, most: share.entries }
  const left = await searchLog(log, clock, hunt, place, tray)
  const { messages } = tray
  const searchedTo = lastSearched(order, place, left)
  return {
    messages: (question.sort ?? 'oldest') === order ? messages : messages.reverse(),
    ...(left && { cursor: cursorAt(asked, left) }),
    head: head.seq,
    floor,
    exceeded: left !== undefined,
    ...(searchedTo !== undefined && { searchedTo }),
  }
}

/** Enough for a reply in which everything matches; a search that finds less reads more the next time. */
const firstPage = (limit: number) => Math.min(Math.max(limit, 16), 64)

/** The last position that the search is done with, if there is any. */
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
