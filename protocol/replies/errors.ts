import * as z from 'zod/mini'
import { position } from '../fields.ts'
import { principal, seq, version } from './values.ts'

/** The wrong field, or the field of one of several rooms. */
const field = z.optional(z.object({ field: z.string() }))
/** The request had no effect. It may succeed with a new token. */
const expiry = z.object({ reason: z.literal('token_expired') })
const principals = z.object({ field: z.optional(z.string()), principals: z.array(principal) })

const refusal = <Code extends string, Details extends z.ZodMiniType>(code: Code, details: Details) =>
  z.object({ code: z.literal(code), message: z.string(), retryable: z.literal(false), details })

const withoutDetails = <Code extends string>(code: Code) =>
  z.object({ code: z.literal(code), message: z.string(), retryable: z.literal(false) })

const retryableError = <Code extends string>(code: Code) =>
  z.object({
    code: z.literal(code),
    message: z.string(),
    retryable: z.literal(true),
    retryAfterMs: z.optional(z.int().check(z.gte(0))),
    details: field,
  })

/** The errors of requests, by code. */
export const errors = {
  invalid: refusal('invalid', field),
  not_found: refusal('not_found', field),
  forbidden: refusal('forbidden', z.optional(z.union([z.object({ field: z.string() }), expiry]))),
  room_disabled: refusal('room_disabled', field),
  not_joined: withoutDetails('not_joined'),
  conflict: refusal('conflict', z.optional(z.union([z.object({ head: position }), z.object({ version })]))),
  duplicate_name: withoutDetails('duplicate_name'),
  resync_required: refusal('resync_required', z.object({ head: position, floor: seq, epoch: z.string() })),
  id_reused: withoutDetails('id_reused'),
  not_in_scope: refusal('not_in_scope', principals),
  presenter_not_member: refusal('presenter_not_member', principals),
  unknown_principal: refusal('unknown_principal', principals),
  limit_exceeded: withoutDetails('limit_exceeded'),
  rate_limited: retryableError('rate_limited'),
  unavailable: retryableError('unavailable'),
  internal: retryableError('internal'),
}
