import type { AbortSignalLike } from './abort.ts'
import type { Message } from './message.ts'
import type { KickReason, RoomChanges } from './pushes.ts'
import type { JoinReply, Rights, Room } from './requests.ts'
import type { ParticipantEvent } from './roster-state.ts'
import type { SendFailure, Sent } from './sender.ts'
import type { Gap } from './sequence.ts'

/**
 * A session is `idle` before it joins and after it has left. It stays `established` while the connection is lost and
 * made again. `terminated` is final: the client was closed, or the server ended the session.
 */
export type SessionState = 'idle' | 'establishing' | 'established' | 'terminating' | 'terminated'

export interface SessionStateChange {
  readonly state: SessionState
  /** With `terminated`: the reason of the server, or the error that ended the session. */
  readonly reason?: KickReason | Error
}

/** The room of a session, and the rights of the caller there. */
export interface RoomView {
  readonly room: Room
  readonly you: Rights
}

export interface JoinOptions {
  /** The last position that the program has. All later messages are raised as `message` events, in order. */
  after?: number | undefined
  /** The epoch in which `after` was read. If the room has another one now, `reset` is raised. */
  epoch?: string | undefined
  /** Without `after`: how many of the newest messages the result has, 0 to 500; 30 by default. */
  limit?: number | undefined
  /** Cancels the join. */
  signal?: AbortSignalLike | undefined
}

/** `messages` are the newest ones of the room. With `after` they are raised as events instead. */
export interface JoinResult extends RoomView {
  readonly messages: JoinReply['messages']
  readonly head: number
  /** The oldest position that is still kept. */
  readonly floor: number
  readonly epoch: string
  /** The room has no messages older than `messages`. */
  readonly complete: boolean
}

/** The messages that the program has do not belong to the log any more. It has the newest ones; events follow `head`. */
export interface Reset extends JoinResult {
  /** The position was purged or is unknown, or a backup was restored. */
  readonly reason: 'resync_required' | 'epoch'
}

/** The events of a session. Every `message` and every `removal` is raised once, in the order of the log. */
export interface SessionEvents {
  state: SessionStateChange
  /** A message of any participant, the caller included. */
  message: Message
  /** An entry that removes the bodies of earlier messages, see its `removes` and `removesOf`. */
  removal: Message
  /** A participant joined, left or has other rights. Not raised in crowded rooms. */
  participant: ParticipantEvent
  /** The room was edited; `room` has the new values. */
  room: { readonly room: Room; readonly changed: RoomChanges }
  /** The rights of the caller have changed. */
  rights: Rights
  /** Messages are missing, and the history is asked for them. */
  gap: Gap
  /** The log was purged or restored: discard its messages and start from these. */
  reset: Reset
  /** A message was stored, after any number of tries. */
  sent: Sent
  /** A message was refused, or it cannot be tried any longer. */
  failed: SendFailure
  /** Whether messages arrive now. They do not while the connection is lost. */
  live: boolean
}
