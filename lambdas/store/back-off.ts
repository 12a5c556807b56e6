import type { Clock, Random } from '../domain/clock.ts'

/**
 * Waits before another try: a random time, whose longest doubles with each try that failed, from 40 ms to `longestMs`.
 * Full jitter: callers that were refused together do not come back together.
 */
export const backOff = (clock: Pick<Clock, 'sleep'> & Random, failed: number, longestMs = 400): Promise<void> =>
  clock.sleep(clock.random() * Math.min(20 * 2 ** failed, longestMs))
