import { limits } from '../../protocol/limits.ts'
import type { Log } from '../domain/log/log.ts'
import { type Exported, exportRecord } from '../domain/record/export.ts'
import type { RecordStore } from '../domain/record/record.ts'
import { badCursor, type Paging, type Position } from './cursor.ts'
import { isoTime, messageFrame } from './encode.ts'
import { fitInFrame } from './page.ts'

const maxLines = 100

/** One line may hold the longest message, and the cursor the longest room id. */
const shellBytes = 2048

interface RecordRequest {
  roomId: string
  from?: string | undefined
  to?: string | undefined
}

/** A page of the record, sorted by time: messages from the log, and events from the record. */
export async function recordPage(
  stores: { messages: Log; records: RecordStore },
  { roomId, from, to }: RecordRequest,
  paging: Paging,
) {
  const start = paging.start === undefined ? { seq: 0, place: '' } : placeIn(paging.start)
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
  return { entries, ...(more && { cursor: paging.cursorAt(`${end.seq} ${end.place}`) }) }
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

function placeIn(position: Position) {
  const [, seq, place] = /^(\d{1,16}) (.*)$/.exec(String(position)) ?? []
  if (seq === undefined || place === undefined) throw badCursor()
  return { seq: Number(seq), place }
}
