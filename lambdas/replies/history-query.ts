import { createHash } from 'node:crypto'
import { BadFrame } from '../../protocol/parse.ts'
import type { Order, Place } from '../domain/log/search.ts'
import type { Recorded } from '../domain/record/record.ts'
import { cursorFor, placeIn } from './cursor.ts'

/** What a client asks of one room's log. Times are as they were written. */
export interface Question {
  after?: number | undefined
  before?: number | undefined
  from?: string | undefined
  to?: string | undefined
  authors?: string[] | undefined
  search?: string | undefined
  match?: 'any' | 'all' | 'phrase' | undefined
  matchCase?: boolean | undefined
  order?: Order | undefined
  sort?: Order | undefined
}

/** One short name for a whole question, so that a cursor is good for this one only. */
export function questionOf(verb: string, roomId: string, question: Question): string {
  const { after, before, from, to, authors, search, match, matchCase, order, sort } = question
  const asked = JSON.stringify([
    verb,
    roomId,
    [after, before, from, to],
    authors && [...authors].sort(),
    [search, match, matchCase],
    [order, sort],
  ])
  return createHash('sha256').update(asked).digest('base64url').slice(0, 22)
}

export const orderOf = ({ after, from, order }: Question): Order =>
  order ?? (after === undefined && from === undefined ? 'newest' : 'oldest')

/** Nothing has to be looked for: a stretch of the log is all that is asked. */
export const isPlain = (question: Question): boolean => {
  const { from, to, authors, search } = question
  const filtered = [from, to, authors, search].some((filter) => filter !== undefined)
  return !filtered && orderOf(question) === orderOf({ ...question, order: undefined })
}

/** Words or authors are looked for, and not merely a time. */
export const isSearch = ({ search, authors }: Question): boolean => search !== undefined || authors !== undefined

export const searchedBy = (caller: { user: string }, at: number, question: Question): Recorded => {
  const { search, match, matchCase, authors, from, to } = question
  const details = Object.entries({ search, match, matchCase, authors, from, to }).filter(
    ([, value]) => value !== undefined,
  )
  return { at, event: 'searched', by: caller.user, details: Object.fromEntries(details) }
}

export const boundsOf = ({ after, before, from, to }: Question) => ({
  after,
  before,
  ...(from !== undefined && { from: Date.parse(from) }),
  ...(to !== undefined && { to: Date.parse(to) }),
})

export const filterOf = ({ authors, search, match, matchCase }: Question, usual: 'any' | 'all') => ({
  authors,
  ...(search !== undefined && { search: { text: search, match: match ?? usual, matchCase: matchCase ?? false } }),
})

/** Where a page of the log ended. */
export function positionIn(cursor: string, asked: string): number {
  const place = placeIn(cursor, asked)
  if (typeof place === 'number' && place >= 0) return place
  throw madeUp()
}

/** What a search has left to look through. */
export const cursorAt = (asked: string, { low, high, size }: Place): string =>
  cursorFor(asked, `${low}-${high}-${size}`)

export function leftIn(cursor: string, asked: string): Place {
  const [low = 0, high = 0, size = 0, more] = String(placeIn(cursor, asked)).split('-').map(Number)
  const sound = more === undefined && [low, high, size].every((number) => Number.isSafeInteger(number) && number > 0)
  if (sound && low <= high) return { low, high, size }
  throw madeUp()
}

const madeUp = () => new BadFrame('cursor belongs to another question, or to none.', 'cursor')
