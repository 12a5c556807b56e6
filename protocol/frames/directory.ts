import * as z from 'zod/mini'
import { boolean, cursor, id, position, singleLine } from '../fields.ts'
import { limits } from '../limits.ts'
import { match, privacy } from './scalars.ts'

const criteria = z.object({
  text: singleLine(limits.searchCharacters),
  match: z._default(match, 'any'),
  inDescription: z._default(boolean, false),
})

const ways = ['criteria', 'mine', 'managed', 'joinedBy', 'invitedAfter', 'categoryId'] as const

export const browse = z
  .object({
    criteria: z.optional(criteria),
    mine: z.optional(z.literal(true)),
    managed: z.optional(z.literal(true)),
    joinedBy: z.optional(singleLine(128)),
    invitedAfter: z.optional(position),
    categoryId: z.optional(id),
    privacy: z.optional(privacy),
    auditorium: z.optional(boolean),
    disabled: z.optional(boolean),
    limit: z._default(z.int().check(z.gte(1), z.lte(limits.browseRooms)), limits.browseRooms),
    cursor: z.optional(cursor),
  })
  .check(
    z.refine((frame) => ways.filter((way) => frame[way] !== undefined).length === 1, {
      path: ['criteria'],
      message: `or else one of ${ways.slice(1).join(', ')} must say which rooms, and only one of them`,
    }),
  )
