import { Refusal } from '../domain/errors.ts'

/** Errors of DynamoDB or of the network after which a later try may succeed. */
const transientErrors = new Set([
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
  return transientErrors.has(error.name) || transientErrors.has(String(code)) || ($metadata?.httpStatusCode ?? 0) >= 500
}

/**
 * Runs a call to DynamoDB. A temporary error that remains after the client's own tries becomes the refusal
 * `unavailable`.
 */
export async function asUnavailable<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    if (!isTransient(error)) throw error
    throw unavailable(error)
  }
}

export const unavailable = (cause?: unknown): Refusal =>
  new Refusal('unavailable', 'The store did not answer in time. Try again.', { retryAfterMs: 500, cause })
