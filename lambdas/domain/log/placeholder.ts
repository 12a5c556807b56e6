import { Refusal } from '../errors.ts'
import type { Author, Entry, MessageBody } from './entry.ts'
import type { Log } from './log.ts'
import type { LogPage } from './pages.ts'

/** Rooms of some categories are live only: what is said there is handed on, and nothing of it is kept. */

/** Who took away what was said in such a room. No person is called so in a log: people remove by a removal. */
export const unlogged = 'unlogged'

/**
 * What holds the place of a message that is not kept: enough to number those that follow, and to know a retry by. A
 * digest would give a short text away, and a display name is nobody's business later.
 */
export const placeholder = ({ seq, sentAt, from, clientMessageId, spent }: Entry): Entry => ({
  seq,
  sentAt,
  ...(from && { from: { user: from.user, name: from.user } }),
  ...(clientMessageId !== undefined && { clientMessageId }),
  removed: { by: unlogged, at: sentAt },
  ...(spent && { spent }),
})

const isHusk = ({ removed, digest }: Entry) => removed?.by === unlogged && digest === undefined

/** What a message needs to know of where it is said, by the time it is put. */
export interface Voice {
  /** It leaves more than a husk. */
  logged: boolean
  /** The connection it is said on, where there are too many listeners for it: the stream reaches all others. */
  broadcast?: string
}

/** The log as one message meets it. */
export class SpokenLog implements Log {
  readonly #log: Log
  readonly #voice: Voice
  readonly #digest: string

  constructor(log: Log, body: MessageBody, voice: Voice) {
    this.#log = log
    this.#voice = voice
    this.#digest = log.digest(body)
  }

  async read(roomId: string, from: number, limit: number): Promise<Entry[]> {
    const entries = await this.#log.read(roomId, from, limit)
    return entries.map((entry) => this.#comparable(entry))
  }

  async head(roomId: string): Promise<Entry | undefined> {
    const entry = await this.#log.head(roomId)
    return entry && this.#comparable(entry)
  }

  async put(roomId: string, entry: Entry): Promise<'stored' | Entry> {
    const { logged, broadcast } = this.#voice
    const kept = broadcast === undefined ? entry : { ...entry, broadcast }
    // The stream cannot carry what is not kept.
    const outcome = await this.#log.put(roomId, logged ? kept : placeholder(entry))
    return outcome === 'stored' ? outcome : this.#comparable(outcome)
  }

  floor(roomId: string): Promise<number> {
    return this.#log.floor(roomId)
  }

  digest(): string {
    return this.#digest
  }

  /** Nobody knows any more what a husk said, so whoever names it is believed. */
  #comparable(entry: Entry): Entry {
    return isHusk(entry) ? { ...entry, digest: this.#digest } : entry
  }
}

/** A retry finds the husk of its message and brings the words along once more. */
export function withBody(entry: Entry, from: Author, body: MessageBody): Entry {
  if (entry.removed?.by !== unlogged) return entry
  const { removed: _, ...rest } = entry
  return { ...rest, from, body }
}

/** What a reader of such a room gets: where its log is, and nothing of it. */
export async function emptyPage(log: Log, roomId: string, after?: number): Promise<LogPage> {
  const head = (await log.head(roomId))?.seq ?? 0
  const floor = head + 1
  if (after === undefined || after === head) return { entries: [], head, floor, complete: true }
  throw new Refusal('resync_required', 'This room keeps no history.', { details: { head, floor } })
}
