import type { Clock, Random } from '../../lambdas/domain/clock.ts'

/** The real time and real random numbers. */
export const clock: Clock & Random = {
  now: Date.now,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}
