import type { Clock } from '../../client/index.ts'
import { pause } from '../pause.ts'

const betweenMs = 250

/** Tries until it works, another try would not help, or the time is over. Rejects with the last error. */
export async function persist<Value>(
  clock: Clock,
  end: number,
  attempt: () => Promise<Value>,
  mayHelp: (error: unknown) => boolean,
): Promise<Value> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!mayHelp(error) || clock.now() >= end) throw error
      await pause(clock, betweenMs)
    }
  }
}
