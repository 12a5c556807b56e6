import type { Clock, Random } from '../domain/clock.ts'

/**
 * Waits for a random time before the next try. The longest wait doubles with each failed try, from 40 ms to
 * `longestMs`. Because of the random time, callers that failed together do not try again together.
 */
export const backOff = (clock: Pick<Clock, 'sleep'> & Random, failed: number, longestMs = 400): Promise<void> =>
  clock.sleep(clock.random() * Math.min(20 * 2 ** failed, longestMs))
