import { limits } from '../../protocol/limits.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Log } from '../domain/log/log.ts'
import { type LogPage, newestPage, pageAfter, pageBefore } from '../domain/log/pages.ts'
import { emptyPage } from '../domain/log/placeholder.ts'
import { cursorFor } from './cursor.ts'
import { messageFrame } from './encode.ts'
import { type HistoryQuery, isUnfiltered, orderOf, positionIn, queryKey } from './history-query.ts'
import { fitInFrame } from './page.ts'
import { type HistoryPage, searchPage } from './search.ts'

type HistoryRequest = HistoryQuery & { limit: number; cursor?: string | undefined }

/** Room for the reply's own words, and for those beside the messages of one room of many. */
const shellBytes = 512

/** Entries that one call looks through: few enough for it to stay well under a second, many enough to get somewhere. */
const mostEntries = 8000

/** What a reader gets of one room's log. With more rooms in one frame, each has its part of the frame and the work. */
export async function historyPage(
  app: { messages: Log; clock: Clock & Random },
  room: { roomId: string; logged: boolean },
  question: HistoryRequest,
  rooms = 1,
): Promise<HistoryPage> {
  const { messages, clock } = app
  const { roomId } = room
  const share = {
    limit: question.limit,
    bytes: Math.floor(limits.frameBytes / rooms) - shellBytes,
    entries: Math.floor(mostEntries / rooms),
  }
  if (!room.logged) return emptyHistory(messages, roomId, question)
  return isUnfiltered(question)
    ? plainPage(messages, roomId, question, share.bytes)
    : searchPage(messages, clock, roomId, question, share)
}

async function emptyHistory(log: Log, roomId: string, question: HistoryRequest): Promise<HistoryPage> {
  const resumed = isUnfiltered(question) ? question.after : undefined
  const { head, floor } = await emptyPage(log, roomId, resumed)
  return { messages: [], head, floor, exceeded: false }
}

/** A page of the log: upwards from `after`, or the newest there are before `before` or the end. */
async function plainPage(log: Log, roomId: string, question: HistoryRequest, bytes: number): Promise<HistoryPage> {
  const { cursor, limit, sort = 'oldest' } = question
  const order = orderOf(question)
  const asked = queryKey('history', roomId, question)
  const place = cursor === undefined ? (question.after ?? question.before) : positionIn(cursor, asked)
  const page = await readPage(log, roomId, order === 'oldest', place, limit)
  const frames = page.entries.map((entry) => messageFrame(roomId, entry))
  const messages = fitInFrame(frames, bytes, order)
  const complete = page.complete && messages.length === frames.length
  const end = (order === 'oldest' ? messages.at(-1) : messages[0])?.seq ?? place ?? page.head + 1
  return {
    messages: sort === 'oldest' ? messages : messages.reverse(),
    ...(!complete && { cursor: cursorFor(asked, end) }),
    head: page.head,
    floor: page.floor,
    exceeded: !complete,
  }
}

function readPage(
  log: Log,
  roomId: string,
  upward: boolean,
  place: number | undefined,
  limit: number,
): Promise<LogPage> {
  if (place === undefined) return newestPage(log, roomId, limit)
  return upward ? pageAfter(log, roomId, place, limit) : pageBefore(log, roomId, place, limit)
}
