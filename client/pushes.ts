import type { Pushes } from '../protocol/types.ts'
import type { Message } from './message.ts'

/** The pushes of the server. Other types are ignored. */
export type Push =
  | Exclude<Pushes[keyof Pushes], { type: 'message' | 'messages' }>
  | ({ type: 'message' } & Message)
  | { type: 'messages'; roomId: string; messages: Message[] }

/** Why the server ended a session. */
export type KickReason = Pushes['kicked']['reason']

/** A push about one room. */
export type RoomPush = Extract<Push, { roomId: string }>

/** The edited properties of a room, each with its old and its new value. */
export type RoomChanges = Pushes['room']['changed']

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const isEntry = (value: unknown): boolean =>
  isObject(value) &&
  Number.isSafeInteger(value.seq) &&
  (value.from === undefined || isObject(value.from)) &&
  (value.removes === undefined || Array.isArray(value.removes))

/** Timers of the platform take no longer waits. */
const maxTimerMs = 2 ** 31 - 1

/** Whether a push of each type has the fields that the client reads. */
const isComplete: { readonly [Type in Push['type']]: (push: Fields) => boolean } = {
  message: isEntry,
  messages: ({ messages }) => Array.isArray(messages) && messages.every(isEntry),
  participant: ({ event, user }) => typeof event === 'string' && isObject(user) && typeof user.user === 'string',
  room: ({ version, changed }) =>
    Number.isSafeInteger(version) && isObject(changed) && Object.values(changed).every(isObject),
  kicked: ({ reason }) => typeof reason === 'string',
  invitation: ({ invitationId, room }) =>
    Number.isSafeInteger(invitationId) && isObject(room) && typeof room.roomId === 'string',
  goaway: ({ reason, reconnectInMs: ms }) =>
    reason === 'replaced' || (typeof ms === 'number' && ms >= 0 && ms <= maxTimerMs),
}

/** The push in a frame; undefined for an unknown type, and for a malformed push of a faulty server. */
export function pushIn(frame: { readonly type?: unknown }): Push | undefined {
  const { type } = frame
  if (typeof type !== 'string' || !Object.hasOwn(isComplete, type)) return undefined
  return isComplete[type as Push['type']]({ ...frame }) ? (frame as Push) : undefined
}
