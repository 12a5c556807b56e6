import type { Errors } from '../protocol/types.ts'
import type { ErrorFrame } from '../protocol/wire.ts'

/** Every code of the protocol, see docs/protocol.md. */
export const errorCodes = [
  'invalid',
  'not_found',
  'forbidden',
  'room_disabled',
  'not_joined',
  'conflict',
  'duplicate_name',
  'resync_required',
  'id_reused',
  'not_in_scope',
  'presenter_not_member',
  'unknown_principal',
  'limit_exceeded',
  'rate_limited',
  'unavailable',
  'internal',
] as const satisfies readonly ErrorCode[]

export type ErrorCode = keyof Errors

/** Details of some codes: the field of `invalid`, the positions of `resync_required`, the version of `conflict`. */
export interface ErrorDetails {
  readonly reason?: string
  readonly field?: string
  readonly head?: number
  readonly floor?: number
  readonly epoch?: string
  readonly version?: number
  readonly principals?: readonly string[]
}

/** The server refused the request. */
export class ChatError extends Error {
  /** Codes that this version does not know become `internal`. */
  readonly code: ErrorCode
  /** The same request may succeed later. */
  readonly retryable: boolean
  /** Milliseconds to wait before the next try, if the server tells. */
  readonly retryAfterMs: number | undefined
  readonly details: ErrorDetails

  constructor({ code, message, retryable, retryAfterMs, details }: ErrorFrame) {
    super(message)
    this.name = 'ChatError'
    this.code = errorCodes.find((known) => known === code) ?? 'internal'
    this.retryable = retryable
    this.retryAfterMs = retryAfterMs
    this.details = details ?? {}
  }
}

/**
 * Why there is no connection, or no answer:
 *
 * - `unauthorized`: the server refused the token, or the token callback failed. Only a new sign-in may help.
 * - `misconfigured`: the URL, the platform or the origin of the page does not work with this server.
 * - `replaced`: the user opened more connections than are allowed, and the server closed this one.
 * - `suspended`: an administrator has suspended the user.
 * - `unreachable`: the server was not reached, or the connection was lost. The client tries again by itself.
 * - `unanswered`: the request was sent, but not answered.
 * - `closed`: the client was closed, or `connect` was not called.
 */
export type ConnectionErrorCode =
  | 'unauthorized'
  | 'misconfigured'
  | 'replaced'
  | 'suspended'
  | 'unreachable'
  | 'unanswered'
  | 'closed'

/** There is no connection, or a request was not answered. `cause` is the error of the platform or the token callback. */
export class ConnectionError extends Error {
  readonly code: ConnectionErrorCode
  /** The server may have run the request. */
  readonly undecided: boolean

  constructor(message: string, code: ConnectionErrorCode, options: { undecided?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ConnectionError'
    this.code = code
    this.undecided = options.undecided ?? false
  }
}

/** The operation is not possible in the present state of the session. */
export class SessionStateError extends Error {
  readonly state: string

  constructor(operation: string, state: string) {
    super(`A session that is ${state} cannot ${operation}.`)
    this.name = 'SessionStateError'
    this.state = state
  }
}

/** The operation contradicts an earlier one: the room is joined already, or the client was closed. */
export class InvalidOperationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InvalidOperationError'
  }
}
