import { limits } from '../../protocol/limits.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Log } from '../domain/log/log.ts'
import { type LogPage, newestPage, pageAfter, pageBefore } from '../domain/log/pages.ts'
import { emptyPage } from '../domain/log/placeholder.ts'
import type { Paging } from './cursor.ts'
import { messageFrame } from './encode.ts'
import { type HistoryQuery, isUnfiltered, orderOf, seqAt } from './history-query.ts'
import { fitInFrame } from './page.ts'
import { type HistoryPage, searchPage } from './search.ts'

type HistoryRequest = HistoryQuery & { limit: number }

/** Bytes for the other fields of a reply, and for the fields beside the messages of one of several rooms. */
const shellBytes = 512

/** The most entries that one call examines: few enough to stay well under a second. */
const maxExamined = 8000

/**
 * A page of one room's log. If one frame holds several rooms, each room gets an equal part of the bytes and of the
 * entries to examine.
 */
export async function historyPage(
  app: { messages: Log; clock: Clock & Random },
  room: { roomId: string; logged: boolean },
  query: HistoryRequest,
  paging: Paging,
  rooms = 1,
): Promise<HistoryPage> {
  const { messages, clock } = app
  const { roomId } = room
  const share = {
    limit: query.limit,
    bytes: Math.floor(limits.frameBytes / rooms) - shellBytes,
    entries: Math.floor(maxExamined / rooms),
  }
  if (!room.logged) return emptyHistory(messages, roomId, query)
  return isUnfiltered(query)
    ? plainPage(messages, roomId, query, paging, share.bytes)
    : searchPage(messages, clock, roomId, query, paging, share)
}

async function emptyHistory(log: Log, roomId: string, query: HistoryRequest): Promise<HistoryPage> {
  const after = isUnfiltered(query) ? query.after : undefined
  const { head, floor } = await emptyPage(log, roomId, after)
  return { messages: [], head, floor, exceeded: false }
}

/** A page of the log: upwards from `after`, or the newest entries before `before` or the end. */
async function plainPage(
  log: Log,
  roomId: string,
  query: HistoryRequest,
  { start, cursorAt }: Paging,
  bytes: number,
): Promise<HistoryPage> {
  const { limit, sort = 'oldest' } = query
  const order = orderOf(query)
  const position = seqAt(start) ?? query.after ?? query.before
  const page = await readPage(log, roomId, order === 'oldest', position, limit)
  const frames = page.entries.map((entry) => messageFrame(roomId, entry))
  const messages = fitInFrame(frames, bytes, order)
  const complete = page.complete && messages.length === frames.length
  const end = (order === 'oldest' ? messages.at(-1) : messages[0])?.seq ?? position ?? page.head + 1
  return {
    messages: sort === 'oldest' ? messages : messages.reverse(),
    ...(!complete && { cursor: cursorAt(end) }),
    head: page.head,
    floor: page.floor,
    exceeded: !complete,
  }
}

function readPage(
  log: Log,
  roomId: string,
  isUpward: boolean,
  position: number | undefined,
  limit: number,
): Promise<LogPage> {
  if (position === undefined) return newestPage(log, roomId, limit)
  return isUpward ? pageAfter(log, roomId, position, limit) : pageBefore(log, roomId, position, limit)
}
