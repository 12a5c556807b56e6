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

/** The only error by which the domain refuses a request. `retryAfterMs` is set if a later try may succeed. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly details: RefusalDetails | undefined
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    more: { details?: RefusalDetails; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause })
    this.name = 'Refused'
    this.code = code
    this.details = more.details
    this.retryAfterMs = more.retryAfterMs
  }
}

/** A request on a connection that was closed because newer connections of the user replaced it. */
export class Replaced extends Refusal {
  constructor() {
    super('not_joined', 'This connection was closed in favour of newer ones.')
  }
}

/** A user who has asked for too much, and may ask again after so many milliseconds. */
export const slowDown = (retryAfterMs: number): Refusal =>
  new Refusal('rate_limited', 'Slower, please: this was too much at once.', { retryAfterMs: Math.ceil(retryAfterMs) })

/** A user who goes on in spite of refusals: the connection is closed, and no new one is admitted for so long. */
export class ShutOut extends Refusal {
  constructor(forMs: number) {
    super('rate_limited', 'This was too much for too long. Connect again later.', { retryAfterMs: forMs })
  }
}
