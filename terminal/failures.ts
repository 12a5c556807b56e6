import { ChatError, ConnectionError } from '../client/index.ts'
import { Failure } from '../commands/failure.ts'

/** What the chat refused, or did not answer, as a Failure; everything else as it is. */
export function asFailure(error: unknown): unknown {
  if (error instanceof ChatError) return new Failure(error.message, error.code)
  if (error instanceof ConnectionError) return new Failure(error.message, error.code)
  return error
}
