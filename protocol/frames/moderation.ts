import * as z from 'zod/mini'
import { cursor, id, position, textOf } from '../fields.ts'
import { limits } from '../limits.ts'
import { authors, match, searchText, time, user } from './scalars.ts'

/**
 * Selects messages by position or by filters. A frame without any filter is invalid, so that an omission never removes
 * all messages.
 */
export const removeMessages = z
  .object({
    roomId: id,
    seqs: z.optional(z.array(position.check(z.gte(1))).check(z.minLength(1), z.maxLength(limits.principalsPerRequest))),
    from: z.optional(time),
    to: z.optional(time),
    authors: z.optional(authors),
    search: z.optional(searchText),
    match: z.optional(match),
    replacement: z.optional(textOf({ bytes: limits.textBytes })),
    cursor: z.optional(cursor),
  })
  .check(
    z.refine(
      ({ seqs, from, to, authors, search }) =>
        (seqs !== undefined) !== [from, to, authors, search].some((filter) => filter !== undefined),
      { path: ['seqs'], message: 'or else from, to, authors or search must say which messages' },
    ),
    z.refine(({ seqs, cursor }) => seqs === undefined || cursor === undefined, {
      path: ['cursor'],
      message: 'goes without seqs',
    }),
    z.refine(({ search, match }) => match === undefined || search !== undefined, {
      path: ['match'],
      message: 'goes with search',
    }),
  )

/** Requests the compliance record of a room, or of all rooms, and of all users or of one. */
export const record = z.object({
  roomId: z.optional(id),
  user: z.optional(user),
  from: z.optional(time),
  to: z.optional(time),
  cursor: z.optional(cursor),
})

export const purge = z.object({ roomId: id, before: time })
