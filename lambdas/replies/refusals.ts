import { Refusal } from '../domain/errors.ts'

/** A refusal that is about one field of a frame says which. */
export async function withField<Value>(field: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, details, retryAfterMs } = error
    throw new Refusal(code, message, {
      details: { ...details, field },
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  }
}
