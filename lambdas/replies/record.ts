import { limits } from '../../protocol/limits.ts'
import type { Log } from '../domain/log/log.ts'
import { type ExportCursor, type Exported, exportRecord } from '../domain/record/export.ts'
import type { RecordStore } from '../domain/record/record.ts'
import { badCursor, type Paging, type Position } from './cursor.ts'
import { isoTime, messageFrame } from './encode.ts'
import { bytesOf, fitInFrame } from './page.ts'
import { type PartStores, partOf, partsFrom, type RecordPart } from './record-parts.ts'

const maxLines = 100

/** The most reads of single parts for one reply, so that it comes in time. */
const maxReads = 20

/** One line may hold the longest message, and the cursor the longest id. */
const shellBytes = 2048

interface RecordRequest {
  roomId?: string | undefined
  user?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

const beginning: ExportCursor = { seq: 0, place: '' }

/**
 * A page of the record: messages from the log, and events from the record. A record of all rooms has the acts of
 * administrators first, and then room after room. Each part is sorted by time.
 */
export async function recordPage(
  stores: PartStores & { messages: Log },
  { roomId, user, from, to }: RecordRequest,
  paging: Paging,
): Promise<{ entries: LineFrame[]; cursor?: string }> {
  const start = paging.start === undefined ? { tag: '', ...beginning } : placeIn(paging.start)
  const span = { from: from === undefined ? 0 : Date.parse(from), to: to === undefined ? maxTime : Date.parse(to) }
  const parts = roomId === undefined ? partsFrom(stores, user, start.tag) : [partOf(roomId, user)]
  const entries: LineFrame[] = []
  const pageUpTo = ({ tag }: RecordPart, { seq, place }: ExportCursor) => ({
    entries,
    cursor: paging.cursorAt(`${tag} ${seq} ${place}`),
  })
  let reads = 0
  for await (const part of parts) {
    let at: ExportCursor | undefined = part.tag === start.tag ? start : beginning
    while (at) {
      if (reads++ === maxReads || entries.length >= maxLines) return pageUpTo(part, at)
      const { lines, next } = await linesOf(stores, part, span, at, maxLines - entries.length)
      const frames = lines.map(({ frame }) =>
        roomId === undefined && part.isRoom ? { ...frame, roomId: part.id } : frame,
      )
      const fitting = fitInFrame(frames, limits.frameBytes - shellBytes - bytesOf(entries), 'oldest')
      entries.push(...fitting)
      if (fitting.length < frames.length) return pageUpTo(part, lines[fitting.length - 1]?.end ?? at)
      at = next
    }
  }
  return { entries }
}

/** The greatest time that `Date` can represent. */
const maxTime = 8.64e15

/**
 * The wanted lines of one part, each with the place behind it. `next` is the place where the part goes on, if it does.
 */
async function linesOf(
  stores: { messages: Log; records: RecordStore },
  { id, isWanted }: RecordPart,
  span: { from: number; to: number },
  start: ExportCursor,
  most: number,
): Promise<{ lines: { frame: LineFrame; end: ExportCursor }[]; next?: ExportCursor }> {
  const { items, complete } = await exportRecord(stores, id, span, start, most)
  let end = start
  const lines: { frame: LineFrame; end: ExportCursor }[] = []
  for (const item of items) {
    end = item.kind === 'said' ? { ...end, seq: item.entry.seq } : { ...end, place: item.line.place }
    if (isWanted(item)) lines.push({ frame: lineFrame(id, item), end })
  }
  return { lines, ...(!complete && { next: end }) }
}

type LineFrame = ReturnType<typeof lineFrame> & { roomId?: string }

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
  const [, tag, seq, place] = /^(\S*) (\d{1,16}) (.*)$/.exec(String(position)) ?? []
  if (tag === undefined || seq === undefined || place === undefined) throw badCursor()
  return { tag, seq: Number(seq), place }
}
