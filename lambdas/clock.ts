import type { Clock, Random } from './domain/clock.ts'

/** Time and chance as a function has them. */
export const systemClock: Clock & Random = {
  now: Date.now,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}
