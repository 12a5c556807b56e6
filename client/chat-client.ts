import { backoffMs, type Random } from './backoff.ts'
import { type Clock, pause, systemClock } from './clock.ts'
import { Connection, type ConnectionState, type StateChange } from './connection.ts'
import { Emitter, type Unsubscribe } from './emitter.ts'
import { ChatError, ConnectionError, InvalidOperationError } from './errors.ts'
import type { Push, RoomPush } from './pushes.ts'
import type { Invitation, Replies, RoomReference, Verb } from './requests.ts'
import type { RoomHost, Tenant } from './room-host.ts'
import { ChatRoomSession } from './room-session.ts'
import { idIn } from './room-target.ts'
import { type Line, type Socket, Undecided } from './socket.ts'
import { noStorage, type Storage } from './storage.ts'
import { Verbs } from './verbs.ts'
import { platformWebSocket, type WebSocketConstructor } from './web-socket.ts'

export interface ChatClientOptions {
  /** `wss://{host}/{stage}` */
  url: string
  /** Asked for a JWT at every connection, and again where none came within 20 seconds. */
  token: () => string | Promise<string>
  /** The platform's own when left out; on Node 20 the package `ws` has one. */
  webSocket?: WebSocketConstructor
  /** Where unsent messages outlive the program; nowhere when left out. */
  storage?: Storage
  clock?: Clock
  random?: Random
  /** Draws an id that nobody has drawn before; `crypto.randomUUID` when left out. */
  newId?: () => string
  /** How long a request may go unanswered before its fate counts as open, in milliseconds; 15,000 when left out. */
  patienceMs?: number
  /**
   * How long a gap may stay before the history is asked, in milliseconds, and a random share more; 300 when left out.
   * In a crowded room it is 5 to 15 times as long. While what was missing comes after all, only later than what
   * followed it, the wait begins anew: for 4 times as long at most, and 30 times in a crowded room.
   */
  gapMs?: number
}

/** What a client tells. */
export interface ClientEvents {
  state: StateChange
  /** The caller was added to a room. */
  invitation: Invitation
}

/** A request of which no answer comes, or that the server asks to repeat, is asked this often. */
const mostTries = 5

/** Rooms that move to a new connection at the same time. */
const movesAtOnce = 10

/** Pushes that wait for a join to be answered. */
const mostEarly = 1000

/** One user's connection to the chat: it heals itself, and every room that is joined on it with it. */
export class ChatClient extends Verbs {
  readonly #events = new Emitter<ClientEvents>()
  readonly #connection: Connection
  readonly #host: RoomHost
  readonly #clock: Clock
  readonly #random: Random
  readonly #newId: () => string
  #user: string | undefined
  readonly #tenants = new Map<string, Tenant>()
  /** Joins under way, with the room's id where it is known. */
  readonly #joining = new Map<Tenant, string | undefined>()
  #early: RoomPush[] = []

  /** Throws a TypeError where there is no WebSocket. */
  constructor(options: ChatClientOptions) {
    super()
    const { url, token, webSocket = platformWebSocket(), storage = noStorage, gapMs = 300 } = options
    const {
      clock = systemClock,
      random = Math.random,
      newId = () => crypto.randomUUID(),
      patienceMs = 15_000,
    } = options
    this.#clock = clock
    this.#random = random
    this.#newId = newId
    this.#connection = new Connection(
      { url, token, webSocket, clock, random, patienceMs },
      {
        state: (change) => this.#events.emit('state', change),
        moving: (socket) => this.#move(socket),
        moved: () => this.#followUp(),
        push: (push) => this.#receive(push),
        lost: (socket) => this.#lose(socket),
        heartbeat: (socket, timeoutMs) => this.#beat(socket, timeoutMs),
      },
    )
    this.#host = this.#hostFor({ clock, random, storage, gapMs, newId })
  }

  get state(): ConnectionState {
    return this.#connection.state
  }

  /** The caller's own id, as the server knows it; nothing before the first connection. */
  get user(): string | undefined {
    return this.#user
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): Unsubscribe {
    return this.#events.on(name, listener)
  }

  /** Connects, and stays connected until `close`. Resolves at the first connection; the events tell of attempts. */
  connect(): Promise<void> {
    return this.#connection.connect()
  }

  /** Ends every session and the connection, for good. What is unsent stays in the storage. */
  close(): void {
    const closed = new ConnectionError('The client was closed.')
    const tenants = [...this.#tenants.values(), ...this.#joining.keys()]
    this.#connection.close()
    for (const tenant of tenants) tenant.end(closed, true)
  }

  /** Looks at once whether the connection lives: for when a device wakes up or comes online. */
  check(): void {
    this.#connection.check()
  }

  /** A session that is in no room yet. */
  session(): ChatRoomSession {
    return new ChatRoomSession(this.#host, this)
  }

  /** The ids of the rooms that are joined. */
  get rooms(): string[] {
    return [...this.#tenants.keys()]
  }

  protected newId(): string {
    return this.#newId()
  }

  protected async ask<Name extends Verb>(verb: Name, fields: object, safe: boolean): Promise<Replies[Name]> {
    return (await this.#ask(verb, fields, safe)).reply
  }

  async #ask<Name extends Verb>(
    verb: Name,
    fields: object,
    safe: boolean,
  ): Promise<{ reply: Replies[Name]; line: Line }> {
    for (let tries = 1; ; tries++) {
      const line = await this.#connection.socket()
      try {
        return { reply: await line.ask(verb, fields), line }
      } catch (error) {
        const last = !safe || tries === mostTries
        if (error instanceof Undecided && last) throw new ConnectionError(`${verb} was not answered.`, true)
        if (!(error instanceof Undecided) && (last || !isRetryable(error))) throw error
        const asked = error instanceof ChatError ? error.retryAfterMs : undefined
        await pause(this.#clock, asked ?? backoffMs(tries, this.#random, 100, 5000))
      }
    }
  }

  #hostFor(ports: Pick<RoomHost, 'clock' | 'random' | 'storage' | 'gapMs' | 'newId'>): RoomHost {
    const user = () => this.#user ?? ''
    return {
      ...ports,
      get user() {
        return user()
      },
      ask: (verb, fields, safe) => this.#ask(verb, fields, safe),
      expect: (tenant, reference) => this.#expect(tenant, reference),
      enter: (tenant, roomId) => this.#enter(tenant, roomId),
      leave: (tenant) => this.#leave(tenant),
      settle: (tenant) => this.#settle(tenant),
    }
  }

  #expect(tenant: Tenant, reference: RoomReference): () => void {
    if (this.state === 'idle' || this.state === 'closed') throw new ConnectionError('The client is not connected.')
    const roomId = idIn(reference)
    const taken = roomId !== undefined && (this.#tenants.has(roomId) || [...this.#joining.values()].includes(roomId))
    if (taken) throw joinedAlready()
    this.#joining.set(tenant, roomId)
    return () => {
      this.#joining.delete(tenant)
      if (this.#joining.size === 0) this.#early = []
    }
  }

  #enter(tenant: Tenant, roomId: string): RoomPush[] {
    if (this.#tenants.has(roomId)) throw joinedAlready()
    this.#tenants.set(roomId, tenant)
    return this.#early.filter((push) => push.roomId === roomId)
  }

  #leave(tenant: Tenant): void {
    const { roomId } = tenant
    if (roomId !== undefined && this.#tenants.get(roomId) === tenant) this.#tenants.delete(roomId)
  }

  #settle(tenant: Tenant): void {
    const { current } = this.#connection
    if (current && tenant.heading !== current) void tenant.resume(current)
  }

  /** The new connection has to be of the same user: unsent messages and rights are nobody else's. */
  async #move(socket: Socket): Promise<void> {
    const { user } = await socket.ask('hello', {})
    if (this.#user !== undefined && this.#user !== user) {
      this.close()
      throw new InvalidOperationError('The token is of another user.')
    }
    this.#user = user
    const waiting = [...this.#tenants.values()]
    while (waiting.length > 0) await Promise.all(waiting.splice(0, movesAtOnce).map((tenant) => tenant.resume(socket)))
  }

  /** Whoever joined on the old connection while the others moved. */
  #followUp(): void {
    for (const tenant of this.#tenants.values()) this.#settle(tenant)
  }

  #lose(socket: Socket): void {
    for (const tenant of [...this.#tenants.values()]) tenant.lost(socket)
  }

  /** With rooms it asks how far they are, which also tells what was lost at their end. */
  async #beat(socket: Socket, timeoutMs: number): Promise<void> {
    const positions = new Map([...this.#tenants].map(([roomId, { position }]) => [roomId, position ?? 0]))
    if (positions.size === 0) {
      await socket.ask('ping', {}, timeoutMs)
      return
    }
    const { rooms } = await socket.ask('sync', { rooms: Object.fromEntries(positions) }, timeoutMs)
    for (const [roomId, { head }] of Object.entries(rooms)) {
      const tenant = this.#tenants.get(roomId)
      // A log that is shorter than what was held when asking was restored from a backup.
      if (head < (positions.get(roomId) ?? 0)) void tenant?.resume(socket)
      else tenant?.sawHead(head)
    }
  }

  #receive(push: Push): void {
    if (push.type === 'invitation') this.#events.emit('invitation', invitationOf(push))
    if (!('roomId' in push)) return
    const tenant = this.#tenants.get(push.roomId)
    if (tenant) tenant.receive(push)
    else if (this.#joining.size > 0 && this.#early.length < mostEarly) this.#early.push(push)
  }
}

const isRetryable = (error: unknown): boolean => error instanceof ChatError && error.retryable

const joinedAlready = () => new InvalidOperationError('This client is in the room already.')

const invitationOf = ({ type: _, ...invitation }: { type: string } & Invitation): Invitation => invitation
