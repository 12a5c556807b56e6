import { createHash } from 'node:crypto'
import { BadFrame } from '../../protocol/parse.ts'
import type { Order, SearchProgress } from '../domain/log/search.ts'
import type { RecordEvent } from '../domain/record/record.ts'
import { cursorFor, readCursor } from './cursor.ts'

/** A query for the log of one room. Times are RFC 3339 strings. */
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

/** A digest of a whole query, so that a cursor is valid only for the same query. */
export function queryKey(verb: string, roomId: string, query: HistoryQuery): string {
  const { after, before, from, to, authors, search, match, matchCase, order, sort } = query
  const fields = JSON.stringify([
    verb,
    roomId,
    [after, before, from, to],
    authors && [...authors].sort(),
    [search, match, matchCase],
    [order, sort],
  ])
  return createHash('sha256').update(fields).digest('base64url').slice(0, 22)
}

export const orderOf = ({ after, from, order }: HistoryQuery): Order =>
  order ?? (after === undefined && from === undefined ? 'newest' : 'oldest')

/** Whether the query asks for consecutive entries, without a filter. */
export const isUnfiltered = (query: HistoryQuery): boolean => {
  const { from, to, authors, search } = query
  const filtered = [from, to, authors, search].some((filter) => filter !== undefined)
  return !filtered && orderOf(query) === orderOf({ ...query, order: undefined })
}

/** Whether the query filters by text or authors, and not only by time. */
export const isSearch = ({ search, authors }: HistoryQuery): boolean => search !== undefined || authors !== undefined

export const searchEvent = (caller: { user: string }, at: number, query: HistoryQuery): RecordEvent => {
  const { search, match, matchCase, authors, from, to } = query
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

export const filterOf = ({ authors, search, match, matchCase }: HistoryQuery, defaultMatch: 'any' | 'all') => ({
  authors,
  ...(search !== undefined && {
    search: { text: search, match: match ?? defaultMatch, matchCase: matchCase ?? false },
  }),
})

/** Returns the position in a cursor of the log. Throws `BadFrame` for a cursor of another query. */
export function positionIn(cursor: string, key: string): number {
  const position = readCursor(cursor, key)
  if (typeof position === 'number' && position >= 0) return position
  throw badCursor()
}

/** The cursor for the rest of a search. */
export const cursorAt = (key: string, { low, high, size }: SearchProgress): string =>
  cursorFor(key, `${low}-${high}-${size}`)

export function progressIn(cursor: string, key: string): SearchProgress {
  const [low = 0, high = 0, size = 0, more] = String(readCursor(cursor, key)).split('-').map(Number)
  const isValid = more === undefined && [low, high, size].every((number) => Number.isSafeInteger(number) && number > 0)
  if (isValid && low <= high) return { low, high, size }
  throw badCursor()
}

const badCursor = () => new BadFrame('cursor belongs to another question, or to none.', 'cursor')
