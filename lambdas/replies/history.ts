import { limits } from '../../protocol/limits.ts'
import type { Pace } from '../domain/log/log.ts'
import { before, latest, type MessageLog, type Page, since } from '../domain/log/pages.ts'
import { nothingOf } from '../domain/log/placeholder.ts'
import { cursorFor } from './cursor.ts'
import { messageFrame } from './encode.ts'
import { isPlain, orderOf, positionIn, type Question, questionOf } from './history-query.ts'
import { fitting } from './page.ts'
import { type HistoryPage, searchPage } from './search.ts'

type Asked = Question & { limit: number; cursor?: string | undefined }

/** Room for the reply's own words, and for those beside the messages of one room of many. */
const shellBytes = 512

/** Entries that one call looks through: few enough for it to stay well under a second, many enough to get somewhere. */
const mostEntries = 8000

/** What a reader gets of one room's log. With more rooms in one frame, each has its part of the frame and the work. */
export async function historyPage(
  app: { messages: MessageLog; pace: Pace },
  room: { roomId: string; logged: boolean },
  question: Asked,
  rooms = 1,
): Promise<HistoryPage> {
  const { messages, pace } = app
  const { roomId } = room
  const share = {
    limit: question.limit,
    bytes: Math.floor(limits.frameBytes / rooms) - shellBytes,
    entries: Math.floor(mostEntries / rooms),
  }
  if (!room.logged) return unloggedPage(messages, roomId, question)
  return isPlain(question)
    ? plainPage(messages, roomId, question, share.bytes)
    : searchPage(messages, pace, roomId, question, share)
}

async function unloggedPage(log: MessageLog, roomId: string, question: Asked): Promise<HistoryPage> {
  const resumed = isPlain(question) ? question.after : undefined
  const { head, floor } = await nothingOf(log, roomId, resumed)
  return { messages: [], head, floor, exceeded: false }
}

/** A page of the log: upwards from `after`, or the newest there are before `before` or the end. */
async function plainPage(log: MessageLog, roomId: string, question: Asked, bytes: number): Promise<HistoryPage> {
  const { cursor, limit, sort = 'oldest' } = question
  const order = orderOf(question)
  const asked = questionOf('history', roomId, question)
  const place = cursor === undefined ? (question.after ?? question.before) : positionIn(cursor, asked)
  const page = await readPage(log, roomId, order === 'oldest', place, limit)
  const frames = page.entries.map((entry) => messageFrame(roomId, entry))
  const messages = fitting(frames, bytes, order)
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
  log: MessageLog,
  roomId: string,
  upward: boolean,
  place: number | undefined,
  limit: number,
): Promise<Page> {
  if (place === undefined) return latest(log, roomId, limit)
  return upward ? since(log, roomId, place, limit) : before(log, roomId, place, limit)
}
