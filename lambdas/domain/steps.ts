import { Refusal } from './errors.ts'

/** Whether a failed act may have had its effect. A refusal shows that it had none, unless the store did not answer. */
const mayHaveHappened = (error: unknown): boolean => !(error instanceof Refusal) || error.code === 'unavailable'

/**
 * Runs an act and then, in order, the steps that must follow its effect. If the act failed but may have had a part of
 * its effect, the steps run without a result. All steps are tried; the first error is thrown at the end.
 */
export async function followedBy<Result>(
  act: () => Promise<Result>,
  ...steps: ((result: Result | undefined) => Promise<unknown>)[]
): Promise<Result> {
  const [acted] = await Promise.allSettled([act()])
  if (acted.status === 'rejected' && !mayHaveHappened(acted.reason)) throw acted.reason
  const result = acted.status === 'fulfilled' ? acted.value : undefined
  const failures = await failuresOf(steps.map((step) => () => step(result)))
  if (acted.status === 'rejected') throw acted.reason
  if (failures.length > 0) throw failures[0]
  return acted.value
}

/** Runs all steps in order, also after one that failed. Returns what they threw. */
export async function failuresOf(steps: readonly (() => Promise<unknown>)[]): Promise<unknown[]> {
  const failures: unknown[] = []
  for (const step of steps) {
    const [settled] = await Promise.allSettled([step()])
    if (settled?.status === 'rejected') failures.push(settled.reason)
  }
  return failures
}

/** The value that a step threw, which may be any value. */
export interface Failure {
  error: unknown
}

export const firstOf = (failures: readonly unknown[]): { failure?: Failure } =>
  failures.length > 0 ? { failure: { error: failures[0] } } : {}

export function raise(failure: Failure | undefined): void {
  if (failure) throw failure.error
}
