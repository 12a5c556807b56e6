import type { AbortSignalLike } from './abort.ts'
import type { Clock } from './clock.ts'
import type { Random } from './delays.ts'
import type { PendingStore } from './pending-store.ts'
import type { KickReason, RoomPush } from './pushes.ts'
import type { Replies, RoomReference, Verb } from './requests.ts'
import type { RoomView } from './session-state.ts'
import type { Connection } from './socket.ts'

/** What a client knows of a session that lives on it. */
export interface Subscriber {
  readonly roomId: string | undefined
  /** Nothing until the room is joined. */
  readonly place: RoomView | undefined
  receive(push: RoomPush): void
  /** Moves to another line; resolves when the server has answered, whatever it said. */
  resume(line: Connection): Promise<void>
  lost(line: Connection): void
  /** The server has no session for it on this line. */
  missing(line: Connection): void
  /** The last position that was applied, for the heartbeat; nothing while not joined. */
  readonly position: number | undefined
  sawHead(head: number): void
  /** Ends for good. What is `kept` in the storage goes out another time. */
  end(reason: KickReason | Error, kept: boolean): void
  /** The line that it is joined on, or on its way to. */
  readonly heading: Connection | undefined
}

/** The answer to a join, and the line that it came on. */
export interface Joining {
  readonly reply: Replies['join']
  readonly line: Connection
}

/** What a session needs of its client. */
export interface ClientPorts {
  readonly clock: Clock
  readonly random: Random
  readonly drafts: PendingStore
  /** The least that a gap is waited for before the history is asked, in milliseconds. */
  readonly gapMs: number
  /** The caller's own id. */
  readonly user: string
  newId(): string
  /** Resolves when the client makes no more connections by itself. Rejects with the signal. */
  stopped(signal: AbortSignalLike): Promise<void>
  /** Asks on the line there is, or on the next one. Asked again, where that is `safe`, until an answer comes. */
  ask<Name extends Verb>(verb: Name, fields: object, safe: boolean): Promise<{ reply: Replies[Name]; line: Connection }>
  /**
   * Joins for this session, once no other session of this client is leaving the room. Throws an InvalidOperationError
   * when another session has it, and the reason of the signal; the room is left on the server then.
   */
  join(tenant: Subscriber, reference: RoomReference, fields: object, signal: AbortSignalLike): Promise<Joining>
  /** Leaves the room of a join whose session was called off. */
  undo(joining: Joining, reference: RoomReference): void
  /** Until the promise settles, a join of the room of this session waits. */
  depart(tenant: Subscriber, done: Promise<unknown>): void
  /** Resolves when no session of this client is leaving the room any more. */
  departed(reference: RoomReference): Promise<void>
  /** The room is this session's from now on; answers what was held for it. Throws when another session has it. */
  enter(tenant: Subscriber, roomId: string): RoomPush[]
  /** The join has ended, either way: pushes need not be held for it. */
  giveUp(tenant: Subscriber): void
  leave(tenant: Subscriber): void
  /** Moves the session to the connection there is, unless it is there or on its way. The next one takes it along. */
  settle(tenant: Subscriber): void
}
