import { limits } from '../../protocol/limits.ts'
import { BadFrame } from '../../protocol/parse.ts'
import type { Log } from '../domain/log/log.ts'
import { type Exported, exportRecord } from '../domain/record/export.ts'
import type { RecordStore } from '../domain/record/record.ts'
import { cursorFor, readCursor } from './cursor.ts'
import { isoTime, messageFrame } from './encode.ts'
import { fitInFrame } from './page.ts'

const maxLines = 100

/** One line may hold the longest message, and the cursor the longest room id. */
const shellBytes = 2048

interface RecordRequest {
  roomId: string
  from?: string | undefined
  to?: string | undefined
  cursor?: string | undefined
}

/** A page of the record, sorted by time: messages from the log, and events from the record. */
export async function recordPage(stores: { messages: Log; records: RecordStore }, span: RecordRequest) {
  const { roomId, from, to, cursor } = span
  const query = `record ${roomId} ${from ?? ''} ${to ?? ''}`
  const start = cursor === undefined ? { seq: 0, place: '' } : exportCursorIn(cursor, query)
  const bounds = { from: from === undefined ? 0 : Date.parse(from), to: to === undefined ? maxTime : Date.parse(to) }
  const { items, complete } = await exportRecord(stores, roomId, bounds, start, maxLines)
  const lines = items.map((item) => lineFrame(roomId, item))
  const entries = fitInFrame(lines, limits.frameBytes - shellBytes, 'oldest')
  const returned = items.slice(0, entries.length)
  const end = {
    seq: returned.findLast((item) => item.kind === 'said')?.entry.seq ?? start.seq,
    place: returned.findLast((item) => item.kind === 'recorded')?.line.place ?? start.place,
  }
  const more = !complete || entries.length < lines.length
  return { entries, ...(more && { cursor: cursorFor(query, `${end.seq} ${end.place}`) }) }
}

/** The greatest time that `Date` can represent. */
const maxTime = 8.64e15

function lineFrame(roomId: string, item: Exported) {
  if (item.kind === 'recorded') {
    const { at, event, by, details } = item.line
    return { at: isoTime(at), event, by, ...(details && { details: withIsoTime(details) }) }
  }
  const { roomId: _, sentAt, from, ...said } = messageFrame(roomId, item.entry)
  return { at: sentAt, event: 'said', by: from?.user ?? said.by ?? '', details: said }
}

/** The record stores times as numbers; frames have them as text. */
const withIsoTime = (details: Record<string, unknown>) =>
  typeof details.sentAt === 'number' ? { ...details, sentAt: isoTime(details.sentAt) } : details

function exportCursorIn(cursor: string, query: string) {
  const [, seq, place] = /^(\d{1,16}) (.*)$/.exec(String(readCursor(cursor, query))) ?? []
  if (seq === undefined || place === undefined) throw new BadFrame('cursor is none of this question.', 'cursor')
  return { seq: Number(seq), place }
}
