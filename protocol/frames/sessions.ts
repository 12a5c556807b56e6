import * as z from 'zod/mini'
import { cursor, id, position } from '../fields.ts'
import { limits } from '../limits.ts'
import { count, onlyOne, reference } from './scalars.ts'

export const hello = z.object({})

export const join = z.object({ ...reference, after: z.optional(position), limit: z.optional(count) }).check(onlyOne)

export const leave = z.object({ roomId: id })

export const sync = z.object({
  rooms: z
    .record(id, position)
    .check(
      z.refine(
        (rooms) => Object.keys(rooms).length <= limits.roomsPerConnection,
        `must name at most ${limits.roomsPerConnection} rooms`,
      ),
    ),
})

export const participants = z.object({ roomId: id, cursor: z.optional(cursor) })
