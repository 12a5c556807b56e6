// Made from the schemas by `npm run contract`.

import type { Principal } from './values.ts'

/** The errors of refused requests, by code. */
export interface Errors {
  invalid: {
    code: 'invalid'
    message: string
    retryable: false
    details?: {
      field: string
    }
  }
  not_found: {
    code: 'not_found'
    message: string
    retryable: false
    details?: {
      field: string
    }
  }
  forbidden: {
    code: 'forbidden'
    message: string
    retryable: false
    details?:
      | {
          field: string
        }
      | {
          reason: 'token_expired'
        }
  }
  room_disabled: {
    code: 'room_disabled'
    message: string
    retryable: false
    details?: {
      field: string
    }
  }
  not_joined: {
    code: 'not_joined'
    message: string
    retryable: false
  }
  conflict: {
    code: 'conflict'
    message: string
    retryable: false
    details?:
      | {
          head: number
        }
      | {
          version: number
        }
  }
  duplicate_name: {
    code: 'duplicate_name'
    message: string
    retryable: false
  }
  resync_required: {
    code: 'resync_required'
    message: string
    retryable: false
    details: {
      head: number
      floor: number
      epoch: string
    }
  }
  id_reused: {
    code: 'id_reused'
    message: string
    retryable: false
  }
  not_in_scope: {
    code: 'not_in_scope'
    message: string
    retryable: false
    details: {
      field?: string
      principals: Principal[]
    }
  }
  presenter_not_member: {
    code: 'presenter_not_member'
    message: string
    retryable: false
    details: {
      field?: string
      principals: Principal[]
    }
  }
  unknown_principal: {
    code: 'unknown_principal'
    message: string
    retryable: false
    details: {
      field?: string
      principals: Principal[]
    }
  }
  limit_exceeded: {
    code: 'limit_exceeded'
    message: string
    retryable: false
  }
  rate_limited: {
    code: 'rate_limited'
    message: string
    retryable: true
    retryAfterMs?: number
    details?: {
      field: string
    }
  }
  unavailable: {
    code: 'unavailable'
    message: string
    retryable: true
    retryAfterMs?: number
    details?: {
      field: string
    }
  }
  internal: {
    code: 'internal'
    message: string
    retryable: true
    retryAfterMs?: number
    details?: {
      field: string
    }
  }
}
