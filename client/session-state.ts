import type { AbortSignalLike } from './abort.ts'
import type { KickReason } from './pushes.ts'
import type { JoinReply, Rights, Room } from './requests.ts'

/**
 * A session is `idle` until it joins, and again after it left. `established` it stays while the connection heals.
 * `terminated` is for good: the client was closed, or the server ended the session.
 */
export type SessionState = 'idle' | 'establishing' | 'established' | 'terminating' | 'terminated'

export interface SessionStateChange {
  readonly state: SessionState
  /** With `terminated`: what the server said, or what made it impossible to stay. */
  readonly reason?: KickReason | Error
}

/** The room that a session is in, and what the caller may do there. */
export interface RoomView {
  readonly room: Room
  readonly you: Rights
}

export interface JoinOptions {
  /** The last position that is held. What followed is raised as `message` events, in order. */
  after?: number | undefined
  /** The epoch in which `after` was read; if it has changed, `reset` is raised. */
  epoch?: string | undefined
  /** Without `after`: how many of the newest messages the result has, 0 to 500; 30 when left out. */
  limit?: number | undefined
  /** Calls the join off. */
  signal?: AbortSignalLike | undefined
}

/** `messages` are the newest there were; with `after` they are raised as events instead. */
export interface JoinResult extends RoomView {
  readonly messages: JoinReply['messages']
  readonly head: number
  /** The oldest position that is still kept. */
  readonly floor: number
  readonly epoch: string
  /** Nothing older than `messages` is left to page for. */
  readonly complete: boolean
}

/** What a session holds is void; the newest messages come with it and the tail goes on after `head`. */
export interface Reset extends JoinResult {
  /** The position was trimmed or is unknown, or a backup was restored. */
  readonly reason: 'resync_required' | 'epoch'
}
