import { createHash } from 'node:crypto'
import { BadFrame } from '../../protocol/parse.ts'
import type { Order, SearchProgress } from '../domain/log/search.ts'
import type { RecordEvent } from '../domain/record/record.ts'
import { cursorFor, readCursor } from './cursor.ts'

/** What a client asks of one room's log. Times are as they were written. */
export interface HistoryQuery {
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
export function queryKey(verb: string, roomId: string, question: HistoryQuery): string {
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

export const orderOf = ({ after, from, order }: HistoryQuery): Order =>
  order ?? (after === undefined && from === undefined ? 'newest' : 'oldest')

/** Nothing has to be looked for: a stretch of the log is all that is asked. */
export const isUnfiltered = (question: HistoryQuery): boolean => {
  const { from, to, authors, search } = question
  const filtered = [from, to, authors, search].some((filter) => filter !== undefined)
  return !filtered && orderOf(question) === orderOf({ ...question, order: undefined })
}

/** Words or authors are looked for, and not merely a time. */
export const isSearch = ({ search, authors }: HistoryQuery): boolean => search !== undefined || authors !== undefined

export const searchEvent = (caller: { user: string }, at: number, question: HistoryQuery): RecordEvent => {
  const { search, match, matchCase, authors, from, to } = question
  const details = Object.entries({ search, match, matchCase, authors, from, to }).filter(
    ([, value]) => value !== undefined,
  )
  return { at, event: 'searched', by: caller.user, details: Object.fromEntries(details) }
}

export const boundsOf = ({ after, before, from, to }: HistoryQuery) => ({
  after,
  before,
  ...(from !== undefined && { from: Date.parse(from) }),
  ...(to !== undefined && { to: Date.parse(to) }),
})

export const filterOf = ({ authors, search, match, matchCase }: HistoryQuery, usual: 'any' | 'all') => ({
  authors,
  ...(search !== undefined && { search: { text: search, match: match ?? usual, matchCase: matchCase ?? false } }),
})

/** Where a page of the log ended. */
export function positionIn(cursor: string, asked: string): number {
  const place = readCursor(cursor, asked)
  if (typeof place === 'number' && place >= 0) return place
  throw madeUp()
}

/** What a search has left to look through. */
export const cursorAt = (asked: string, { low, high, size }: SearchProgress): string =>
  cursorFor(asked, `${low}-${high}-${size}`)

export function progressIn(cursor: string, asked: string): SearchProgress {
  const [low = 0, high = 0, size = 0, more] = String(readCursor(cursor, asked)).split('-').map(Number)
  const sound = more === undefined && [low, high, size].every((number) => Number.isSafeInteger(number) && number > 0)
  if (sound && low <= high) return { low, high, size }
  throw madeUp()
}

const madeUp = () => new BadFrame('cursor belongs to another question, or to none.', 'cursor')
