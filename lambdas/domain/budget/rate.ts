import { hashOf } from './hash.ts'

/** A rate limit: at most `burst` calls at once, and at most `perSecond` calls a second in the long run. */
export interface Rate {
  perSecond: number
  burst: number
}

/** The rate of a whole room, and the rate of one author in it. */
export interface Rates {
  room: Rate
  author: Rate
}

/** The use that one message adds, in milliseconds. Use goes down by one millisecond per millisecond. */
const costMs = ({ perSecond }: Rate): number => Math.ceil(1000 / perSecond)

/** Milliseconds until the rate allows one more, given the current use. */
export const waitMs = (rate: Rate, used: number): number => Math.max(0, used - costMs(rate) * (rate.burst - 1))

/** The use after one more message. */
export const useAfterOne = (rate: Rate, used: number): number =>
  Math.min(used, costMs(rate) * (rate.burst - 1)) + costMs(rate)

/** The fields of a log entry from which the next rate is computed. */
export interface RatedEntry {
  /** Milliseconds since 1970. */
  sentAt: number
  from?: { user: string }
  removes?: readonly number[]
  spent?: RateUse
}

/** The use that is left when `passedMs` milliseconds have passed since the entry. */
export function useAfter(last: RatedEntry, passedMs: number, rates: Rates): RateUse {
  const { room, authors } = last.spent ?? useOf(last, rates)
  // Clocks differ. A negative time must not increase the use.
  const left = (used: number) => Math.max(0, used - Math.max(0, passedMs))
  const busy = Object.entries(authors).map(([author, used]): [string, number] => [author, left(used)])
  return { room: left(room), authors: Object.fromEntries(busy.filter(([, used]) => used > 0)) }
}

/** The use after one more message of this author. */
export function plusMessage({ room, authors }: RateUse, user: string, rates: Rates): RateUse {
  const author = tagOf(user)
  return {
    room: useAfterOne(rates.room, room),
    authors: { ...authors, [author]: useAfterOne(rates.author, authors[author] ?? 0) },
  }
}

/** Milliseconds until the room accepts one more message, and until this author may send one. */
export const waitFor = ({ room, authors }: RateUse, user: string, rates: Rates) => ({
  room: waitMs(rates.room, room),
  author: waitMs(rates.author, authors[tagOf(user)] ?? 0),
})

export const isNothing = ({ room, authors }: RateUse): boolean => room === 0 && Object.keys(authors).length === 0

const nothing: RateUse = { room: 0, authors: {} }

/** An entry without `spent` was stored when nothing was in use. Position 0 and removals add no use. */
const useOf = ({ from, removes }: RatedEntry, rates: Rates): RateUse =>
  from && !removes ? plusMessage(nothing, from.user, rates) : nothing

/** The hash of an author, which is short because many are in one entry. Authors with the same hash share one limit. */
export const tagOf = (user: string): string => hashOf(user).toString(36)

/**
 * The use of the rates of a room and its authors: milliseconds until it is zero again. Authors are named by their
 * hashes.
 */
export interface RateUse {
  room: number
  authors: { [tag: string]: number }
}
