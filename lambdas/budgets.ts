import { limits } from '../protocol/limits.ts'
import { RateLimiter } from './domain/budget/limiter.ts'
import type { RateLimits } from './domain/budget/room-rate.ts'
import type { Clock } from './domain/clock.ts'

/** What `hello` publishes, as the domain asks for it. */
export const rates = {
  room: { perSecond: limits.messagesPerSecondPerRoom, burst: limits.messageBurstPerRoom },
  author: { perSecond: limits.messagesPerSecondPerAuthor, burst: limits.messageBurstPerAuthor },
}

/** A client that comes back joins all its rooms at once. */
export const joinLimiter = (clock: Pick<Clock, 'now'>): RateLimiter =>
  new RateLimiter({ perSecond: limits.joinsPerSecondPerConnection, burst: limits.joinBurstPerConnection }, clock)

/** A room's log knows what was said in it. What one author says in many rooms is known to each environment in part. */
export const rateLimits = (clock: Pick<Clock, 'now'>): RateLimits => ({
  rates,
  authors: new RateLimiter(rates.author, clock),
})
