import type { AbortSignalLike } from './abort.ts'
import type { Clock } from './clock.ts'
import type { Random } from './delays.ts'
import type { PendingStore } from './pending-store.ts'
import type { KickReason, RoomPush } from './pushes.ts'
import type { Replies, RoomReference, Verb } from './requests.ts'
import type { RoomView } from './session-events.ts'
import type { Connection } from './socket.ts'

/** What the client needs of a session. */
export interface Subscriber {
  /** Undefined until the room is joined. */
  readonly view: RoomView | undefined
  receive(push: RoomPush): void
  /** Moves to another connection. Resolves when the server has answered, with a reply or with an error. */
  resume(connection: Connection): Promise<void>
  connectionLost(connection: Connection): void
  /** The server has no session for it on this connection. */
  notJoined(connection: Connection): void
  /** The last position that was applied, for the heartbeat; undefined while not joined. */
  readonly position: number | undefined
  /** Reads the messages that are missing up to this position. */
  noteHead(head: number): void
  /** Ends for good. With `kept`, unsent messages stay in the storage and are sent another time. */
  end(reason: KickReason | Error, kept: boolean): void
  /** The connection that it is joined on, or moving to. */
  readonly target: Connection | undefined
}

/** The rooms of the client, as a session sees them. */
export interface RoomPorts {
  /** Resolves when no session is leaving this room. */
  leavesDone(reference: RoomReference): Promise<void>
  /** Until the promise settles, joins of the rooms that it concerns wait. */
  trackLeave(done: Promise<unknown>, concerns: (reference: RoomReference) => boolean): void
  /** Leaves the room of a cancelled join, on the connection of that join, once the server has answered it. */
  undoJoin(answer: Promise<Replies['join']>, connection: Connection, reference: RoomReference): void
  /** Gives the room to this session and returns the pushes that were held for it. Throws if another session has it. */
  enter(subscriber: Subscriber, roomId: string): RoomPush[]
  /** The join has succeeded or failed: no more pushes are held for it. */
  endJoin(subscriber: Subscriber): void
  leave(subscriber: Subscriber): void
}

/** The reply to a join, and the connection that it came on. */
export interface JoinAnswer {
  readonly reply: Replies['join']
  readonly connection: Connection
}

/** What a session needs of its client. */
export interface ClientPorts {
  readonly clock: Clock
  readonly random: Random
  readonly pendingStore: PendingStore
  /** The shortest wait for the messages of a gap before the history is asked, in milliseconds. */
  readonly gapMs: number
  /** The caller's own id. */
  user(): string
  readonly rooms: RoomPorts
  newId(): string
  /** Resolves when the client makes no more connections by itself. Rejects with the reason of the signal. */
  stopped(signal: AbortSignalLike): Promise<void>
  /** Asks on the current connection, or on the next one. An `idempotent` request is repeated until it is answered. */
  ask<Name extends Verb>(
    verb: Name,
    fields: object,
    idempotent: boolean,
  ): Promise<{ reply: Replies[Name]; connection: Connection }>
  /**
   * Joins for this session, once no other session of this client is leaving the room. Rejects with an
   * InvalidOperationError if another session has the room. Rejects with the reason of the signal, and leaves the room
   * on the server then.
   */
  join(subscriber: Subscriber, reference: RoomReference, fields: object, signal: AbortSignalLike): Promise<JoinAnswer>
  /** Moves the session to the current connection, unless it is joined there or moving there. */
  moveIfNeeded(subscriber: Subscriber): void
}
