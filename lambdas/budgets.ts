import { limits } from '../protocol/limits.ts'
import { RateLimiter } from './domain/budget/limiter.ts'
import type { RateLimits } from './domain/budget/room-rate.ts'
import type { Clock } from './domain/clock.ts'

/** The rates that `hello` publishes, in the form that the domain uses. */
export const rates = {
  room: { perSecond: limits.messagesPerSecondPerRoom, burst: limits.messageBurstPerRoom },
  author: { perSecond: limits.messagesPerSecondPerAuthor, burst: limits.messageBurstPerAuthor },
}

/**
 * Limits the joins of each connection. The burst allows a client to join all its rooms at once when it connects again.
 */
export const joinLimiter = (clock: Pick<Clock, 'now'>): RateLimiter =>
  new RateLimiter({ perSecond: limits.joinsPerSecondPerConnection, burst: limits.joinBurstPerConnection }, clock)

/**
 * The rate limits of messages. The log of a room holds the use in this room. The messages of one author in many rooms
 * are counted by each environment, which sees only a part of them.
 */
export const rateLimits = (clock: Pick<Clock, 'now'>): RateLimits => ({
  rates,
  authors: new RateLimiter(rates.author, clock),
})
