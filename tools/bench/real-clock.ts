import type { Clock, Random } from '../../lambdas/domain/clock.ts'

/** Time and chance as they are. */
export const clock: Clock & Random = {
  now: Date.now,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}
