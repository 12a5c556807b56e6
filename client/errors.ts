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
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** What goes with some codes: the field of `invalid`, the position of `resync_required`, the version of `conflict`. */
export interface ErrorDetails {
  readonly reason?: string
  readonly field?: string
  readonly head?: number
  readonly floor?: number
  readonly epoch?: string
  readonly version?: number
  readonly principals?: readonly string[]
}

/** The server said no. */
export class ChatError extends Error {
  /** A code that this version does not know reads as `internal`. */
  readonly code: ErrorCode
  /** The same request may succeed later. */
  readonly retryable: boolean
  /** Milliseconds to wait before the next try, where the server knows. */
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
 * - `unauthorized`: the token was not accepted, or none could be had. Waiting does not help; a new sign-in may.
 * - `misconfigured`: the URL, the platform or the page's origin cannot work with this server.
 * - `replaced`: the user opened more connections than are allowed, and this one had to give way.
 * - `unreachable`: the server was not reached, or the connection was lost. The client tries again by itself.
 * - `unanswered`: the request was sent, and no answer came.
 * - `closed`: the client was closed, or was never asked to connect.
 */
export type ConnectionErrorCode =
  | 'unauthorized'
  | 'misconfigured'
  | 'replaced'
  | 'unreachable'
  | 'unanswered'
  | 'closed'

/** There is no connection, or it ended before an answer came. `cause` is what the platform or the token callback said. */
export class ConnectionError extends Error {
  readonly code: ConnectionErrorCode
  /** The request was sent and may have been carried out. */
  readonly undecided: boolean

  constructor(message: string, code: ConnectionErrorCode, options: { undecided?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ConnectionError'
    this.code = code
    this.undecided = options.undecided ?? false
  }
}

/** The session is not in a state in which this can be done. */
export class SessionStateError extends Error {
  readonly state: string

  constructor(operation: string, state: string) {
    super(`A session that is ${state} cannot ${operation}.`)
    this.name = 'SessionStateError'
    this.state = state
  }
}

/** What was asked for contradicts what is already so: the room is joined, the client was closed. */
export class InvalidOperationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InvalidOperationError'
  }
}
