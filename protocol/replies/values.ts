import * as z from 'zod/mini'
import { position } from '../fields.ts'
import { invitations, privacy, role } from '../frames/scalars.ts'

/** What replies and pushes speak of. Nothing that runs in a function imports these; `wire.ts` is held to them. */

export const id = z.string().check(z.minLength(1))

/** A moment as the server writes it. */
export const time = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/))

/** The position of a message; the first one is 1. */
export const seq = z.int().check(z.gte(1))

export const version = z.int().check(z.gte(1))
export const count = z.int().check(z.gte(0))
export const cursor = z.optional(z.string())

/** `floor` is one beyond `head` where everything was purged or nothing is kept. */
export const range = { head: position, floor: seq }

export const permission = z.enum(['manage', 'join', 'chat', 'read', 'view'])
export const principal = z.string().check(z.regex(/^(everyone|(user|group):.+)$/))
export const grantRole = role

const audit = { createdAt: time, createdBy: z.string(), updatedAt: time, updatedBy: z.string() }

export const room = z.object({
  roomId: id,
  uri: z.string().check(z.regex(/^chat:\/\/[^/]+\/[^/]+$/)),
  name: z.string(),
  description: z.string(),
  categoryId: id,
  privacy,
  auditorium: z.boolean(),
  invitations,
  disabled: z.boolean(),
  version,
  ...audit,
})

export const roomCard = z.object({ roomId: id, uri: room.shape.uri, name: z.string(), description: z.string() })

/** `atLeast` says that there are more than were counted. */
export const countedCard = z.extend(roomCard, { participantCount: count, atLeast: z.optional(z.literal(true)) })

export const participant = z.object({
  user: id,
  name: z.string(),
  isManager: z.boolean(),
  isPresenter: z.boolean(),
})

export const invitation = z.object({ invitationId: seq, room: roomCard, createdAt: time })

export const grant = z.object({ role, principal, createdAt: time, createdBy: z.string() })

/** A grant that was removed, since the new category of its room does not allow it. */
export const purgedGrant = z.object({ role, principal })

/** The caller's roles in a room, and the rights that follow. */
export const rights = z.object({ roles: z.array(role), canChat: z.boolean(), canManage: z.boolean() })

/** `details` depends on the event: what was said or looked for, whom a role was given or taken, how someone left. */
export const recordLine = z.object({
  at: time,
  event: z.enum(['said', 'joined', 'left', 'searched', 'granted', 'revoked', 'removed', 'purged']),
  by: z.string(),
  details: z.optional(z.record(z.string(), z.unknown())),
})

/** What everyone in its scope sees of a category. */
export const categoryCard = z.object({
  categoryId: id,
  name: z.string(),
  description: z.string(),
  invitations: z.boolean(),
  history: z.boolean(),
  files: z.boolean(),
})

/** What an administrator sees of it. */
export const category = z.extend(categoryCard, {
  allowed: z.array(principal),
  denied: z.array(principal),
  creators: z.array(principal),
  version,
  ...audit,
})
