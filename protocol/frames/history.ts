import * as z from 'zod/mini'
import { boolean, cursor, id, position } from '../fields.ts'
import { limits } from '../limits.ts'
import { authors, count, end, match, searchText, time } from './scalars.ts'

const roomIds = z.array(id).check(
  z.minLength(1),
  z.maxLength(limits.historyRooms),
  z.refine((ids) => new Set(ids).size === ids.length, 'must be different rooms'),
)

export const history = z
  .object({
    roomId: z.optional(id),
    roomIds: z.optional(roomIds),
    after: z.optional(position),
    before: z.optional(position),
    from: z.optional(time),
    to: z.optional(time),
    authors: z.optional(authors),
    search: z.optional(searchText),
    match: z.optional(match),
    matchCase: z.optional(boolean),
    /** The end of the log where the search starts. */
    order: z.optional(end),
    /** The first message of the reply. */
    sort: z._default(end, 'oldest'),
    limit: z._default(count, limits.joinMessages),
    cursor: z.optional(cursor),
  })
  .check(
    z.refine(({ roomId, roomIds }) => (roomId === undefined) !== (roomIds === undefined), {
      path: ['roomId'],
      message: 'or else roomIds must say which rooms, and only one of them',
    }),
    z.refine(({ after, before }) => after === undefined || before === undefined, {
      path: ['before'],
      message: 'goes without after',
    }),
    z.refine(({ match, search }) => match === undefined || search !== undefined, {
      path: ['match'],
      message: 'goes with search',
    }),
    z.refine(({ matchCase, search }) => matchCase === undefined || search !== undefined, {
      path: ['matchCase'],
      message: 'goes with search',
    }),
    z.refine(({ cursor, roomId }) => cursor === undefined || roomId !== undefined, {
      path: ['cursor'],
      message: 'continues one room, with roomId',
    }),
  )
