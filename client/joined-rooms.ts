import type { RoomPorts, Subscriber } from './client-ports.ts'
import { ConnectionError, InvalidOperationError } from './errors.ts'
import type { RoomPush } from './pushes.ts'
import type { Replies, RoomReference } from './requests.ts'
import { idIn, isSameRoom } from './room-reference.ts'
import { type Connection, NoReply } from './socket.ts'

/** How many rooms move to a new connection at the same time. */
const maxConcurrentMoves = 10

/** How many pushes are held for joins that are not answered yet. */
const maxEarlyPushes = 1000

/** A session that is leaving a room, until the server has answered. */
interface Leave {
  readonly done: Promise<unknown>
  /** Whether this reference names the room that is left. */
  concerns(reference: RoomReference): boolean
}

/** The rooms of one client. A room has one session at most, from the join until the server has answered the leave. */
export class JoinedRooms implements RoomPorts {
  readonly #subscribers = new Map<string, Subscriber>()
  /** Joins in progress, with the id of the room if it is known. */
  readonly #joining = new Map<Subscriber, string | undefined>()
  /** Joins in progress, and those that wait for a leave. */
  readonly #announced = new Set<Subscriber>()
  readonly #leaves = new Set<Leave>()
  #earlyPushes: RoomPush[] = []

  get ids(): string[] {
    return [...this.#subscribers.keys()]
  }

  /** All sessions that have a room or are joining one. */
  get all(): Subscriber[] {
    return [...this.#subscribers.values(), ...this.#announced]
  }

  async leavesDone(reference: RoomReference): Promise<void> {
    for (const { done, concerns } of [...this.#leaves]) if (concerns(reference)) await done.catch(() => undefined)
  }

  trackLeave(done: Promise<unknown>, concerns: Leave['concerns']): void {
    const leave = { done, concerns }
    this.#leaves.add(leave)
    const forget = () => void this.#leaves.delete(leave)
    done.then(forget, forget)
  }

  /** This session is going to join a room. */
  announce(subscriber: Subscriber): void {
    this.#announced.add(subscriber)
  }

  /** From now on until `enter` or `endJoin`, pushes for rooms without a session are held. */
  reserve(subscriber: Subscriber, reference: RoomReference): void {
    const roomId = idIn(reference)
    const isTaken =
      roomId !== undefined && (this.#subscribers.has(roomId) || [...this.#joining.values()].includes(roomId))
    if (isTaken) throw joinedAlready()
    this.#joining.set(subscriber, roomId)
  }

  endJoin(subscriber: Subscriber): void {
    this.#announced.delete(subscriber)
    this.#joining.delete(subscriber)
    if (this.#joining.size === 0) this.#earlyPushes = []
  }

  enter(subscriber: Subscriber, roomId: string): RoomPush[] {
    if (this.#subscribers.has(roomId)) throw joinedAlready()
    this.#subscribers.set(roomId, subscriber)
    return this.#earlyPushes.filter((push) => push.roomId === roomId)
  }

  leave(subscriber: Subscriber): void {
    for (const [roomId, other] of this.#subscribers) if (other === subscriber) this.#subscribers.delete(roomId)
  }

  undoJoin(answer: Promise<Replies['join']>, connection: Connection, reference: RoomReference): void {
    const found = answer.then(
      ({ room }) => room.roomId,
      (error: unknown) => (error instanceof NoReply ? idIn(reference) : undefined),
    )
    const undone = found.then(async (roomId) => {
      // If another session has the room now, it keeps it.
      const isFree = roomId !== undefined && connection.isOpen && !this.#subscribers.has(roomId)
      if (isFree) await connection.ask('leave', { roomId })
    })
    this.trackLeave(undone, () => true)
  }

  receive(push: RoomPush): void {
    const subscriber = this.#subscribers.get(push.roomId)
    if (subscriber) subscriber.receive(push)
    else if (this.#joining.size > 0 && this.#earlyPushes.length < maxEarlyPushes) this.#earlyPushes.push(push)
  }

  async moveTo(socket: Connection): Promise<void> {
    const waiting = [...this.#subscribers.values()]
    while (waiting.length > 0) {
      await Promise.all(waiting.splice(0, maxConcurrentMoves).map((subscriber) => subscriber.resume(socket)))
    }
  }

  /** Moves sessions that are on another connection: they joined on the old one while the others moved. */
  moveIfNeeded(subscribers: Iterable<Subscriber>, current: Connection | undefined): void {
    for (const subscriber of subscribers) {
      if (current && subscriber.target !== current) void subscriber.resume(current)
    }
  }

  connectionLost(socket: Connection): void {
    for (const subscriber of [...this.#subscribers.values()]) subscriber.connectionLost(socket)
  }

  /** The last positions that were applied, by room, for the heartbeat. */
  positions(): Map<string, number> {
    return new Map([...this.#subscribers].map(([roomId, { position }]) => [roomId, position ?? 0]))
  }

  /** Compares a reply to `sync` with the positions that were sent. */
  compare(
    positions: ReadonlyMap<string, number>,
    { rooms, notJoined = [] }: Replies['sync'],
    socket: Connection,
  ): void {
    for (const roomId of notJoined) this.#subscribers.get(roomId)?.notJoined(socket)
    for (const [roomId, { head }] of Object.entries(rooms)) {
      const subscriber = this.#subscribers.get(roomId)
      // A log that ends before the position that was sent has been restored from a backup.
      if (head < (positions.get(roomId) ?? 0)) void subscriber?.resume(socket)
      else subscriber?.noteHead(head)
    }
  }
}

/** Whether a reference names the room of this session. True while that room is not known yet. */
export const concernsRoomOf =
  ({ view }: Subscriber) =>
  (reference: RoomReference): boolean =>
    view === undefined || isSameRoom(reference, view.room)

const joinedAlready = () => new InvalidOperationError('This client is in the room already.')

export const closedClient = () => new ConnectionError('The client was closed.', 'closed')
