import * as z from 'zod/mini'
import type { Push } from '../../protocol/wire.ts'
import type { Principal } from '../domain/access/principals.ts'

/** The review of the sessions of a room after a change of rights. */
export interface RoomReview {
  roomId: string
  reason: Extract<Push, { type: 'kicked' }>['reason']
  /** The principals whose rights may have changed; all if left out. */
  touched?: readonly Principal[]
  /** A push to the remaining sessions after the review. */
  push?: Extract<Push, { type: 'room' }>
  /** The position reached: sessions of connections before this one are reviewed. */
  from?: string
}

/** The review of all rooms of a category, in the order of their ids. */
export interface CategoryReview {
  categoryId: string
  /** The position reached: rooms up to this one are reviewed, or handed on by themselves. */
  after?: string
}

export type ReviewJob = RoomReview | CategoryReview

export interface Reviews {
  /** Resolves when the job is accepted. It then runs by itself, and again from the same position if it fails. */
  start(job: ReviewJob): Promise<void>
}

const text = z.string().check(z.minLength(1))

const schema = z.union([
  z.object({
    roomId: text,
    reason: z.enum(['revoked', 'disabled', 'deleted']),
    touched: z.optional(z.array(text)),
    push: z.optional(z.looseObject({ type: z.literal('room') })),
    from: z.optional(text),
  }),
  z.object({ categoryId: text, after: z.optional(text) }),
])

/** Parses the event of an asynchronous invocation. Throws if it is not a job. */
export const parseReviewJob = (event: unknown): ReviewJob => schema.parse(event) as ReviewJob
