import { limits } from '../protocol/limits.ts'
import { Buckets } from './domain/budget/limiter.ts'
import type { Allowance } from './domain/budget/room-rate.ts'
import type { Pace } from './domain/log/log.ts'

/** What `hello` publishes, as the domain asks for it. */
export const rates = {
  room: { perSecond: limits.messagesPerSecondPerRoom, burst: limits.messageBurstPerRoom },
  author: { perSecond: limits.messagesPerSecondPerAuthor, burst: limits.messageBurstPerAuthor },
}

/** A client that comes back joins all its rooms at once. */
export const joins = (pace: Pick<Pace, 'now'>): Buckets =>
  new Buckets({ perSecond: limits.joinsPerSecondPerConnection, burst: limits.joinBurstPerConnection }, pace)

/** A room's log knows what was said in it. What one author says in many rooms is known to each environment in part. */
export const allowance = (pace: Pick<Pace, 'now'>): Allowance => ({
  rates,
  authors: new Buckets(rates.author, pace),
})
