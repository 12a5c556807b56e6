import { createHash } from 'node:crypto'
import type { Entry, MessageBody } from '../../../lambdas/domain/log/entry.ts'
import type { AppendLog } from '../../../lambdas/domain/log/log.ts'

interface Room {
  entries: Map<number, Entry>
  head: number
  floor: number
}

/** The log of every room in memory, as strict as the port demands. What it hands out is a copy. */
export class MemoryLog implements AppendLog {
  readonly #rooms = new Map<string, Room>()

  /** Writes position 0, as creating a room does. */
  open(roomId: string, at: number): void {
    if (this.#rooms.has(roomId)) throw new Error(`Room ${roomId} has a log already.`)
    this.#rooms.set(roomId, { entries: new Map([[0, { seq: 0, sentAt: at }]]), head: 0, floor: 1 })
  }

  /** Retention: moves the floor up and deletes below it, but never position 0 nor the head. */
  purge(roomId: string, floor: number): void {
    const room = this.#rooms.get(roomId)
    if (!room || floor > room.head) throw new Error('Retention keeps the head.')
    for (let seq = room.floor; seq < floor; seq++) room.entries.delete(seq)
    room.floor = Math.max(room.floor, floor)
  }

  /** Puts another entry in the place of one that stands, in one step. False when there is none or nothing to change. */
  protected replace(roomId: string, seq: number, change: (entry: Entry) => Entry | undefined): boolean {
    const entries = this.#rooms.get(roomId)?.entries
    const entry = entries?.get(seq)
    const changed = entry && change(structuredClone(entry))
    if (changed) entries?.set(seq, changed)
    return changed !== undefined
  }

  protected lift(roomId: string, floor: number): void {
    const room = this.#rooms.get(roomId)
    if (room) room.floor = Math.max(room.floor, floor)
  }

  protected drop(roomId: string, seq: number): void {
    this.#rooms.get(roomId)?.entries.delete(seq)
  }

  async read(roomId: string, from: number, limit: number): Promise<Entry[]> {
    const room = this.#rooms.get(roomId)
    const found: Entry[] = []
    if (!room) return found
    for (let seq = from; seq <= room.head && found.length < limit; seq++) {
      const entry = room.entries.get(seq)
      if (entry) found.push(structuredClone(entry))
    }
    return found
  }

  async head(roomId: string): Promise<Entry | undefined> {
    const room = this.#rooms.get(roomId)
    return structuredClone(room?.entries.get(room.head))
  }

  async put(roomId: string, entry: Entry): Promise<'stored' | Entry> {
    const room = this.#rooms.get(roomId) ?? { entries: new Map<number, Entry>(), head: 0, floor: 1 }
    this.#rooms.set(roomId, room)
    const standing = room.entries.get(entry.seq)
    if (standing) return structuredClone(standing)
    room.entries.set(entry.seq, structuredClone(entry))
    room.head = Math.max(room.head, entry.seq)
    return 'stored'
  }

  async floor(roomId: string): Promise<number> {
    return this.#rooms.get(roomId)?.floor ?? 1
  }

  digest(body: MessageBody): string {
    return createHash('sha256').update(canonical(body)).digest('base64url')
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
