import type { Pace } from '../domain/log/log.ts'

/**
 * Waits before another try: a random time, whose longest doubles with each try that failed, from 40 ms to `longestMs`.
 * Full jitter: callers that were refused together do not come back together.
 */
export const backOff = (pace: Pick<Pace, 'random' | 'sleep'>, failed: number, longestMs = 400): Promise<void> =>
  pace.sleep(pace.random() * Math.min(20 * 2 ** failed, longestMs))
