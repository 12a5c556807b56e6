import { createHash } from 'node:crypto'
import type { Order, SearchProgress } from '../domain/log/search.ts'
import type { RecordEvent } from '../domain/record/record.ts'
import { badCursor, type ListQuery, type Paging, type Position } from './cursor.ts'

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

/** A whole query, so that a cursor is valid only for the same query. */
export function listQuery(verb: string, roomId: string, query: HistoryQuery): ListQuery {
  const { after, before, from, to, authors, search, match, matchCase, order, sort } = query
  const who = authors && JSON.stringify([...authors].sort())
  return [verb, roomId, after?.toString(), before?.toString(), from, to, who, search, match, matchCase, order, sort]
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

/** A query for the log of one room, or of these. */
type Search = HistoryQuery & { roomIds?: string[] | undefined }

/** A question of more bytes than this is recorded without its words and authors. */
const maxQuestionBytes = 512

/**
 * The line of a search. It is written in each room, so it stays small: a long question is known by its digest, which is
 * the same in all rooms, and by its numbers.
 */
export const searchEvent = (caller: { user: string }, at: number, query: Search): RecordEvent => {
  const { search, match, matchCase, authors, from, to } = query
  const question = JSON.stringify([search, match, matchCase, authors && [...authors].sort(), from, to])
  const isShort = Buffer.byteLength(question) <= maxQuestionBytes
  const details = {
    ...(isShort && { search, authors }),
    ...{ match, matchCase, from, to },
    digest: createHash('sha256').update(question).digest('base64url').slice(0, 22),
    ...(search !== undefined && { searchCharacters: [...search].length }),
    ...(authors && { authorCount: authors.length }),
    roomCount: query.roomIds?.length ?? 1,
  }
  const given = Object.entries(details).filter(([, value]) => value !== undefined)
  return { at, event: 'searched', by: caller.user, details: Object.fromEntries(given) }
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

/** The position in a cursor of the log. */
export function seqAt(position: Position | undefined): number | undefined {
  if (position === undefined || (typeof position === 'number' && position >= 0)) return position
  throw badCursor()
}

/** The cursor for the rest of a search. */
export const cursorAfter = ({ cursorAt }: Paging, { low, high, size }: SearchProgress): string =>
  cursorAt(`${low}-${high}-${size}`)

export function progressAt(position: Position | undefined): SearchProgress | undefined {
  if (position === undefined) return undefined
  const [low = 0, high = 0, size = 0, more] = String(position).split('-').map(Number)
  const isValid = more === undefined && [low, high, size].every((number) => Number.isSafeInteger(number) && number > 0)
  if (isValid && low <= high) return { low, high, size }
  throw badCursor()
}
