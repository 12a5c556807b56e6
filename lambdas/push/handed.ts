import type { Clock } from '../domain/clock.ts'
import { type Metrics, slowSendMs } from '../domain/metrics.ts'

/** An older message is posted again, after a failure or a restore: its age says nothing of the speed. */
const repeatedMs = 10 * 60_000

/** Counts for each new message how long after it was stored its last post was made. Clocks of containers differ. */
export function countHanded(
  { metrics, clock }: { metrics: Metrics; clock: Pick<Clock, 'now'> },
  storedAt: readonly number[],
): void {
  const now = clock.now()
  for (const at of storedAt) {
    const ms = Math.max(0, now - at)
    if (ms > repeatedMs) continue
    metrics.count('SendToHanded', ms)
    metrics.count('SlowSends', ms > slowSendMs ? 1 : 0)
  }
}
