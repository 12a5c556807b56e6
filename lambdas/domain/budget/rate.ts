/** So many at once, and so many a second for as long as one likes. */
export interface Rate {
  perSecond: number
  burst: number
}

/** What one room bears, and what one author may say in it. */
export interface Rates {
  room: Rate
  author: Rate
}

/** What one message uses up. It is free again after as long, in milliseconds. */
const costMs = ({ perSecond }: Rate): number => Math.ceil(1000 / perSecond)

/** How long until one more has room, when so much is used. */
export const waitMs = (rate: Rate, used: number): number => Math.max(0, used - costMs(rate) * (rate.burst - 1))

/** What is used when one more was let in. */
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

/** The part of the room's rate that is still in use this long after the entry. */
export function useAfter(last: RatedEntry, passedMs: number, rates: Rates): RateUse {
  const { room, authors } = last.spent ?? bySelf(last, rates)
  // Clocks disagree, and one that is behind must not make the room busier.
  const left = (used: number) => Math.max(0, used - Math.max(0, passedMs))
  const busy = Object.entries(authors).map(([author, used]): [string, number] => [author, left(used)])
  return { room: left(room), authors: Object.fromEntries(busy.filter(([, used]) => used > 0)) }
}

/** What is used when this author has said one more. */
export function plusMessage({ room, authors }: RateUse, user: string, rates: Rates): RateUse {
  const author = tagOf(user)
  return {
    room: useAfterOne(rates.room, room),
    authors: { ...authors, [author]: useAfterOne(rates.author, authors[author] ?? 0) },
  }
}

/** How long until the room bears one more, and until it may be this author's. */
export const waitFor = ({ room, authors }: RateUse, user: string, rates: Rates) => ({
  room: waitMs(rates.room, room),
  author: waitMs(rates.author, authors[tagOf(user)] ?? 0),
})

export const isNothing = ({ room, authors }: RateUse): boolean => room === 0 && Object.keys(authors).length === 0

const nothing: RateUse = { room: 0, authors: {} }

/** An entry that says nothing about it was put when nothing was used. Position 0 and removals use nothing either. */
const bySelf = ({ from, removes }: RatedEntry, rates: Rates): RateUse =>
  from && !removes ? plusMessage(nothing, from.user, rates) : nothing

/** FNV-1a, short enough for many to stand in one entry. Authors who share a tag share an allowance. */
export function tagOf(user: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(user)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(36)
}

/** What is used of the allowances of a room and of its authors, in milliseconds until none of it is. Authors by their tags. */
export interface RateUse {
  room: number
  authors: { [tag: string]: number }
}
