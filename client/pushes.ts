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
