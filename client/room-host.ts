import type { Random } from './backoff.ts'
import type { Clock } from './clock.ts'
import type { KickReason, RoomPush } from './pushes.ts'
import type { Replies, RoomReference, Verb } from './requests.ts'
import type { Line } from './socket.ts'
import type { Storage } from './storage.ts'

/** What a client knows of a session that lives on it. */
export interface Tenant {
  readonly roomId: string | undefined
  receive(push: RoomPush): void
  /** Moves to another line; resolves when the server has answered, whatever it said. */
  resume(line: Line): Promise<void>
  lost(line: Line): void
  /** The last position that was applied, for the heartbeat; nothing while not joined. */
  readonly position: number | undefined
  sawHead(head: number): void
  /** Ends for good. What is `kept` in the storage goes out another time. */
  end(reason: KickReason | Error, kept: boolean): void
  /** The line that it is joined on, or on its way to. */
  readonly heading: Line | undefined
}

/** What a session needs of its client. */
export interface RoomHost {
  readonly clock: Clock
  readonly random: Random
  readonly storage: Storage
  /** The least that a gap is waited for before the history is asked, in milliseconds. */
  readonly gapMs: number
  /** The caller's own id. */
  readonly user: string
  newId(): string
  /** Asks on the line there is, or on the next one. Asked again, where that is `safe`, until an answer comes. */
  ask<Name extends Verb>(verb: Name, fields: object, safe: boolean): Promise<{ reply: Replies[Name]; line: Line }>
  /**
   * Pushes for rooms that nobody is in yet are held until the returned function is called. Throws an
   * InvalidOperationError when the room is known to be joined, a ConnectionError when there is no connection.
   */
  expect(tenant: Tenant, reference: RoomReference): () => void
  /** The room is this session's from now on; answers what was held for it. Throws when another session has it. */
  enter(tenant: Tenant, roomId: string): RoomPush[]
  leave(tenant: Tenant): void
  /** Moves the session to the connection there is, unless it is there or on its way. The next one takes it along. */
  settle(tenant: Tenant): void
}
