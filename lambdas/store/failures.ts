import { Refused } from '../domain/errors.ts'

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
  'EPIPE',
])

const isPassing = (error: unknown): boolean =>
  error instanceof Error &&
  (passing.has(error.name) || ('code' in error && typeof error.code === 'string' && passing.has(error.code)))

/** Runs a call to DynamoDB; what remains of a passing fault after the client's own tries is refused as `unavailable`. */
export async function guarded<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    if (!isPassing(error)) throw error
    throw new Refused('unavailable', 'The store did not answer in time. Try again.', { retryAfterMs: 500 })
  }
}
