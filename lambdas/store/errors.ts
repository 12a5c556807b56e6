import { Refusal } from '../domain/errors.ts'

/** What DynamoDB or the way to it answers when asking again later is all that helps. */
const passing = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'InternalServerError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'TimeoutError',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'EPIPE',
])

const isTransient = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  const { code, $metadata } = error as Error & { code?: unknown; $metadata?: { httpStatusCode?: number } }
  return passing.has(error.name) || passing.has(String(code)) || ($metadata?.httpStatusCode ?? 0) >= 500
}

/** Runs a call to DynamoDB; what remains of a passing fault after the client's own tries is refused as `unavailable`. */
export async function asUnavailable<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    if (!isTransient(error)) throw error
    throw unavailable()
  }
}

export const unavailable = (): Refusal =>
  new Refusal('unavailable', 'The store did not answer in time. Try again.', { retryAfterMs: 500 })
