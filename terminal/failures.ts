import { ChatError, ConnectionError } from '../client/index.ts'
import { Failure } from './command/failure.ts'

/** Throws errors of the client as a Failure with their code, and every other error as it is. */
export function throwAsFailure(error: unknown): never {
  throw error instanceof ChatError || error instanceof ConnectionError ? new Failure(error.message, error.code) : error
}
