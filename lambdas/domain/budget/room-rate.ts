import type { Clock, Random } from '../clock.ts'
import { Refusal, slowDown } from '../errors.ts'
import type { RateLimiter } from './limiter.ts'
import { isNothing, plusMessage, type RatedEntry, type Rates, type RateUse, useAfter, waitFor } from './rate.ts'

/** The limits that apply to a message. */
export interface RateLimits {
  rates: Rates
  /** The recent messages of each author over all rooms, as seen by this execution environment. */
  authors?: RateLimiter | undefined
  /** The messages that this execution environment has recently delivered again, by room. */
  retries?: RateLimiter | undefined
}

/**
 * Retries of refused senders are spread over this many milliseconds: short enough to miss nothing, and long enough that
 * few of them compete for the same position.
 */
const spreadMs = 4000

/**
 * A clock that is further behind the log than this cannot tell the age of the newest entry. A sender with a fast clock
 * must not block everyone else, so a function that cannot tell admits the message.
 */
const maxBehindMs = 1000

/** Throws `rate_limited` if the author or the room is too fast. `last` is the entry before the new message. */
export function checkRate({ rates, authors }: RateLimits, clock: Clock & Random, last: RatedEntry, user: string): void {
  const now = clock.now()
  const behindMs = Math.max(0, last.sentAt - now)
  const wait =
    behindMs > maxBehindMs ? { room: 0, author: 0 } : waitFor(useAfter(last, now - last.sentAt, rates), user, rates)
  const author = Math.max(wait.author && wait.author + behindMs, authors?.waitMs(user) ?? 0)
  const room = wait.room && wait.room + behindMs + clock.random() * spreadMs
  if (author === 0 && room === 0) return
  const retryAfterMs = Math.ceil(Math.max(author, room))
  if (author > 0) throw slowDown(retryAfterMs)
  throw new Refusal('rate_limited', 'Too much is said here at once.', { retryAfterMs })
}

/** Counts a message that is delivered again. Throws `rate_limited` if the author or the room is too fast. */
export function checkRetry({ authors, retries }: RateLimits, roomId: string, user: string): void {
  const retryAfterMs = Math.max(authors?.waitMs(user) ?? 0, retries?.waitMs(roomId) ?? 0)
  if (retryAfterMs > 0) throw slowDown(retryAfterMs)
  authors?.take(user)
  retries?.take(roomId)
}

/** Counts one more call of the key. Throws `rate_limited` if this exceeds the rate. */
export function take(limiter: RateLimiter, key: string): void {
  const retryAfterMs = limiter.waitMs(key)
  if (retryAfterMs > 0) throw slowDown(retryAfterMs)
  limiter.take(key)
}

/** The `spent` field of the entry after `last`. Undefined if nothing was in use before it. */
export function nextUse(
  rates: Rates,
  last: RatedEntry,
  sentAt: number,
  author: string | undefined,
): RateUse | undefined {
  const before = useAfter(last, sentAt - last.sentAt, rates)
  if (isNothing(before)) return undefined
  return author === undefined ? before : plusMessage(before, author, rates)
}
