import type { Entry } from '../log/entry.ts'
import type { Log } from '../log/log.ts'
import { rangeWithin } from '../log/range.ts'
import type { RecordLine, RecordStore } from './record.ts'

/** The end of an exported page: the last position of the log and the last place in the record. */
export interface ExportCursor {
  seq: number
  place: string
}

export type Exported = { kind: 'said'; at: number; entry: Entry } | { kind: 'recorded'; at: number; line: RecordLine }

/**
 * Messages and recorded events of a time span, sorted by time, after a cursor. At most `most` items of each source are
 * read.
 */
export async function exportRecord(
  stores: { messages: Log; records: RecordStore },
  roomId: string,
  span: { from: number; to: number },
  { seq, place }: ExportCursor,
  most: number,
): Promise<{ items: Exported[]; complete: boolean }> {
  const [entries, lines] = await Promise.all([
    entriesWithin(stores.messages, roomId, span, seq, most),
    stores.records.read(roomId, span, place, most),
  ])
  const items: Exported[] = [
    ...entries.map((entry) => ({ kind: 'said' as const, at: entry.sentAt, entry })),
    ...lines.map((line) => ({ kind: 'recorded' as const, at: line.at, line })),
  ].sort((a, b) => a.at - b.at)
  // A source that was cut may have more items of its last moment, so nothing later is returned yet.
  const ends = [
    entries.length < most ? undefined : entries.at(-1)?.sentAt,
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
