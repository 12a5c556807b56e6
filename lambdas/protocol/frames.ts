import * as z from 'zod/mini'
import { cursor, description, flag, id, name, position, principals } from './fields.ts'
import { limits } from './limits.ts'

/** The frames that a client may send, by verb. Fields that are not named here are ignored. */
export { send } from './message.ts'

const pages = z.int().check(z.gte(0), z.lte(limits.historyMessages))

/** A room is pointed at by exactly one of its three names. */
const reference = {
  roomId: z.optional(id),
  roomUri: z.optional(z.string().check(z.maxLength(512), z.regex(/^chat:\/\/[^/\s]+\/[^/\s]+$/))),
  roomName: z.optional(name),
}

interface Reference {
  roomId?: string | undefined
  roomUri?: string | undefined
  roomName?: string | undefined
}

const onlyOne = z.refine<Reference>(
  ({ roomId, roomUri, roomName }) => [roomId, roomUri, roomName].filter((given) => given !== undefined).length === 1,
  { path: ['roomId'], message: 'or else roomUri or roomName must name the room, and only one of them' },
)

const role = z.enum(['member', 'manager', 'presenter'])
const room = z.object({ roomId: id })

export const hello = z.object({})
export const join = z.object({ ...reference, after: z.optional(position), limit: z.optional(pages) }).check(onlyOne)
export const leave = room
export const sync = z.object({
  rooms: z
    .record(id, position)
    .check(
      z.refine(
        (rooms) => Object.keys(rooms).length <= limits.roomsPerConnection,
        `at most ${limits.roomsPerConnection} rooms`,
      ),
    ),
})
export const history = z
  .object({
    roomId: id,
    after: z.optional(position),
    before: z.optional(position),
    limit: z.optional(pages),
    cursor: z.optional(cursor),
  })
  .check(
    z.refine(({ after, before }) => after === undefined || before === undefined, {
      path: ['before'],
      message: 'goes without after',
    }),
  )
export const participants = z.object({ roomId: id, cursor: z.optional(cursor) })

const privacy = z.enum(['open', 'closed', 'secret'])
const invitations = z.enum(['inherit', 'off'])

export const createRoom = z.object({
  name,
  categoryId: z._default(id, 'general'),
  description: z._default(description, ''),
  privacy: z._default(privacy, 'closed'),
  auditorium: z._default(flag, false),
  invitations: z._default(invitations, 'inherit'),
  clientRoomId: z.optional(id),
})
export const getRoom = z.object(reference).check(onlyOne)
export const grant = z.object({ roomId: id, role, principals })
export const revoke = grant
export const roles = z.object({ roomId: id, role: z.optional(role), cursor: z.optional(cursor) })
