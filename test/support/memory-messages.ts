import type { Entry } from '../../lambdas/domain/log.ts'
import type { MessageLog } from '../../lambdas/domain/messages.ts'
import { MemoryLog } from './memory-log.ts'

/** The log of every room in memory, with its backward reading. Like the database, it knows no position but numbers. */
export class MemoryMessages extends MemoryLog implements MessageLog {
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
}

function requireNumbers(seq: number, limit: number): void {
  if (!Number.isFinite(seq)) throw new Error(`${seq} is no position.`)
  if (!Number.isInteger(limit) || limit < 1) throw new Error(`${limit} is no number of entries.`)
}
