import { useState } from 'preact/hooks'
import { inWords } from '../../model/error-text.ts'

export interface Attempt {
  busy: boolean
  /** What went wrong the last time, in a person's words; empty when nothing did. */
  failure: string
  /** Runs something that may fail; what it would throw is kept to be shown. */
  run(doing: () => Promise<unknown>): void
  /** Tells of a failure that came about in another way. */
  fail(failure: string): void
}

export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false)
  const [failure, fail] = useState('')
  const run = (doing: () => Promise<unknown>) => {
    setBusy(true)
    fail('')
    doing()
      .catch((error: unknown) => fail(inWords(error)))
      .finally(() => setBusy(false))
  }
  return { busy, failure, run, fail }
}
