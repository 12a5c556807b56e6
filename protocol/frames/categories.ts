import * as z from 'zod/mini'
import { boolean, cursor, description, id, name, position, principal } from '../fields.ts'
import { limits } from '../limits.ts'

/** The list may be empty. A category without creators, or without allowed users, is closed. */
const people = z.array(principal).check(z.maxLength(limits.principalsPerRequest))

export const createCategory = z.object({
  name,
  description: z._default(description, ''),
  allowed: z._default(people, ['everyone']),
  denied: z._default(people, []),
  creators: z._default(people, []),
  invitations: z._default(boolean, true),
  history: z._default(boolean, true),
  files: z._default(boolean, true),
})

export const updateCategory = z.object({
  categoryId: id,
  version: position,
  name: z.optional(name),
  description: z.optional(description),
  allowed: z.optional(people),
  denied: z.optional(people),
  creators: z.optional(people),
  invitations: z.optional(boolean),
  history: z.optional(boolean),
  files: z.optional(boolean),
})

export const deleteCategory = z.object({ categoryId: id })
export const categories = z.object({ creatable: z.optional(z.literal(true)), cursor: z.optional(cursor) })
