import type { Clock, Random } from '../clock.ts'
import { Refusal } from '../errors.ts'
import type { RateLimiter } from './limiter.ts'
import { isNothing, plusMessage, type RatedEntry, type Rates, type RateUse, useAfter, waitFor } from './rate.ts'

/** How much may be said. */
export interface RateLimits {
  rates: Rates
  /** What this execution environment has let each author say lately, over all rooms. */
  authors?: RateLimiter | undefined
}

/** Those whom a room refuses come back spread over this time: soon enough to miss nothing, and few enough not to fight for a place. */
const spreadMs = 4000

/**
 * A clock that is further behind the log than this cannot tell how long ago its newest entry was. One clock that was fast
 * must not close the room to all others until they have caught up, so whoever cannot tell is let in.
 */
const tellsWithinMs = 1000

const tooMuch = 'Slower, please: this was too much at once.'

/** Refuses who speaks too fast, given the entry that the message would follow. */
export function checkRate({ rates, authors }: RateLimits, clock: Clock & Random, last: RatedEntry, user: string): void {
  const now = clock.now()
  const behindMs = Math.max(0, last.sentAt - now)
  const wait =
    behindMs > tellsWithinMs ? { room: 0, author: 0 } : waitFor(useAfter(last, now - last.sentAt, rates), user, rates)
  const author = Math.max(wait.author && wait.author + behindMs, authors?.waitMs(user) ?? 0)
  const room = wait.room && wait.room + behindMs + clock.random() * spreadMs
  if (author === 0 && room === 0) return
  const message = author > 0 ? tooMuch : 'Too much is said here at once.'
  throw new Refusal('rate_limited', message, { retryAfterMs: Math.ceil(Math.max(author, room)) })
}

/** Counts one more, or refuses it where that would be too many. */
export function take(buckets: RateLimiter, key: string): void {
  const retryAfterMs = Math.ceil(buckets.waitMs(key))
  if (retryAfterMs > 0) throw new Refusal('rate_limited', tooMuch, { retryAfterMs })
  buckets.take(key)
}

/** What an entry carries that follows this one at this time. Nothing when nothing was used before it. */
export function nextUse(
  rates: Rates,
  last: RatedEntry,
  sentAt: number,
  speaker: string | undefined,
): RateUse | undefined {
  const before = useAfter(last, sentAt - last.sentAt, rates)
  if (isNothing(before)) return undefined
  return speaker === undefined ? before : plusMessage(before, speaker, rates)
}
