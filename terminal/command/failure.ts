import { types } from 'node:util'

/** Exit codes of every command. */
export const exitCodes = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const

/**
 * Why a command cannot continue, as one sentence for a person. `code` is for programs: a code of the protocol or of the
 * connection, or one of those in docs/commands.md.
 */
export class Failure extends Error {
  readonly code: string
  readonly exitCode: number = exitCodes.failed

  constructor(message: string, code = 'failed') {
    super(message)
    this.name = 'Failure'
    this.code = code
  }
}

/** The command was started with wrong options. The message names the option. */
export class UsageError extends Failure {
  override readonly exitCode = exitCodes.misused

  constructor(message: string) {
    super(message, 'usage')
    this.name = 'UsageError'
  }
}

/** The message of an error, or of its cause if the error itself has no details. */
export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error)
  if (error.message === 'fetch failed' && error.cause !== undefined) return reasonOf(error.cause)
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ')
  return error.message || codeOf(error) || error.name
}

/** The `code` of an error. */
export const codeOf = (error: unknown): string | undefined =>
  types.isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined
