import type { RateLimits } from '../budget/room-rate.ts'
import type { Clock, Random } from '../clock.ts'
import { forEachConcurrent } from '../concurrency.ts'
import { append } from './append.ts'
import type { Author, Entry } from './entry.ts'
import type { Log } from './log.ts'
import type { MessageLog } from './pages.ts'

/** What an administrator may do to what was said. */
export interface ModeratedLog extends MessageLog {
  /** The entries at these positions that exist, in any order, read with strong consistency. */
  find(roomId: string, seqs: readonly number[]): Promise<Entry[]>
  /** Takes the body away and puts the replacement there. False when there is no message, or none any more. */
  redact(roomId: string, seq: number, removed: { by: string; at: number }, replacement?: string): Promise<boolean>
  /** Moves the floor up, never down. */
  raiseFloor(roomId: string, floor: number): Promise<void>
  /** Deletes the oldest entries below the floor, at most so many. True when none are left there. */
  trim(roomId: string, floor: number, most: number): Promise<boolean>
}

/** Whether there is something in this entry to remove: a removal itself stays, so does what was removed before. */
export const isRemovable = ({ seq, removed, removes }: Entry): boolean => seq > 0 && !removed && !removes

/** Those of the positions that hold a message which is still there. */
export async function removableAt(log: ModeratedLog, roomId: string, seqs: readonly number[]): Promise<number[]> {
  const [floor, entries] = await Promise.all([log.floor(roomId), log.find(roomId, [...new Set(seqs)])])
  const removable = entries.filter((entry) => entry.seq >= floor && isRemovable(entry))
  return removable.map(({ seq }) => seq).sort((a, b) => a - b)
}

/** What is said of a removal. */
interface Removing extends Pick<Entry, 'replacement' | 'broadcast'> {
  by: Author
  removes: number[]
}

/** A log in which whatever is appended says that these messages are removed. */
class RemovalLog implements Log {
  readonly #log: Log
  readonly #removal: Omit<Removing, 'by'>

  constructor(log: Log, removal: Omit<Removing, 'by'>) {
    this.#log = log
    this.#removal = removal
  }

  put(roomId: string, { seq, sentAt, from, spent }: Entry): Promise<'stored' | Entry> {
    return this.#log.put(roomId, { seq, sentAt, ...(from && { from }), ...this.#removal, ...(spent && { spent }) })
  }

  read = (roomId: string, from: number, limit: number) => this.#log.read(roomId, from, limit)
  head = (roomId: string) => this.#log.head(roomId)
  floor = (roomId: string) => this.#log.floor(roomId)
  digest = () => ''
}

/**
 * The first half of a removal: it stands in the log before anything is taken away. Whoever plays the log from anywhere
 * comes to the same messages, even where the second half is still to come; a call that died in between is made good by
 * the next one, which finds the messages there and says so again.
 */
export async function appendRemoval(
  log: Log,
  clock: Clock & Random,
  roomId: string,
  { by, ...removal }: Removing,
  allowance?: RateLimits,
): Promise<Entry> {
  const draft = { author: by, body: { text: '' }, uncounted: true }
  const appended = await append(new RemovalLog(log, removal), clock, roomId, draft, async () => undefined, allowance)
  const { seq, sentAt } = appended.entry
  return { seq, sentAt, from: by, ...removal }
}

/** The second half. Answers how many messages it removed; those that another removal took meanwhile are that one's. */
export async function redactAll(log: ModeratedLog, roomId: string, removal: Entry): Promise<number> {
  const { from, sentAt, removes = [], replacement } = removal
  let removed = 0
  await forEachConcurrent(removes, async (seq) => {
    if (await log.redact(roomId, seq, { by: from?.user ?? '', at: sentAt }, replacement)) removed++
  })
  return removed
}
