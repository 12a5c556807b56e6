import type { Clock } from '../domain/clock.ts'
import type { Metrics } from '../domain/metrics.ts'

/** A message is handed on slowly if its last post is made later than this. */
const slowMs = 1000

/** Counts for each message how long after it was stored its last post was made. Clocks of containers differ. */
export function countHanded(
  { metrics, clock }: { metrics: Metrics; clock: Pick<Clock, 'now'> },
  storedAt: readonly number[],
): void {
  const now = clock.now()
  for (const at of storedAt) {
    const ms = Math.max(0, now - at)
    metrics.count('SendToHanded', ms)
    metrics.count('SlowSends', ms > slowMs ? 1 : 0)
  }
}
