import type { Entry, SeqRange } from '../../../lambdas/domain/log/entry.ts'
import type { Log } from '../../../lambdas/domain/log/log.ts'

import { MemoryLog } from './log.ts'

/** The log of every room in memory, with all that readers and moderators need. Like the database, it knows no position but numbers. */
export class MemoryMessages extends MemoryLog implements Log {
  /** How many of the newest entries cheap reads do not see yet. */
  lag = 0
  /** How many entries cheap reads handed out. */
  skimmed = 0

  override async read(roomId: string, from: number, limit: number): Promise<Entry[]> {
    requireNumbers(from, limit)
    return super.read(roomId, from, limit)
  }

  async readBack(roomId: string, before: number, limit: number): Promise<Entry[]> {
    requireNumbers(before, limit)
    const all = await super.read(roomId, 0, Number.POSITIVE_INFINITY)
    const earlier = all.filter((entry) => entry.seq < before)
    return earlier.reverse().slice(0, limit)
  }

  async skim(roomId: string, { low, high }: SeqRange, from: 'oldest' | 'newest', limit: number): Promise<Entry[]> {
    requireNumbers(low, limit)
    requireNumbers(high, limit)
    const end = Math.min(high, ((await super.head(roomId))?.seq ?? 0) - this.lag)
    const within = (await super.read(roomId, low, Number.POSITIVE_INFINITY)).filter(({ seq }) => seq <= end)
    const page = (from === 'oldest' ? within : within.reverse()).slice(0, limit)
    this.skimmed += page.length
    return page
  }

  async find(roomId: string, seqs: readonly number[]): Promise<Entry[]> {
    const found = await Promise.all(seqs.map((seq) => super.read(roomId, seq, 1)))
    return found.flatMap((entries, at) => entries.filter(({ seq }) => seq === seqs[at]))
  }

  async redact(
    roomId: string,
    seq: number,
    removed: { by: string; at: number },
    replacement?: string,
  ): Promise<boolean> {
    return this.replace(roomId, seq, ({ body: _, ...entry }) =>
      !entry.from || entry.removed || entry.removes
        ? undefined
        : { ...entry, removed, ...(replacement !== undefined && { body: { text: replacement } }) },
    )
  }

  async raiseFloor(roomId: string, floor: number): Promise<void> {
    this.lift(roomId, floor)
  }

  async trim(roomId: string, floor: number, most: number): Promise<boolean> {
    const below = (await super.read(roomId, 1, Number.POSITIVE_INFINITY)).filter(({ seq }) => seq < floor)
    for (const { seq } of below.slice(0, most)) this.drop(roomId, seq)
    return below.length <= most
  }
}

function requireNumbers(seq: number, limit: number): void {
  if (!Number.isFinite(seq)) throw new Error(`${seq} is no position.`)
  if (!Number.isInteger(limit) || limit < 1) throw new Error(`${limit} is no number of entries.`)
}
