import type { Log } from './log.ts'
import { firstSentAt } from './range.ts'

/**
 * An entry goes only when no put can be under way to its place any more: a put that comes late finds the place taken,
 * but finds it free once the entry is deleted, and would then store, below the floor, what its author takes for said.
 * A function lives ten seconds, and clocks differ by less than the rest.
 */
export const settledMs = 60_000

/** Items deleted by one call. */
export const mostTrimmed = 1000

/**
 * Forgets what was sent before a time. The floor moves up first, so that nobody reads what is going; then the entries
 * below it that are settled go, in this call and the next ones. The newest entry always stays: it is what the next one is counted from.
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
