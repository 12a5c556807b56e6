import { type AbortSignalLike, throwIfAborted, unlessAborted } from './abort.ts'
import type { ClientPorts, Joining, Subscriber } from './client-ports.ts'
import { type Clock, systemClock } from './clock.ts'
import type { ConnectionState, StateChange } from './connection-state.ts'
import { backoffMs, type Random } from './delays.ts'
import { Emitter, type Unsubscribe } from './emitter.ts'
import { ChatError, ConnectionError, InvalidOperationError } from './errors.ts'
import { randomId } from './ids.ts'
import { Invitations } from './invitations.ts'
import { closedClient, concernsRoomOf, JoinedRooms } from './joined-rooms.ts'
import { platformLocks } from './locks.ts'
import { isReachable } from './network.ts'
import { Pauses } from './pauses.ts'
import { PendingStore } from './pending-store.ts'
import type { Push } from './pushes.ts'
import { ReconnectingSocket } from './reconnecting-socket.ts'
import type { Invitation, Replies, RoomReference, Verb } from './requests.ts'
import { ChatRoomSession } from './session.ts'
import { type Connection, NoReply, type Socket } from './socket.ts'
import { noStorage, type Storage } from './storage.ts'
import { Verbs } from './verbs.ts'
import { platformWebSocket, type WebSocketConstructor } from './web-socket.ts'

export interface ChatClientOptions {
  /** `wss://{host}/{stage}` */
  url: string
  /**
   * Asked for a JWT at every connection, and again where none came within 20 seconds. An error ends `connect` as
   * `unauthorized`; a client that was connected once asks again. A ConnectionError counts by its code: `unauthorized`
   * is final, `unreachable` is tried again.
   */
  token: () => string | Promise<string>
  /** The platform's own when left out; on Node 20 the package `ws` has one. */
  webSocket?: WebSocketConstructor | undefined
  /** Keeps unsent messages and the number of the last invitation beyond the program; nothing is kept when left out. */
  storage?: Storage | undefined
  clock?: Clock | undefined
  random?: Random | undefined
  /** Draws a unique id; of 128 random bits when left out. */
  newId?: (() => string) | undefined
  /** How long a request may go unanswered before its fate counts as open, in milliseconds; 15,000 when left out. */
  patienceMs?: number | undefined
  /**
   * How long a gap may stay before the history is asked, in milliseconds, and a random share more; 300 when left out.
   * In a crowded room it is 5 to 15 times as long. While what was missing comes after all, only later than what
   * followed it, the wait begins anew: for 4 times as long at most, and 30 times in a crowded room.
   */
  gapMs?: number | undefined
  /**
   * Whether any server answers at the URL. Asked where a platform does not tell why a handshake failed, as browsers do
   * not; a request by `fetch` when left out. No answer within 20 seconds counts as none.
   */
  isReachable?: ((url: string) => Promise<boolean>) | undefined
}

/** The events of a client. */
export interface ClientEvents {
  state: StateChange
  /** The caller was added to a room, now or while there was no connection. Told once, as far as `storage` keeps it. */
  invitation: Invitation
}

/** A request of which no answer comes, or that the server asks to repeat, is asked this often. */
const mostTries = 5

/** One user's connection to the chat: it heals itself, and every room that is joined on it with it. */
export class ChatClient extends Verbs {
  readonly #events = new Emitter<ClientEvents>()
  readonly #connection: ReconnectingSocket
  readonly #rooms = new JoinedRooms()
  readonly #invitations: Invitations
  readonly #drafts: PendingStore
  readonly #host: ClientPorts
  readonly #pauses: Pauses
  readonly #random: Random
  readonly #newId: () => string
  #user: string | undefined

  /** Throws a TypeError where there is no WebSocket. */
  constructor(options: ChatClientOptions) {
    super()
    const { url, token, webSocket = platformWebSocket(), storage = noStorage, gapMs = 300 } = options
    const { clock = systemClock, random = Math.random, newId = () => randomId(random), patienceMs = 15_000 } = options
    this.#pauses = new Pauses(clock)
    this.#random = random
    this.#newId = newId
    this.#drafts = new PendingStore(storage, platformLocks(), newId())
    this.#connection = new ReconnectingSocket(
      { url, token, webSocket, clock, random, patienceMs, isReachable: options.isReachable ?? isReachable },
      {
        state: (change) => this.#events.emit('state', change),
        moving: (socket) => this.#move(socket),
        moved: (socket) => this.#moved(socket),
        push: (push) => this.#receive(push),
        lost: (socket) => this.#rooms.lose(socket),
        heartbeat: (socket, timeoutMs) => this.#beat(socket, timeoutMs),
      },
    )
    this.#invitations = new Invitations({
      storage,
      user: () => this.#user ?? '',
      ask: (after) => this.ask('invitations', { after }, true),
      told: (invitation) => this.#events.emit('invitation', invitation),
    })
    this.#host = this.#hostFor({ clock, random, gapMs, newId, drafts: this.#drafts })
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

  /**
   * Connects, and stays connected until `close`. Resolves at the first connection. Rejects with a ConnectionError whose
   * `code` is `unauthorized`, `misconfigured` or `replaced`, when waiting does not help: the state has this name then,
   * and a later `connect` begins anew, with the same rooms. Every other failure is tried again, and events `state` tell
   * of it. A signal ends this wait with its reason, and not the attempts.
   */
  connect({ signal }: { signal?: AbortSignalLike | undefined } = {}): Promise<void> {
    return this.#connection.connect(signal)
  }

  /** Ends every session and the connection, for good. Unsent messages stay in the storage. No event follows. */
  close(): void {
    this.#end()
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
    return this.#rooms.ids
  }

  protected newId(): string {
    return this.#newId()
  }

  protected async ask<Name extends Verb>(verb: Name, fields: object, safe: boolean): Promise<Replies[Name]> {
    return (await this.#ask(verb, (line) => line.ask(verb, fields), safe)).reply
  }

  async #ask<Reply>(
    verb: Verb,
    ask: (line: Connection) => Promise<Reply>,
    safe: boolean,
    signal?: AbortSignalLike,
  ): Promise<{ reply: Reply; line: Connection }> {
    for (let tries = 1; ; tries++) {
      const line = await this.#connection.socket(signal)
      try {
        return { reply: await ask(line), line }
      } catch (error) {
        throwIfAborted(signal)
        const last = !safe || tries === mostTries
        if (error instanceof NoReply && last) throw unanswered(verb, error)
        if (!(error instanceof NoReply) && (last || !isRetryable(error))) throw error
        const asked = error instanceof ChatError ? error.retryAfterMs : undefined
        const waitMs = asked ?? backoffMs(tries, this.#random, 100, 5000)
        await unlessAborted(this.#pauses.wait(waitMs), signal)
      }
    }
  }

  #hostFor(ports: Pick<ClientPorts, 'clock' | 'random' | 'drafts' | 'gapMs' | 'newId'>): ClientPorts {
    const user = () => this.#user ?? ''
    const rooms = this.#rooms
    return {
      ...ports,
      get user() {
        return user()
      },
      stopped: (signal) => this.#connection.stopped(signal),
      ask: (verb, fields, safe) => this.#ask(verb, (line) => line.ask(verb, fields), safe),
      join: (...joining) => this.#join(...joining),
      undo: ({ reply, line }, reference) => rooms.undo(Promise.resolve(reply), line, reference),
      depart: (tenant, done) => rooms.depart(done, concernsRoomOf(tenant)),
      departed: (reference) => rooms.departed(reference),
      enter: (tenant, roomId) => rooms.enter(tenant, roomId),
      giveUp: (tenant) => rooms.giveUp(tenant),
      leave: (tenant) => rooms.leave(tenant),
      settle: (tenant) => rooms.settle([tenant], this.#connection.current),
    }
  }

  async #join(tenant: Subscriber, reference: RoomReference, fields: object, signal: AbortSignalLike): Promise<Joining> {
    this.#rooms.announce(tenant)
    await unlessAborted(this.#rooms.departed(reference), signal)
    const { error } = this.#connection
    if (error) throw error
    this.#rooms.expect(tenant, reference)
    const ask = async (line: Connection) => {
      const answer = line.ask('join', fields)
      return unlessAborted(answer, signal).catch((error: unknown) => {
        if (signal.aborted) this.#rooms.undo(answer, line, reference)
        throw error
      })
    }
    return this.#ask('join', ask, true, signal)
  }

  /** The new connection has to be of the same user: unsent messages and rights are nobody else's. */
  async #move(socket: Socket): Promise<void> {
    const { user } = await socket.ask('hello', {})
    if (this.#user !== undefined && this.#user !== user) {
      const error = new InvalidOperationError('The token is of another user.')
      this.#end(error)
      throw error
    }
    this.#user = user
    await this.#rooms.moveTo(socket)
  }

  #moved(socket: Socket): void {
    this.#rooms.settle(this.#rooms.all, socket)
    void this.#invitations.catchUp()
  }

  /** Sessions end before the connection does, so that their events come before the last one of the client. */
  #end(error?: Error): void {
    if (this.state === 'closed') return
    this.#invitations.end()
    for (const tenant of this.#rooms.all) tenant.end(error ?? closedClient(), true)
    this.#connection.close(error)
    this.#pauses.end()
    this.#events.close()
    void this.#drafts.close()
  }

  /** With rooms it asks for their heads, which also shows messages that were lost at their end. */
  async #beat(socket: Socket, timeoutMs: number): Promise<void> {
    const positions = this.#rooms.positions()
    if (positions.size === 0) await socket.ask('ping', {}, timeoutMs)
    else {
      const asked = { rooms: Object.fromEntries(positions) }
      this.#rooms.compare(positions, await socket.ask('sync', asked, timeoutMs), socket)
    }
  }

  #receive(push: Push): void {
    if (push.type === 'invitation') this.#invitations.hear(invitationOf(push))
    else if ('roomId' in push) this.#rooms.receive(push)
  }
}

const isRetryable = (error: unknown): boolean => error instanceof ChatError && error.retryable

const unanswered = (verb: Verb, cause: NoReply) =>
  new ConnectionError(`${verb} was not answered.`, 'unanswered', { undecided: true, cause })

const invitationOf = ({ type: _, ...invitation }: { type: string } & Invitation): Invitation => invitation
