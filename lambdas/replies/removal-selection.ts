import type { Clock, Random } from '../domain/clock.ts'
import type { Entry } from '../domain/log/entry.ts'
import type { Log } from '../domain/log/log.ts'
import { rangeWithin } from '../domain/log/range.ts'
import { isRemovable, removableAt } from '../domain/log/removals.ts'
import { type Collector, entryFilter, searchLog } from '../domain/log/search.ts'
import type { Paging } from './cursor.ts'
import { boundsOf, cursorAfter, filterOf, type HistoryQuery, progressAt } from './history-query.ts'

/** One removal names at most as many messages as a frame may name. */
const maxRemoved = 100

const maxExamined = 8000

class SeqCollector implements Collector {
  readonly seqs: number[] = []

  take({ seq }: Entry): boolean {
    if (this.seqs.length >= maxRemoved) return false
    this.seqs.push(seq)
    return true
  }

  fullness(): number {
    return this.seqs.length / maxRemoved
  }
}

type Selection = HistoryQuery & { seqs?: number[] | undefined }

/** The positions of the messages to remove, with a cursor if more may follow. */
export async function messagesToRemove(
  log: Log,
  clock: Clock & Random,
  roomId: string,
  selection: Selection,
  paging: Paging,
): Promise<{ seqs: number[]; cursor?: string }> {
  if (selection.seqs) return { seqs: await removableAt(log, roomId, selection.seqs) }
  const continued = progressAt(paging.start)
  const [newest, floor] = await Promise.all([log.head(roomId), log.floor(roomId)])
  const head = newest ?? { seq: 0, sentAt: 0 }
  const range = continued ?? (await rangeWithin(log, roomId, { head, floor }, boundsOf(selection)))
  const progress = {
    low: Math.max(range.low, floor),
    high: Math.min(range.high, head.seq),
    size: continued?.size ?? maxRemoved,
  }
  const matches = entryFilter(filterOf(selection, 'all'))
  const collector = new SeqCollector()
  const plan = {
    roomId,
    order: 'oldest',
    matches: (entry: Entry) => isRemovable(entry) && matches(entry),
    exact: true,
    most: maxExamined,
  } as const
  const left = await searchLog(log, clock, plan, progress, collector)
  return { seqs: collector.seqs, ...(left && { cursor: cursorAfter(paging, left) }) }
}
