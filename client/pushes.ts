import type { Pushes } from '../protocol/types.ts'
import type { Message } from './message.ts'

/** What the server says unasked. Types that are not named here are ignored. */
export type Push =
  | Exclude<Pushes[keyof Pushes], { type: 'message' | 'messages' }>
  | ({ type: 'message' } & Message)
  | { type: 'messages'; roomId: string; messages: Message[] }

/** Why a session was ended by the server. */
export type KickReason = Pushes['kicked']['reason']

/** A push that concerns one room. */
export type RoomPush = Extract<Push, { roomId: string }>

/** Properties of a room that were edited, each with its old and its new value. */
export type RoomChanges = Pushes['room']['changed']
