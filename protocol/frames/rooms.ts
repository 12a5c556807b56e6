import * as z from 'zod/mini'
import { boolean, description, id, name, position, principal } from '../fields.ts'
import { limits } from '../limits.ts'
import { invitations, onlyOne, privacy, reference } from './scalars.ts'

export const createRoom = z.object({
  name,
  categoryId: z._default(id, 'general'),
  description: z._default(description, ''),
  privacy: z._default(privacy, 'closed'),
  auditorium: z._default(boolean, false),
  invitations: z._default(invitations, 'inherit'),
  clientRoomId: z.optional(id),
})

export const getRoom = z.object(reference).check(onlyOne)

/** A given list replaces the whole list. An empty list revokes the role from all holders. */
const wholeList = z.optional(z.array(principal).check(z.maxLength(limits.principalsPerRequest)))

export const updateRoom = z.object({
  roomId: id,
  version: position,
  name: z.optional(name),
  description: z.optional(description),
  privacy: z.optional(privacy),
  auditorium: z.optional(boolean),
  invitations: z.optional(invitations),
  disabled: z.optional(boolean),
  members: wholeList,
  managers: wholeList,
  presenters: wholeList,
})

export const moveRoom = z.object({ roomId: id, categoryId: id })
export const deleteRoom = z.object({ roomId: id })
