import * as z from 'zod/mini'
import { cursor, id, position } from '../fields.ts'
import { count } from './scalars.ts'

export const history = z
  .object({
    roomId: id,
    after: z.optional(position),
    before: z.optional(position),
    limit: z.optional(count),
    cursor: z.optional(cursor),
  })
  .check(
    z.refine(({ after, before }) => after === undefined || before === undefined, {
      path: ['before'],
      message: 'goes without after',
    }),
  )
