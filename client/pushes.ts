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

const isInteger = Number.isSafeInteger

const isEntry = (value: unknown): boolean => isObject(value) && isInteger(value.seq)

/** Timers of the platform take no longer waits. */
const maxTimerMs = 2 ** 31 - 1

/** Whether a push has the fields that the client reads. The pushes of a faulty server may lack some. */
export function isComplete(push: object): boolean {
  const { type, messages, user, version, changed, invitationId, room, reason, reconnectInMs: ms } = push as Fields
  switch (type) {
    case 'message':
      return isEntry(push)
    case 'messages':
      return Array.isArray(messages) && messages.every(isEntry)
    case 'participant':
      return isObject(user) && typeof user.user === 'string'
    case 'room':
      return isInteger(version) && isObject(changed) && Object.values(changed).every(isObject)
    case 'invitation':
      return isInteger(invitationId) && isObject(room)
    case 'goaway':
      return reason === 'replaced' || reason === 'suspended' || (typeof ms === 'number' && ms >= 0 && ms <= maxTimerMs)
    default:
      return true
  }
}
