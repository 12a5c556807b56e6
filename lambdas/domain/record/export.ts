import type { Entry } from '../log/entry.ts'
import type { Log } from '../log/log.ts'
import { rangeWithin } from '../log/range.ts'
import type { RecordLine, RecordStore } from './record.ts'

/** Where an export has come to: the last position of the log and the last place of the record that it gave out. */
export interface ExportCursor {
  seq: number
  place: string
}

export type Exported = { kind: 'said'; at: number; entry: Entry } | { kind: 'recorded'; at: number; line: RecordLine }

/** What was said and what was recorded in a span of time, by time, from a bookmark on. */
export async function exportRecord(
  stores: { messages: Log; records: RecordStore },
  roomId: string,
  span: { from: number; to: number },
  { seq, place }: ExportCursor,
  most: number,
): Promise<{ items: Exported[]; complete: boolean }> {
  const [said, lines] = await Promise.all([
    entriesWithin(stores.messages, roomId, span, seq, most),
    stores.records.read(roomId, span, place, most),
  ])
  const items: Exported[] = [
    ...said.map((entry) => ({ kind: 'said' as const, at: entry.sentAt, entry })),
    ...lines.map((line) => ({ kind: 'recorded' as const, at: line.at, line })),
  ].sort((a, b) => a.at - b.at)
  // A source that was cut may go on at its last moment, so nothing later than that is given out yet.
  const ends = [
    said.length < most ? undefined : said.at(-1)?.sentAt,
    lines.length < most ? undefined : lines.at(-1)?.at,
  ]
  const end = Math.min(...ends.map((moment) => moment ?? Number.POSITIVE_INFINITY))
  return { items: items.filter(({ at }) => at <= end), complete: end === Number.POSITIVE_INFINITY }
}

export async function entriesWithin(
  log: Log,
  roomId: string,
  span: { from: number; to: number },
  after: number,
  most: number,
) {
  const [head, floor] = await Promise.all([log.head(roomId), log.floor(roomId)])
  if (!head) return []
  const { low, high } = await rangeWithin(log, roomId, { head, floor }, { after, ...span })
  return low > high ? [] : log.read(roomId, low, Math.min(most, high - low + 1))
}
