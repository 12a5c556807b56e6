import type { Pace } from '../../lambdas/domain/log/log.ts'

/** Time and chance as they are. */
export const pace: Pace = {
  now: Date.now,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}
