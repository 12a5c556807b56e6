import type { Message } from './message.ts'
import type { RoomChanges } from './pushes.ts'
import type { Rights, Room } from './requests.ts'
import type { ParticipantEvent } from './roster-state.ts'
import type { SendFailure, Sent } from './sender.ts'
import type { Gap } from './sequence.ts'
import type { Reset, SessionStateChange } from './session-state.ts'

/** What a session tells. Every `message` and `removal` comes once and in the order of the room. */
export interface SessionEvents {
  state: SessionStateChange
  /** Somebody's message, one's own included. */
  message: Message
  /** An entry that takes the bodies of earlier messages away, see its `removes`. */
  removal: Message
  /** Somebody came, went, or has other rights. Not told in crowded rooms. */
  participant: ParticipantEvent
  /** The room was edited; `room` is as it is now. */
  room: { readonly room: Room; readonly changed: RoomChanges }
  /** What the caller may do here has changed. */
  rights: Rights
  /** Messages are missing and asked for. */
  gap: Gap
  /** What is held is void: start over from here. */
  reset: Reset
  /** A message has its place, however many tries it took. */
  sent: Sent
  /** A message was refused, or nobody can try any longer. */
  failed: SendFailure
  /** Whether messages arrive now; while the connection heals they do not. */
  live: boolean
}
