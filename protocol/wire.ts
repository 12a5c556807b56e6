import type * as types from './types.ts'

/**
 * The types of frames that the layers of the server share. They derive from `types.ts`, which is made from the schemas.
 */

type FieldOf<Union> = Union extends unknown ? keyof Union : never
type ValueOf<Union, Field> = Union extends unknown ? (Field extends keyof Union ? Union[Field] : never) : never

/** Merges the members of a union: fields of all members are required, other fields are optional. */
export type Merged<Union, Shared extends PropertyKey = keyof Union> = { [Field in Shared]: ValueOf<Union, Field> } & {
  [Field in Exclude<FieldOf<Union>, Shared>]?: ValueOf<Union, Field> | undefined
}

/** One position of a log: a message, a removed message, a removal, or an erasure. */
export type Entry = Merged<types.SaidMessage | types.RemovedMessage | types.Removal | types.Erasure>

/** A message inside the server. The schema of `send` has checked its parts, and no layer reads them. */
export type MessageFrame = Omit<Entry, 'parts'> & { parts?: unknown[] | undefined }
export type RoomFrame = types.Room
export type RoomCard = types.RoomCard
export type InvitationFrame = types.Invitation
export type ParticipantFrame = types.Participant

type Pushed = types.Pushes[keyof types.Pushes]

export type Push =
  | Exclude<Pushed, { type: 'message' | 'messages' }>
  | ({ type: 'message' } & MessageFrame)
  | { type: 'messages'; roomId: string; messages: MessageFrame[] }

export interface ErrorFrame {
  code: string
  message: string
  retryable: boolean
  retryAfterMs?: number
  details?: object
}

/** A reply to a request. `id` is the id of the request. */
export type Reply = { id?: string; ok: true; [field: string]: unknown } | { id?: string; ok: false; error: ErrorFrame }
