import * as z from 'zod/mini'
import { boolean, cursor, id, singleLine } from '../fields.ts'
import { limits } from '../limits.ts'
import { time, user } from './scalars.ts'

export const suspend = z.object({
  user,
  until: z.optional(time),
  reason: z.optional(singleLine(limits.descriptionCharacters)),
})

export const unsuspend = z.object({ user })

export const suspended = z.object({ cursor: z.optional(cursor) })

export const disconnect = z.object({ user: z.optional(user), connectionId: z.optional(id) }).check(
  z.refine(({ user, connectionId }) => (user === undefined) !== (connectionId === undefined), {
    path: ['user'],
    message: 'or else connectionId must say which connections, and only one of them',
  }),
)

export const retention = z
  .object({
    roomId: z.optional(id),
    categoryId: z.optional(id),
    days: z.optional(z.int().check(z.gte(0), z.lte(limits.retentionDays))),
  })
  .check(
    z.refine(({ roomId, categoryId }) => (roomId === undefined) !== (categoryId === undefined), {
      path: ['roomId'],
      message: 'or else categoryId must say which messages, and only one of them',
    }),
  )

export const legalHold = z.object({ roomId: z.optional(id), user: z.optional(user), hold: z.optional(boolean) }).check(
  z.refine(({ roomId, user }) => (roomId === undefined) !== (user === undefined), {
    path: ['roomId'],
    message: 'or else user must say what is held, and only one of them',
  }),
)

export const erase = z.object({ user, messages: z.enum(['remove', 'keep']) })
