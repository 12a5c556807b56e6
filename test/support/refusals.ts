import { Refusal } from '../../lambdas/domain/errors.ts'

/** The refusal that the work ends with; anything else is an error of the test. */
export async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Refusal) return error
  throw error instanceof Error ? error : new Error('It was not refused.')
}
