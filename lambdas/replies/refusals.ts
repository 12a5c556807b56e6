import { Refused } from '../domain/errors.ts'

/** A refusal that is about one field of a frame says which. */
export async function ofField<Value>(field: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { reason, message, details, retryAfterMs } = error
    throw new Refused(reason, message, {
      details: { ...details, field },
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  }
}
