import { createHash } from 'node:crypto'
import type { Entry, MessageBody, SeqRange } from '../../../lambdas/domain/log/entry.ts'
import type { Log } from '../../../lambdas/domain/log/log.ts'

interface RoomLog {
  entries: Map<number, Entry>
  head: number
  floor: number
}

/** The log of every room in memory. Like the database, it returns copies and accepts only numbers as positions. */
export class MemoryLog implements Log {
  readonly #rooms = new Map<string, RoomLog>()
  /** Number of newest entries that `skim` does not see yet. */
  lag = 0
  /** Number of entries that `skim` has returned. */
  skimmed = 0

  /** Writes position 0, as creating a room does. */
  open(roomId: string, at: number): void {
    if (this.#rooms.has(roomId)) throw new Error(`Room ${roomId} has a log already.`)
    this.#rooms.set(roomId, { entries: new Map([[0, { seq: 0, sentAt: at }]]), head: 0, floor: 1 })
  }

  /** Retention: moves the floor up and deletes entries below it, but never position 0 or the head. */
  purge(roomId: string, floor: number): void {
    const room = this.#rooms.get(roomId)
    if (!room || floor > room.head) throw new Error('Retention keeps the head.')
    for (let seq = room.floor; seq < floor; seq++) room.entries.delete(seq)
    room.floor = Math.max(room.floor, floor)
  }

  async read(roomId: string, from: number, limit: number): Promise<Entry[]> {
    requireNumbers(from, limit)
    return structuredClone(this.#from(roomId, from, limit))
  }

  async readBack(roomId: string, before: number, limit: number): Promise<Entry[]> {
    requireNumbers(before, limit)
    const earlier = this.#from(roomId, 0).filter((entry) => entry.seq < before)
    return structuredClone(earlier.reverse().slice(0, limit))
  }

  async skim(roomId: string, { low, high }: SeqRange, from: 'oldest' | 'newest', limit: number): Promise<Entry[]> {
    requireNumbers(low, limit)
    requireNumbers(high, limit)
    const end = Math.min(high, (this.#rooms.get(roomId)?.head ?? 0) - this.lag)
    const within = this.#from(roomId, low).filter(({ seq }) => seq <= end)
    const page = (from === 'oldest' ? within : within.reverse()).slice(0, limit)
    this.skimmed += page.length
    return structuredClone(page)
  }

  async find(roomId: string, seqs: readonly number[]): Promise<Entry[]> {
    const entries = this.#rooms.get(roomId)?.entries
    return seqs.flatMap((seq) => structuredClone(entries?.get(seq)) ?? [])
  }

  async head(roomId: string): Promise<Entry | undefined> {
    const room = this.#rooms.get(roomId)
    return structuredClone(room?.entries.get(room.head))
  }

  async put(roomId: string, entry: Entry): Promise<'stored' | Entry> {
    const room = this.#rooms.get(roomId) ?? { entries: new Map<number, Entry>(), head: 0, floor: 1 }
    this.#rooms.set(roomId, room)
    const stored = room.entries.get(entry.seq)
    if (stored) return structuredClone(stored)
    room.entries.set(entry.seq, structuredClone(entry))
    room.head = Math.max(room.head, entry.seq)
    return 'stored'
  }

  async redact(
    roomId: string,
    seq: number,
    removed: { by: string; at: number },
    replacement?: string,
  ): Promise<boolean> {
    const entries = this.#rooms.get(roomId)?.entries
    const entry = entries?.get(seq)
    if (!entry?.from || entry.removed || entry.removes) return false
    const { body: _, ...kept } = entry
    entries?.set(seq, { ...kept, removed, ...(replacement !== undefined && { body: { text: replacement } }) })
    return true
  }

  async disown(roomId: string, seq: number, name: string, removed?: { by: string; at: number }): Promise<boolean> {
    const entries = this.#rooms.get(roomId)?.entries
    const entry = entries?.get(seq)
    if (!entry?.from || entry.removes) return false
    const { body, ...kept } = entry
    const rest = removed ? { removed: entry.removed ?? removed } : body && { body }
    entries?.set(seq, { ...kept, ...rest, from: { ...entry.from, name } })
    return true
  }

  async floor(roomId: string): Promise<number> {
    return this.#rooms.get(roomId)?.floor ?? 1
  }

  async raiseFloor(roomId: string, floor: number): Promise<void> {
    const room = this.#rooms.get(roomId)
    if (room) room.floor = Math.max(room.floor, floor)
  }

  async trim(roomId: string, floor: number, most: number): Promise<boolean> {
    const below = this.#from(roomId, 1).filter(({ seq }) => seq < floor)
    for (const { seq } of below.slice(0, most)) this.#rooms.get(roomId)?.entries.delete(seq)
    return below.length <= most
  }

  digest(body: MessageBody): string {
    return createHash('sha256').update(canonical(body)).digest('base64url')
  }

  /** Entries from this position up, not copied. */
  #from(roomId: string, from: number, limit = Number.POSITIVE_INFINITY): Entry[] {
    const { entries, head } = this.#rooms.get(roomId) ?? { entries: new Map<number, Entry>(), head: 0 }
    const found: Entry[] = []
    for (let seq = from; seq <= head && found.length < limit; seq++) {
      const entry = entries.get(seq)
      if (entry) found.push(entry)
    }
    return found
  }
}

function requireNumbers(seq: number, limit: number): void {
  if (!Number.isFinite(seq)) throw new Error(`${seq} is not a position.`)
  if (!Number.isInteger(limit) || limit < 1) throw new Error(`${limit} is not a number of entries.`)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
