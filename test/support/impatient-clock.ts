import type { Clock } from '../../client/index.ts'

/** A clock whose waits take no time, and that says how long they would have been. They count as time that has passed. */
export function impatientClock(now: number): Clock & { waited: number } {
  const clock = {
    waited: 0,
    now: () => now + clock.waited,
    after(ms: number, run: () => void) {
      clock.waited += ms
      const timer = setImmediate(run)
      return () => clearImmediate(timer)
    },
  }
  return clock
}

/** The time of the machine, with waits that take no time. */
export const machineWithoutWaits: Clock = { now: () => Date.now(), after: (_, run) => impatientClock(0).after(0, run) }
