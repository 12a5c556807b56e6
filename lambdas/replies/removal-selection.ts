import type { Clock, Random } from '../domain/clock.ts'
import type { Entry } from '../domain/log/entry.ts'
import type { Log } from '../domain/log/log.ts'
import { rangeWithin } from '../domain/log/range.ts'
import { isRemovable, removableAt } from '../domain/log/removals.ts'
import { type Collector, entryFilter, searchLog } from '../domain/log/search.ts'
import { boundsOf, cursorAt, filterOf, type HistoryQuery, progressIn, queryKey } from './history-query.ts'

/** One removal names at most as many messages as a frame may. */
const mostRemoved = 100

const mostEntries = 8000

class SeqCollector implements Collector {
  readonly seqs: number[] = []

  take({ seq }: Entry): boolean {
    if (this.seqs.length >= mostRemoved) return false
    this.seqs.push(seq)
    return true
  }

  fullness(): number {
    return this.seqs.length / mostRemoved
  }
}

type Selection = HistoryQuery & { seqs?: number[] | undefined; cursor?: string | undefined }

/** The messages that are to go, and where to look on when there may be more of them. */
export async function messagesToRemove(
  log: Log,
  clock: Clock & Random,
  roomId: string,
  selection: Selection,
): Promise<{ seqs: number[]; cursor?: string }> {
  if (selection.seqs) return { seqs: await removableAt(log, roomId, selection.seqs) }
  const asked = queryKey('removeMessages', roomId, selection)
  const continued = selection.cursor === undefined ? undefined : progressIn(selection.cursor, asked)
  const [newest, floor] = await Promise.all([log.head(roomId), log.floor(roomId)])
  const head = newest ?? { seq: 0, sentAt: 0 }
  const whole = continued ?? (await rangeWithin(log, roomId, { head, floor }, boundsOf(selection)))
  const place = {
    low: Math.max(whole.low, floor),
    high: Math.min(whole.high, head.seq),
    size: continued?.size ?? mostRemoved,
  }
  const matches = entryFilter(filterOf(selection, 'all'))
  const tray = new SeqCollector()
  const hunt = {
    roomId,
    order: 'oldest',
    matches: (entry: Entry) => isRemovable(entry) && matches(entry),
    exact: true,
    most: mostEntries,
  } as const
  const left = await searchLog(log, clock, hunt, place, tray)
  return { seqs: tray.seqs, ...(left && { cursor: cursorAt(asked, left) }) }
}
