import { before, latest, type MessageLog, since } from '../domain/messages.ts'
import { limits } from '../protocol/limits.ts'
import { cursorFor, placeIn } from './cursor.ts'
import { messagesBeside } from './pages.ts'

interface Question {
  roomId: string
  after?: number | undefined
  before?: number | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

/** A page of the log, oldest first: upwards from `after`, or the newest there are before `before` or the end. */
export async function historyPage(log: MessageLog, question: Question, epoch: string) {
  const { roomId, cursor, limit = limits.joinMessages } = question
  const upward = question.after !== undefined
  const asked = `history ${roomId} ${question.after ?? ''} ${question.before ?? ''}`
  const place = cursor === undefined ? (question.after ?? question.before) : Number(placeIn(cursor, asked))
  const page = await readPage(log, roomId, upward, place, limit)
  const { messages, complete } = messagesBeside({}, roomId, page, upward ? 'oldest' : 'newest')
  const end = (upward ? messages.at(-1) : messages[0])?.seq
  const more = !complete && end !== undefined && { cursor: cursorFor(asked, end) }
  return { messages, ...more, head: page.head, floor: page.floor, epoch, exceeded: !complete }
}

function readPage(log: MessageLog, roomId: string, upward: boolean, place: number | undefined, limit: number) {
  if (place === undefined) return latest(log, roomId, limit)
  return upward ? since(log, roomId, place, limit) : before(log, roomId, place, limit)
}
