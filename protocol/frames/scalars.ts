import * as z from 'zod/mini'
import { atMost, id, name, singleLine } from '../fields.ts'
import { limits } from '../limits.ts'

export const count = z.int().check(z.gte(0), z.lte(limits.historyMessages))

export const role = z.enum(['member', 'manager', 'presenter'])
export const privacy = z.enum(['open', 'closed', 'secret'])
export const invitations = z.enum(['inherit', 'off'])
export const match = z.enum(['any', 'all', 'phrase'])

/** The text of a search. */
export const searchText = singleLine(limits.searchCharacters)

export const end = z.enum(['oldest', 'newest'])

/** Checks the day too, because `Date` reads February 30 as a day in March. */
function isTime(text: string): boolean {
  const [, day] = /^(\d{4}-\d\d-\d\d)T(?!24)[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  return day !== undefined && !Number.isNaN(Date.parse(text)) && new Date(day).toISOString().startsWith(day)
}

/** A time in RFC 3339. */
export const time = z
  .string()
  .check(atMost(40), z.refine(isTime, { message: 'must be a time such as 2026-11-22T22:33:01Z' }))

/** The id of a user. */
export const user = singleLine(128)

export const authors = z.array(user).check(z.minLength(1), z.maxLength(limits.principalsPerRequest))

/** The fields that refer to a room. A frame has exactly one of them. */
export const reference = {
  roomId: z.optional(id),
  roomUri: z.optional(z.string().check(atMost(512), z.regex(/^chat:\/\/[^/\s]+\/[^/\s]+$/))),
  roomName: z.optional(name),
}

interface Reference {
  roomId?: string | undefined
  roomUri?: string | undefined
  roomName?: string | undefined
}

export const onlyOne = z.refine<Reference>(
  ({ roomId, roomUri, roomName }) => [roomId, roomUri, roomName].filter((field) => field !== undefined).length === 1,
  { path: ['roomId'], message: 'or else roomUri or roomName must name the room, and only one of them' },
)
