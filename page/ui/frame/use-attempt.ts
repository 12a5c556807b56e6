import { useState } from 'preact/hooks'
import { errorText } from '../../model/error-text.ts'

export interface Attempt {
  busy: boolean
  /** The text of the last error; empty if there was none. */
  failure: string
  /** Runs an action. If it fails, its error becomes `failure`. */
  run(action: () => Promise<unknown>): void
  /** Shows an error of another origin. */
  fail(failure: string): void
}

/** State of an action that may fail: whether it is running, and its error. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false)
  const [failure, fail] = useState('')
  const run = (action: () => Promise<unknown>) => {
    setBusy(true)
    fail('')
    action()
      .catch((error: unknown) => fail(errorText(error)))
      .finally(() => setBusy(false))
  }
  return { busy, failure, run, fail }
}
