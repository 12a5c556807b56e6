import type { RateLimits } from '../budget/room-rate.ts'
import type { Clock, Random } from '../clock.ts'
import { forEachConcurrent } from '../concurrency.ts'
import type { Metrics } from '../metrics.ts'
import { append } from './append.ts'
import type { Author, Entry } from './entry.ts'
import type { AppendLog, Log } from './log.ts'

/** Whether the entry has a body to remove. Removals and removed messages have none. */
export const isRemovable = ({ seq, removed, removes }: Entry): boolean => seq > 0 && !removed && !removes

/** The positions that hold a message with a body, in ascending order. */
export async function removableAt(log: Log, roomId: string, seqs: readonly number[]): Promise<number[]> {
  const [floor, entries] = await Promise.all([log.floor(roomId), log.find(roomId, [...new Set(seqs)])])
  const removable = entries.filter((entry) => entry.seq >= floor && isRemovable(entry))
  return removable.map(({ seq }) => seq).sort((a, b) => a - b)
}

/** The fields of a removal entry. */
interface Removal extends Pick<Entry, 'replacement' | 'broadcast' | 'removesOf' | 'upTo'> {
  by: Author
  removes: number[]
}

/**
 * The first half of a removal: the entry that names the removed messages. It is stored before any body is removed, so
 * replaying the log from any position gives the same messages. When a call stops between the two halves, the next call
 * finds the same messages and appends another removal.
 */
export async function appendRemoval(
  log: AppendLog,
  clock: Clock & Random,
  roomId: string,
  { by, ...removal }: Removal,
  limits?: RateLimits,
  metrics?: Metrics,
): Promise<Entry> {
  const { entry } = await append(
    log,
    clock,
    roomId,
    { author: by, uncounted: true },
    {
      admit: async () => undefined,
      toEntry: (numbered) => ({ ...numbered, ...removal }),
      limits,
      metrics,
    },
  )
  return entry
}

/**
 * The second half of a removal. Returns how many bodies this call removed. Bodies that another removal took first are
 * not counted.
 */
export async function redactAll(log: Log, roomId: string, removal: Entry): Promise<number> {
  const { from, sentAt, removes = [], replacement } = removal
  let removed = 0
  await forEachConcurrent(removes, async (seq) => {
    if (await log.redact(roomId, seq, { by: from?.user ?? '', at: sentAt }, replacement)) removed++
  })
  return removed
}
