import * as z from 'zod/mini'
import { position } from '../fields.ts'
import { invitations, privacy, role } from '../frames/scalars.ts'

/**
 * Schemas that replies and pushes share. Functions do not import this file at run time; the types of `wire.ts` are made
 * from it.
 */

export const id = z.string().check(z.minLength(1))

/** A time, as the server writes it. */
export const time = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/))

/** The position of an entry. The first message has position 1. */
export const seq = z.int().check(z.gte(1))

export const version = z.int().check(z.gte(1))
export const count = z.int().check(z.gte(0))
export const cursor = z.optional(z.string())

/** `floor` is `head` + 1 if all messages were purged, or if the room keeps no history. */
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

/** `atLeast`: the room has more users than were counted. */
export const countedCard = z.extend(roomCard, { participantCount: count, atLeast: z.optional(z.literal(true)) })

export const participant = z.object({
  user: id,
  name: z.string(),
  isManager: z.boolean(),
  isPresenter: z.boolean(),
})

export const invitation = z.object({ invitationId: seq, room: roomCard, createdAt: time })

export const grant = z.object({ role, principal, createdAt: time, createdBy: z.string() })

/** A grant that was revoked because the new category of the room does not allow it. */
export const purgedGrant = z.object({ role, principal })

/** The caller's roles in a room, and the rights that they give. */
export const rights = z.object({ roles: z.array(role), canChat: z.boolean(), canManage: z.boolean() })

/** A user who may not connect, by an administrator and for a reason. */
export const suspension = z.object({
  user: id,
  until: z.optional(time),
  since: time,
  by: z.string(),
  reason: z.optional(z.string()),
})

/** The erasure of a user. `left` says where something of the user is left when the job is done. */
export const erasureJob = z.object({
  id,
  messages: z.enum(['remove', 'keep']),
  state: z.enum(['running', 'done']),
  startedAt: time,
  progress: z.object({ rooms: count, messages: count, roles: count }),
  left: z.optional(z.array(z.string())),
})

/** `details` depends on the event: the message, the search, the principals of a role, or how the session ended. */
export const recordLine = z.object({
  at: time,
  event: z.enum([
    'said',
    'joined',
    'left',
    'searched',
    'granted',
    'revoked',
    'removed',
    'purged',
    'suspended',
    'unsuspended',
    'disconnected',
    'deleted',
    'retention',
    'held',
    'released',
    'erased',
    'created',
    'renamed',
    'opened',
    'closed',
    'moved',
    'disabled',
    'enabled',
    'changed',
    'categoryCreated',
    'categoryChanged',
    'categoryDeleted',
    'read',
    'connected',
  ]),
  by: z.string(),
  /** Only in a record of all rooms: the room, if the line is of one. */
  roomId: z.optional(id),
  details: z.optional(z.record(z.string(), z.unknown())),
})

/** A category for users in its scope. */
export const categoryCard = z.object({
  categoryId: id,
  name: z.string(),
  description: z.string(),
  invitations: z.boolean(),
  history: z.boolean(),
  files: z.boolean(),
})

/** A category for administrators. */
export const category = z.extend(categoryCard, {
  allowed: z.array(principal),
  denied: z.array(principal),
  creators: z.array(principal),
  version,
  ...audit,
})
