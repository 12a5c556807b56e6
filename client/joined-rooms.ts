import type { Subscriber } from './client-ports.ts'
import { ConnectionError, InvalidOperationError } from './errors.ts'
import type { RoomPush } from './pushes.ts'
import type { Replies, RoomReference } from './requests.ts'
import { idIn, isSameRoom } from './room-reference.ts'
import { type Connection, NoReply, type Socket } from './socket.ts'

/** Rooms that move to a new connection at the same time. */
const movesAtOnce = 10

/** Pushes that wait for a join to be answered. */
const mostEarly = 1000

/** A session that leaves, until the server has it no more. */
interface Departure {
  readonly done: Promise<unknown>
  /** Whether a room of this name is the one that is left. */
  concerns(reference: RoomReference): boolean
}

/** The rooms of one client: at most one session has a room, from its join until the server has let it go. */
export class JoinedRooms {
  readonly #tenants = new Map<string, Subscriber>()
  /** Joins under way, with the room's id where it is known. */
  readonly #joining = new Map<Subscriber, string | undefined>()
  /** Joins that wait for others to leave, and those under way. */
  readonly #announced = new Set<Subscriber>()
  readonly #departures = new Set<Departure>()
  #early: RoomPush[] = []

  get ids(): string[] {
    return [...this.#tenants.keys()]
  }

  /** Everyone who is in a room, or about to be. */
  get all(): Subscriber[] {
    return [...this.#tenants.values(), ...this.#announced]
  }

  /** Resolves when no session is leaving this room any more. */
  async departed(reference: RoomReference): Promise<void> {
    for (const { done, concerns } of [...this.#departures]) if (concerns(reference)) await done.catch(() => undefined)
  }

  /** Until the promise settles, a join of the room waits. */
  depart(done: Promise<unknown>, concerns: Departure['concerns']): void {
    const departure = { done, concerns }
    this.#departures.add(departure)
    const forget = () => void this.#departures.delete(departure)
    done.then(forget, forget)
  }

  /** This session is about to join a room. */
  announce(tenant: Subscriber): void {
    this.#announced.add(tenant)
  }

  /** Pushes for rooms without a session are held from now on, until `enter` or `giveUp`. */
  expect(tenant: Subscriber, reference: RoomReference): void {
    const roomId = idIn(reference)
    const taken = roomId !== undefined && (this.#tenants.has(roomId) || [...this.#joining.values()].includes(roomId))
    if (taken) throw joinedAlready()
    this.#joining.set(tenant, roomId)
  }

  giveUp(tenant: Subscriber): void {
    this.#announced.delete(tenant)
    this.#joining.delete(tenant)
    if (this.#joining.size === 0) this.#early = []
  }

  /** The room is this session's from now on; answers what was held for it. Throws when another session has it. */
  enter(tenant: Subscriber, roomId: string): RoomPush[] {
    if (this.#tenants.has(roomId)) throw joinedAlready()
    this.#tenants.set(roomId, tenant)
    return this.#early.filter((push) => push.roomId === roomId)
  }

  leave(tenant: Subscriber): void {
    const { roomId } = tenant
    if (roomId !== undefined && this.#tenants.get(roomId) === tenant) this.#tenants.delete(roomId)
  }

  /** Leaves the room of a join that was called off, on its own connection, once the server has answered. */
  undo(answer: Promise<Replies['join']>, line: Connection, reference: RoomReference): void {
    const found = answer.then(
      ({ room }) => room.roomId,
      (error: unknown) => (error instanceof NoReply ? idIn(reference) : undefined),
    )
    const undone = found.then(async (roomId) => {
      // Another session that has the room keeps it.
      const isOurs = roomId !== undefined && line.isOpen && !this.#tenants.has(roomId)
      if (isOurs) await line.ask('leave', { roomId })
    })
    this.depart(undone, () => true)
  }

  receive(push: RoomPush): void {
    const tenant = this.#tenants.get(push.roomId)
    if (tenant) tenant.receive(push)
    else if (this.#joining.size > 0 && this.#early.length < mostEarly) this.#early.push(push)
  }

  async moveTo(socket: Socket): Promise<void> {
    const waiting = [...this.#tenants.values()]
    while (waiting.length > 0) await Promise.all(waiting.splice(0, movesAtOnce).map((tenant) => tenant.resume(socket)))
  }

  /** Moves sessions that are neither there nor on the way: they joined on the old connection while the others moved. */
  settle(tenants: Iterable<Subscriber>, current: Connection | undefined): void {
    for (const tenant of tenants) if (current && tenant.heading !== current) void tenant.resume(current)
  }

  lose(socket: Socket): void {
    for (const tenant of [...this.#tenants.values()]) tenant.lost(socket)
  }

  /** The last positions that were applied, for a sign of life. */
  positions(): Map<string, number> {
    return new Map([...this.#tenants].map(([roomId, { position }]) => [roomId, position ?? 0]))
  }

  /** Compares a reply to `sync` with the positions that were sent. */
  compare(positions: ReadonlyMap<string, number>, { rooms, notJoined = [] }: Replies['sync'], socket: Socket): void {
    for (const roomId of notJoined) this.#tenants.get(roomId)?.missing(socket)
    for (const [roomId, { head }] of Object.entries(rooms)) {
      const tenant = this.#tenants.get(roomId)
      // A log that is shorter than the position sent was restored from a backup.
      if (head < (positions.get(roomId) ?? 0)) void tenant?.resume(socket)
      else tenant?.sawHead(head)
    }
  }
}

/** Whether a reference is to the room that a session has. */
export const concernsRoomOf =
  ({ place }: Subscriber) =>
  (reference: RoomReference): boolean =>
    place === undefined || isSameRoom(reference, place.room)

const joinedAlready = () => new InvalidOperationError('This client is in the room already.')

export const closedClient = () => new ConnectionError('The client was closed.', 'closed')
