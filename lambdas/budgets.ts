import { limits } from '../protocol/limits.ts'
import { RateLimiter } from './domain/budget/limiter.ts'
import type { QuotaLimits } from './domain/budget/quotas.ts'
import type { RateLimits } from './domain/budget/room-rate.ts'
import type { Spending } from './domain/budget/spending.ts'
import type { Clock } from './domain/clock.ts'

/** The rates that `hello` publishes, in the form that the domain uses. */
export const rates = {
  room: { perSecond: limits.messagesPerSecondPerRoom, burst: limits.messageBurstPerRoom },
  author: { perSecond: limits.messagesPerSecondPerAuthor, burst: limits.messageBurstPerAuthor },
}

/**
 * The units that a taken name costs beside the usual price. The refusal tells that a room with this name exists, even a
 * secret one, so guessing must not be cheap.
 */
export const takenNameUnits = 500

/** The budget of each user for a minute. */
export const userLimits = ({ unitsPerMinute, messagesPerMinute }: QuotaLimits): Spending => ({
  units: unitsPerMinute,
  messages: messagesPerMinute,
  bad: limits.badFramesPerMinute,
  refused: limits.badFramesPerMinute,
})

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
  retries: new RateLimiter(rates.room, clock),
})

/**
 * The units that are charged before a verb runs, by route key: about the most that a usual call costs. The difference
 * from the real cost is settled afterwards. All other verbs are charged the price of a frame.
 */
export const prices: { readonly [routeKey: string]: number } = {
  $connect: 50,
  join: 60,
  leave: 50,
  sync: 50,
  send: 30,
  history: 100,
  participants: 50,
  createRoom: 80,
  getRoom: 20,
  updateRoom: 200,
  moveRoom: 200,
  deleteRoom: 200,
  createCategory: 50,
  updateCategory: 300,
  deleteCategory: 50,
  categories: 50,
  browse: 300,
  invitations: 20,
  preference: 50,
  block: 30,
  unblock: 20,
  blocks: 20,
  grant: 100,
  revoke: 200,
  roles: 50,
  removeMessages: 300,
  purge: 300,
  record: 100,
  suspend: 300,
  unsuspend: 50,
  suspended: 50,
  disconnect: 200,
  retention: 50,
  legalHold: 50,
  erase: 300,
}
