import { Refusal } from '../../lambdas/domain/errors.ts'

/** Returns the refusal that rejects the promise. Throws if the promise resolves or rejects with another error. */
export async function refusal(promise: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Refusal) return error
  throw error instanceof Error ? error : new Error('The call was not refused.')
}
