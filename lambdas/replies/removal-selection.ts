import type { Entry, Pace } from '../domain/log/log.ts'
import { spanWithin } from '../domain/log/range.ts'
import { isRemovable, type ModeratedLog, removableAt } from '../domain/log/removals.ts'
import { search, type Tray, wanted } from '../domain/log/search.ts'
import { boundsOf, cursorAt, filterOf, leftIn, type Question, questionOf } from './history-query.ts'

/** One removal names at most as many messages as a frame may. */
const mostRemoved = 100

const mostEntries = 8000

class Doomed implements Tray {
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

type Selection = Question & { seqs?: number[] | undefined; cursor?: string | undefined }

/** The messages that are to go, and where to look on when there may be more of them. */
export async function selected(
  log: ModeratedLog,
  pace: Pace,
  roomId: string,
  selection: Selection,
): Promise<{ seqs: number[]; cursor?: string }> {
  if (selection.seqs) return { seqs: await removableAt(log, roomId, selection.seqs) }
  const asked = questionOf('removeMessages', roomId, selection)
  const continued = selection.cursor === undefined ? undefined : leftIn(selection.cursor, asked)
  const [newest, floor] = await Promise.all([log.head(roomId), log.floor(roomId)])
  const head = newest ?? { seq: 0, sentAt: 0 }
  const whole = continued ?? (await spanWithin(log, roomId, { head, floor }, boundsOf(selection)))
  const place = {
    low: Math.max(whole.low, floor),
    high: Math.min(whole.high, head.seq),
    size: continued?.size ?? mostRemoved,
  }
  const matches = wanted(filterOf(selection, 'all'))
  const tray = new Doomed()
  const hunt = {
    roomId,
    order: 'oldest',
    wanted: (entry: Entry) => isRemovable(entry) && matches(entry),
    exact: true,
    most: mostEntries,
  } as const
  const left = await search(log, pace, hunt, place, tray)
  return { seqs: tray.seqs, ...(left && { cursor: cursorAt(asked, left) }) }
}
