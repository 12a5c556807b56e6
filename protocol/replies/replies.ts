import * as z from 'zod/mini'
import { limits, quotaNames } from '../limits.ts'
import { message, messages } from './messages.ts'
import * as things from './values.ts'

const { count, cursor, id, permission, principal, range, room, time } = things

const nothing = z.object({})

const page = {
  messages,
  cursor,
  ...range,
  exceeded: z.boolean(),
  /** The last position that the search has examined. */
  searchedTo: z.optional(things.seq),
}

type LimitName = keyof typeof limits | 'announcedParticipants' | (typeof quotaNames)[number]
const names = [...Object.keys(limits), 'announcedParticipants', ...quotaNames] as LimitName[]
const published = z.object(Object.fromEntries(names.map((name) => [name, count])) as Record<LimitName, typeof count>)

/** The fields of successful replies, by verb, beside `id` and `ok`. */
export const replies = {
  ping: nothing,
  hello: z.object({
    connectionId: id,
    user: id,
    name: z.string(),
    limits: published,
    maxAgeSeconds: count,
    idleSeconds: count,
    serverTime: time,
    /** The version of the contract, for example `1.2`. A server without this field has version 1.0. */
    protocol: z.string(),
    /** The features of this server beyond version 1.0. */
    features: z.array(z.string()),
  }),
  join: z
    .object({
      room,
      you: things.rights,
      participants: z.optional(z.array(things.participant)),
      participantCount: z.optional(count),
      messages,
      ...range,
      epoch: z.string(),
      complete: z.boolean(),
    })
    .check(
      z.refine(
        ({ participants, participantCount }) => (participants === undefined) !== (participantCount === undefined),
        {
          message: 'holds either participants or participantCount',
        },
      ),
    ),
  leave: nothing,
  send: z.object({ message, duplicate: z.boolean() }),
  history: z.union([
    z.object({ ...page, epoch: z.string() }),
    z.object({ rooms: z.array(z.object({ roomId: id, ...page })), epoch: z.string() }),
  ]),
  participants: z.object({ participants: z.array(things.participant), participantCount: count, cursor }),
  sync: z.object({
    rooms: z.record(z.string(), z.object(range)),
    /** The requested rooms in which this connection has no session. Left out if there are none. */
    notJoined: z.optional(z.array(z.string()).check(z.minLength(1))),
  }),

  createRoom: z.object({ room }),
  getRoom: z.object({ room, permissions: z.array(permission) }),
  updateRoom: z.object({ room }),
  moveRoom: z.object({
    room,
    purged: z.array(things.purgedGrant),
    purgedCount: count,
  }),
  deleteRoom: nothing,

  browse: z.object({ rooms: z.array(things.countedCard), cursor, last: z.optional(count) }),
  categories: z.object({ categories: z.array(z.union([things.category, things.categoryCard])), cursor }),
  createCategory: z.object({ category: things.category }),
  updateCategory: z.object({ category: things.category }),
  deleteCategory: nothing,

  grant: z.object({ changed: z.array(principal) }),
  revoke: z.object({ changed: z.array(principal) }),
  roles: z.object({ grants: z.array(things.grant), cursor }),

  invitations: z.object({ invitations: z.array(things.invitation), last: count }),
  block: nothing,
  unblock: nothing,
  blocks: z.object({ users: z.array(id), cursor }),
  preference: z.object({ version: count, data: z.optional(z.string()) }),

  removeMessages: z.object({ removed: count, cursor }),
  purge: z.object({ floor: things.seq, complete: z.boolean() }),
  record: z.object({ entries: z.array(things.recordLine), cursor }),

  suspend: z.object({ suspended: things.suspension }),
  /** Whether the user was suspended before. */
  unsuspend: z.object({ unsuspended: z.boolean() }),
  suspended: z.object({ users: z.array(things.suspension), cursor }),
  disconnect: z.object({ disconnected: count }),
  /** Without `days` there is no rule. */
  retention: z.object({ days: z.optional(count) }),
  legalHold: z.object({ hold: z.boolean() }),
  erase: z.object({ job: things.erasureJob }),
}
