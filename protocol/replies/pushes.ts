import * as z from 'zod/mini'
import { erasure, messages, messageValue, removal, removed } from './messages.ts'
import * as things from './values.ts'

const { id, room } = things
const type = { type: z.literal('message') }

/** The old and the new value of a setting of a room. */
const change = <Value extends z.ZodMiniType>(value: Value) => z.optional(z.object({ old: value, new: value }))

/** The pushes of the server, by type. */
export const pushes = {
  message: z.union([
    z.extend(messageValue, type),
    z.extend(removed, type),
    z.extend(removal, type),
    z.extend(erasure, type),
  ]),
  messages: z.object({ type: z.literal('messages'), roomId: id, messages }),
  participant: z.object({
    type: z.literal('participant'),
    roomId: id,
    event: z.enum(['joined', 'left', 'changed']),
    user: things.participant,
  }),
  room: z.object({
    type: z.literal('room'),
    roomId: id,
    version: things.version,
    changed: z.object({
      name: change(room.shape.name),
      description: change(room.shape.description),
      categoryId: change(room.shape.categoryId),
      privacy: change(room.shape.privacy),
      auditorium: change(room.shape.auditorium),
      invitations: change(room.shape.invitations),
      disabled: change(room.shape.disabled),
    }),
  }),
  kicked: z.object({ type: z.literal('kicked'), roomId: id, reason: z.enum(['revoked', 'disabled', 'deleted']) }),
  invitation: z.extend(things.invitation, { type: z.literal('invitation') }),
  goaway: z.object({ type: z.literal('goaway'), reason: z.string(), reconnectInMs: things.count }),
}

/**
 * A frame that API Gateway sends itself. The outcome of the oldest unanswered request is then unknown. `message` is
 * `Internal server error`, `Forbidden`, or an undocumented text for frames that come too fast.
 */
export const gatewayFrame = z.object({
  message: z.string(),
  connectionId: z.optional(z.string()),
  requestId: z.optional(z.string()),
})
