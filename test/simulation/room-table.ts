import type { Entry } from '../../lambdas/domain/log/entry.ts'

interface Row {
  entry: Entry
  token: number
  storedAt: number
}

/** One room's log as it is in the store. */
export class RoomTable {
  counter = 0
  head = 0
  floor = 1
  readonly #rows: (Row | undefined)[] = []
  readonly #purged: Entry[] = []

  constructor(openedAt: number) {
    this.#rows[0] = { entry: { seq: 0, sentAt: openedAt }, token: 0, storedAt: 0 }
  }

  putIfFree(entry: Entry, token: number, now: number): 'stored' | 'resent' | Entry {
    const existing = this.#rows[entry.seq]
    if (existing) return existing.token === token ? 'resent' : existing.entry
    this.overwrite(entry, token, now)
    return 'stored'
  }

  overwrite(entry: Entry, token: number, now: number): void {
    this.#rows[entry.seq] = { entry, token, storedAt: now }
    this.head = Math.max(this.head, entry.seq)
  }

  expireHead(): void {
    if (this.head > 0) this.#rows[this.head--] = undefined
  }

  purge(seq: number): void {
    const row = this.#rows[seq]
    if (row) this.#purged.push(row.entry)
    this.#rows[seq] = undefined
  }

  /** All entries, including the purged ones. */
  allEntries(): Entry[] {
    return [...this.#purged, ...this.read(0, Number.POSITIVE_INFINITY)].sort((a, b) => a.seq - b.seq)
  }

  /** Entries that were stored by `asOf`. */
  read(from: number, limit: number, asOf = Number.POSITIVE_INFINITY): Entry[] {
    const found: Entry[] = []
    for (let seq = from; seq <= this.head && found.length < limit; seq++) {
      const row = this.#rows[seq]
      if (row && row.storedAt <= asOf) found.push(row.entry)
    }
    return found
  }

  headAsOf(asOf: number): number {
    let seq = this.head
    while (seq >= this.floor && (this.#rows[seq]?.storedAt ?? Number.POSITIVE_INFINITY) > asOf) seq--
    return seq >= this.floor ? seq : 0
  }
}
