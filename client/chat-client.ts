import { type AbortSignalLike, throwIfAborted, unlessAborted } from './abort.ts'
import { boundedStorage } from './bounded-storage.ts'
import type { ClientPorts, JoinAnswer, Subscriber } from './client-ports.ts'
import { type Clock, systemClock } from './clock.ts'
import type { ConnectionState, StateChange } from './connection-state.ts'
import { backoffMs, type Random } from './delays.ts'
import { Emitter, type Unsubscribe } from './emitter.ts'
import { ChatError, ConnectionError, InvalidOperationError } from './errors.ts'
import { randomId } from './ids.ts'
import { Invitations } from './invitations.ts'
import { closedClient, JoinedRooms } from './joined-rooms.ts'
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
   * Returns a JWT. Called for every connection, and again if it takes longer than 20 seconds. If it throws, `connect`
   * rejects as `unauthorized`; a client that was connected before calls it again later. It may throw a ConnectionError
   * itself: the code `unauthorized` is final, `unreachable` is tried again.
   */
  token: () => string | Promise<string>
  /** The WebSocket of the platform by default. Node 20 has none: pass that of the package `ws`. */
  webSocket?: WebSocketConstructor | undefined
  /** Keeps unsent messages and the number of the last invitation after the program ends. None by default. */
  storage?: Storage | undefined
  clock?: Clock | undefined
  random?: Random | undefined
  /** Makes a unique id; 128 random bits by default. */
  newId?: (() => string) | undefined
  /** How long to wait for the reply to a request, in milliseconds; 15,000 by default. */
  patienceMs?: number | undefined
  /**
   * How long to wait for missing messages before the history is asked, in milliseconds, plus a random part; 300 by
   * default. In a crowded room it is 5 to 15 times as long. Each time some of them arrive late, the wait starts again,
   * for 4 times as long at most, and 30 times in a crowded room.
   */
  gapMs?: number | undefined
  /**
   * Whether a server answers at the URL. Called when the platform does not tell why a handshake failed; browsers never
   * tell. A request by `fetch` by default. No answer within 20 seconds means no.
   */
  isReachable?: ((url: string) => Promise<boolean>) | undefined
}

/** The events of a client. */
export interface ClientEvents {
  state: StateChange
  /** The caller was added to a room, now or while there was no connection. With a `storage`, raised once. */
  invitation: Invitation
}

/** How often an idempotent request is sent if it is not answered or the refusal is retryable. */
const maxTries = 5

/** One user's connection to the chat. A lost connection is made again, and the rooms on it are joined again. */
export class ChatClient extends Verbs {
  readonly #events = new Emitter<ClientEvents>()
  readonly #connection: ReconnectingSocket
  readonly #rooms = new JoinedRooms()
  readonly #invitations: Invitations
  readonly #pendingStore: PendingStore
  readonly #ports: ClientPorts
  readonly #pauses: Pauses
  readonly #random: Random
  readonly #newId: () => string
  #user: string | undefined

  /** Throws a TypeError if there is no WebSocket. */
  constructor(options: ChatClientOptions) {
    super()
    const { url, token, webSocket = platformWebSocket(), gapMs = 300 } = options
    const { clock = systemClock, random = Math.random, newId = () => randomId(random), patienceMs = 15_000 } = options
    const storage = boundedStorage(options.storage ?? noStorage, clock)
    const user = () => this.#user ?? ''
    this.#pauses = new Pauses(clock)
    this.#random = random
    this.#newId = newId
    this.#pendingStore = new PendingStore(storage, platformLocks(), newId())
    this.#connection = new ReconnectingSocket(
      { url, token, webSocket, clock, random, timeoutMs: patienceMs, isReachable: options.isReachable ?? isReachable },
      {
        state: (change) => this.#events.emit('state', change),
        moving: (socket) => this.#onMoving(socket),
        moved: (socket) => this.#onMoved(socket),
        push: (push) => this.#receive(push),
        lost: (socket) => this.#rooms.connectionLost(socket),
        heartbeat: (socket, timeoutMs) => this.#heartbeat(socket, timeoutMs),
      },
    )
    this.#invitations = new Invitations({
      storage,
      user,
      fetch: (after) => this.ask('invitations', { after }, true),
      onInvitation: (invitation) => this.#events.emit('invitation', invitation),
    })
    this.#ports = {
      clock,
      random,
      gapMs,
      newId,
      user,
      pendingStore: this.#pendingStore,
      rooms: this.#rooms,
      stopped: (signal) => this.#connection.stopped(signal),
      ask: (verb, fields, idempotent) => this.#ask(verb, (connection) => connection.ask(verb, fields), idempotent),
      join: (...join) => this.#join(...join),
      moveIfNeeded: (subscriber) => this.#rooms.moveIfNeeded([subscriber], this.#connection.current),
    }
  }

  get state(): ConnectionState {
    return this.#connection.state
  }

  /** The caller's own id, as the server knows it; undefined before the first connection. */
  get user(): string | undefined {
    return this.#user
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): Unsubscribe {
    return this.#events.on(name, listener)
  }

  /**
   * Connects, and stays connected until `close`. Resolves at the first connection. Rejects with a ConnectionError if
   * another try would not help: its `code`, and the state, is `unauthorized`, `misconfigured`, `replaced` or
   * `suspended` then, and a later `connect` starts again with the same rooms. After every other failure the client
   * tries again and raises `state` events. A signal ends this wait with its reason, but not the tries.
   */
  connect({ signal }: { signal?: AbortSignalLike | undefined } = {}): Promise<void> {
    return this.#connection.connect(signal)
  }

  /** Ends every session and the connection for good. Unsent messages stay in the storage. No event follows. */
  close(): void {
    this.#end()
  }

  /** Checks the connection at once. Call it when a device wakes up or comes online. */
  check(): void {
    this.#connection.check()
  }

  /** Returns a new session, which has not joined a room yet. */
  session(): ChatRoomSession {
    return new ChatRoomSession(this.#ports, this)
  }

  /** The ids of the joined rooms. */
  get rooms(): string[] {
    return this.#rooms.ids
  }

  protected newId(): string {
    return this.#newId()
  }

  protected async ask<Name extends Verb>(verb: Name, fields: object, idempotent: boolean): Promise<Replies[Name]> {
    return (await this.#ask(verb, (connection) => connection.ask(verb, fields), idempotent)).reply
  }

  async #ask<Reply>(
    verb: Verb,
    ask: (connection: Connection) => Promise<Reply>,
    idempotent: boolean,
    signal?: AbortSignalLike,
  ): Promise<{ reply: Reply; connection: Connection }> {
    for (let tries = 1; ; tries++) {
      const connection = await this.#connection.socket(signal)
      try {
        return { reply: await ask(connection), connection }
      } catch (error) {
        throwIfAborted(signal)
        const isLast = !idempotent || tries === maxTries
        if (error instanceof NoReply && isLast) throw unanswered(verb, error)
        if (!(error instanceof NoReply) && (isLast || !isRetryable(error))) throw error
        const retryAfterMs = error instanceof ChatError ? error.retryAfterMs : undefined
        const waitMs = retryAfterMs ?? backoffMs(tries, this.#random, 100, 5000)
        await unlessAborted(this.#pauses.wait(waitMs), signal)
      }
    }
  }

  async #join(
    subscriber: Subscriber,
    reference: RoomReference,
    fields: object,
    signal: AbortSignalLike,
  ): Promise<JoinAnswer> {
    this.#rooms.announce(subscriber)
    await unlessAborted(this.#rooms.leavesDone(reference), signal)
    const { error } = this.#connection
    if (error) throw error
    this.#rooms.reserve(subscriber, reference)
    const ask = async (connection: Connection) => {
      const answer = connection.ask('join', fields)
      return unlessAborted(answer, signal).catch((error: unknown) => {
        if (signal.aborted) this.#rooms.undoJoin(answer, connection, reference)
        throw error
      })
    }
    return this.#ask('join', ask, true, signal)
  }

  /** The new connection must be of the same user, whose unsent messages and rights the client holds. */
  async #onMoving(socket: Socket): Promise<void> {
    const { user } = await socket.ask('hello', {})
    if (this.#user !== undefined && this.#user !== user) {
      const error = new InvalidOperationError('The token is of another user.')
      this.#end(error)
      throw error
    }
    this.#user = user
    await this.#rooms.moveTo(socket)
  }

  #onMoved(socket: Socket): void {
    this.#rooms.moveIfNeeded(this.#rooms.all, socket)
    void this.#invitations.catchUp()
  }

  /** Ends sessions before the connection, so that their events come before the last event of the client. */
  #end(error?: Error): void {
    if (this.state === 'closed') return
    this.#invitations.end()
    for (const subscriber of this.#rooms.all) subscriber.end(error ?? closedClient(), true)
    this.#connection.close(error)
    this.#pauses.end()
    this.#events.close()
    void this.#pendingStore.close()
  }

  /** With rooms it asks for their heads, so that messages lost at the end of a room are found. */
  async #heartbeat(socket: Socket, timeoutMs: number): Promise<void> {
    const positions = this.#rooms.positions()
    if (positions.size === 0) await socket.ask('ping', {}, timeoutMs)
    else {
      const fields = { rooms: Object.fromEntries(positions) }
      this.#rooms.compare(positions, await socket.ask('sync', fields, timeoutMs), socket)
    }
  }

  #receive(push: Push): void {
    if (push.type === 'invitation') this.#invitations.receive(invitationOf(push))
    else if ('roomId' in push) this.#rooms.receive(push)
  }
}

const isRetryable = (error: unknown): boolean => error instanceof ChatError && error.retryable

const unanswered = (verb: Verb, cause: NoReply) =>
  new ConnectionError(`${verb} was not answered.`, 'unanswered', { undecided: true, cause })

const invitationOf = ({ type: _, ...invitation }: { type: string } & Invitation): Invitation => invitation
