import * as z from 'zod/mini'
import { cursor, id, principals } from '../fields.ts'
import { role } from './scalars.ts'

export const grant = z.object({ roomId: id, role, principals })
export const revoke = grant
export const roles = z.object({ roomId: id, role: z.optional(role), cursor: z.optional(cursor) })
