import type { Log } from './log.ts'
import { firstSentAt } from './range.ts'

/**
 * An entry is deleted only when no put to its position can be pending. A late put fails if the position is taken. If
 * the entry were deleted, the put would store a message below the floor although its author was told it is stored. A
 * function runs for at most ten seconds, and clocks differ by less than the rest.
 */
export const settledMs = 60_000

/** The most items that one call deletes. */
export const mostTrimmed = 1000

/**
 * Deletes the entries that were sent before a time. It raises the floor first, so that readers no longer see them. Then
 * this call and the next ones delete the entries below the floor that are older than `settledMs`. The newest entry is
 * always kept, because the next position is counted from it.
 */
export async function purge(
  log: Log,
  roomId: string,
  before: number,
  now: number,
): Promise<{ floor: number; complete: boolean }> {
  const [head, current] = await Promise.all([log.head(roomId), log.floor(roomId)])
  if (!head || head.seq === 0) return { floor: current, complete: true }
  const firstAt = (time: number, low: number) =>
    time > head.sentAt ? head.seq : firstSentAt(log, roomId, time, { low, high: head.seq })
  const first = await firstAt(before, current)
  if (first > current) await log.raiseFloor(roomId, Math.min(first, head.seq))
  const floor = await log.floor(roomId)
  const settled = await firstAt(now - settledMs, 1)
  const trimmed = await log.trim(roomId, Math.min(floor, settled), mostTrimmed)
  return { floor, complete: trimmed && settled >= floor }
}
