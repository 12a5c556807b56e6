import * as z from 'zod/mini'
import { cursor, position, singleLine } from '../fields.ts'
import { limits } from '../limits.ts'
import { bytesIn } from '../text.ts'

export const invitations = z.object({ after: z._default(position, 0) })

export const block = z.object({ user: singleLine(128) })
export const unblock = block
export const blocks = z.object({ cursor: z.optional(cursor) })

export const preference = z.object({
  label: singleLine(limits.nameCharacters),
  data: z.optional(
    z
      .string()
      .check(
        z.refine((text) => bytesIn(text) <= limits.preferenceBytes, `must be at most ${limits.preferenceBytes} bytes`),
      ),
  ),
  knownVersion: z.optional(position),
})
