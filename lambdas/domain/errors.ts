export type ErrorCode =
  | 'invalid'
  | 'not_found'
  | 'forbidden'
  | 'room_disabled'
  | 'not_joined'
  | 'conflict'
  | 'duplicate_name'
  | 'resync_required'
  | 'id_reused'
  | 'not_in_scope'
  | 'presenter_not_member'
  | 'unknown_principal'
  | 'limit_exceeded'
  | 'rate_limited'
  | 'unavailable'

export interface RefusalDetails {
  field?: string
  reason?: 'token_expired'
  head?: number
  floor?: number
  epoch?: string
  version?: number
  principals?: string[]
}

/** The one way in which the domain says no. `retryAfterMs` is set where waiting helps. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly details: RefusalDetails | undefined
  readonly retryAfterMs: number | undefined

  constructor(reason: ErrorCode, message: string, more: { details?: RefusalDetails; retryAfterMs?: number } = {}) {
    super(message)
    this.name = 'Refused'
    this.code = reason
    this.details = more.details
    this.retryAfterMs = more.retryAfterMs
  }
}

/** A request on a connection that is closed already, since newer connections of the user took its place. */
export class Replaced extends Refusal {
  constructor() {
    super('not_joined', 'This connection was closed in favour of newer ones.')
  }
}
