import { type AbortSignalLike, throwIfAborted } from './abort.ts'
import type { ClientPorts } from './client-ports.ts'
import { Emitter, type Unsubscribe } from './emitter.ts'
import { ChatError, ConnectionError, InvalidOperationError, SessionStateError } from './errors.ts'
import { concernsRoomOf } from './joined-rooms.ts'
import { Joins } from './joins.ts'
import { type Message, type MessageBody, type SendOptions, validBody } from './message.ts'
import type { PendingMessage } from './outbox.ts'
import { withKnown } from './pages.ts'
import type { KickReason } from './pushes.ts'
import type { HistoryPage, HistoryQuery, Room, RoomReference } from './requests.ts'
import type { LogCounts } from './room-log.ts'
import { type RoomTarget, referenceTo } from './room-reference.ts'
import type { Participant } from './roster-state.ts'
import type {
  JoinOptions,
  JoinResult,
  RoomView,
  SessionEvents,
  SessionState,
  SessionStateChange,
} from './session-events.ts'
import { Subscription } from './subscription.ts'

type RoomHistoryQuery = Omit<HistoryQuery, 'roomId'>

/** The methods of the client by which a session reads the history. */
export interface HistoryReader {
  historyPage(query: HistoryQuery): Promise<HistoryPage>
  history(query: HistoryQuery): AsyncGenerator<Message, void, undefined>
}

/**
 * A session in one room: it receives messages and sends them. After `leave` it can join another room, or the same one
 * again. Listeners that are registered before `join` miss no event.
 */
export class ChatRoomSession {
  #state: SessionState = 'idle'
  /** The room, from the reply to the join until the session has left or was ended. */
  #subscription: Subscription | undefined
  #leaving: Promise<void> | undefined
  readonly #events = new Emitter<SessionEvents>()
  readonly #ports: ClientPorts
  readonly #joins: Joins
  readonly #reader: HistoryReader

  /** Programs call `client.session()` instead. */
  constructor(ports: ClientPorts, reader: HistoryReader) {
    this.#ports = ports
    this.#joins = new Joins((reference) => ports.rooms.leavesDone(reference))
    this.#reader = reader
  }

  get state(): SessionState {
    return this.#state
  }

  /** Undefined while not joined. */
  get room(): Room | undefined {
    return this.#view?.room
  }

  /** Whether the caller may send messages, by the last rights that the server reported. */
  get canChat(): boolean {
    return this.#view?.you.canChat ?? false
  }

  /** Whether the caller may edit the room and its lists. */
  get canManage(): boolean {
    return this.#view?.you.canManage ?? false
  }

  /** The users in the room, each once. Empty in a crowded room, see `participantCount` and `listParticipants`. */
  get participants(): readonly Participant[] {
    return this.#subscription?.roster.participants ?? []
  }

  get participantCount(): number {
    return this.#subscription?.roster.count ?? 0
  }

  /** The last position that was raised as an event, or that the join started from. A later join can go on after it. */
  get last(): number {
    return this.#subscription?.log.last ?? 0
  }

  /** The newest known position of the log. */
  get head(): number {
    return this.#subscription?.log.head ?? 0
  }

  /** The epoch of `last`. Programs that store `last` store it as well. */
  get epoch(): string | undefined {
    return this.#subscription?.log.epoch
  }

  /** Whether messages arrive now. While the connection is lost, a session is established but not live. */
  get live(): boolean {
    return this.#subscription?.live ?? false
  }

  /** The messages that the server has not answered yet, oldest first. */
  get outbox(): readonly PendingMessage[] {
    return this.#subscription?.sender.outbox ?? []
  }

  /** Counts since the join. `tries` counts every try to send a message. */
  get counts(): Readonly<LogCounts & { tries: number }> {
    const counts = this.#subscription?.log.counts ?? { applied: 0, dropped: 0, gaps: 0 }
    return { ...counts, tries: this.#subscription?.sender.tries ?? 0 }
  }

  on<Name extends keyof SessionEvents>(name: Name, listener: (event: SessionEvents[Name]) => void): Unsubscribe {
    return this.#events.on(name, listener)
  }

  /**
   * Joins a room by reference, summary, name or URI. If another session of this client is leaving the room, the join
   * waits for that. Rejects with
   *
   * - a TypeError if the target names no room,
   * - a SessionStateError unless the session is idle,
   * - an InvalidOperationError if this client is in the room already, or `leave` is called before the join is done,
   * - a ConnectionError if the client is not connected,
   * - a ChatError if the server refuses,
   * - the reason of the `signal`.
   *
   * After that the session is idle, on the server too, and may join again.
   */
  async join(target: RoomTarget, options: JoinOptions = {}): Promise<JoinResult> {
    const reference = referenceTo(target)
    return this.#joins.run(reference, options.signal, (signal) => this.#join(reference, options, signal))
  }

  /**
   * Sends a text or a message. It is stored once, however often it is tried; the promise resolves with the stored
   * message. While the session is terminating, messages are accepted until `leave` has sent the earlier ones. Rejects
   * with
   *
   * - a TypeError or a RangeError if the message is empty or too long,
   * - a SessionStateError if the session is not joined,
   * - a ChatError if the server refuses,
   * - the reason of the `signal`; the server may store the message all the same,
   * - a ConnectionError if the client is closed before the server has answered.
   *
   * In the last three cases the event `failed` is raised as well, so a program may ignore the promise.
   */
  send(content: string | MessageBody, options: SendOptions = {}): Promise<Message> {
    try {
      const body = validBody(content, options)
      const subscription = this.#subscription
      if (!subscription || subscription.leaving) throw new SessionStateError('send', this.#state)
      const { ifHead, clientMessageId = this.#ports.newId() } = options
      throwIfAborted(options.signal)
      return subscription.sender.add({ clientMessageId, body, ...(ifHead !== undefined && { ifHead }) }, options.signal)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /**
   * Sends the messages of the outbox, then leaves. Cancels a join in progress. Resolves when the session is idle, on the
   * server too; at once if it is not in a room. While the client waits for a connection, the messages and `leave` wait
   * as well. If the client has stopped, the messages stay in the storage, and `failed` is raised for each.
   */
  leave(): Promise<void> {
    if (this.#subscription && this.#state === 'established') {
      this.#leaving = this.#startLeaving(this.#subscription).finally(() => {
        this.#leaving = undefined
      })
    }
    return this.#leaving ?? this.#joins.cancel(new InvalidOperationError('The session left before it had joined.'))
  }

  /** Leaves if joined, then joins if a room is given. */
  async switchTo(target?: RoomTarget, options: JoinOptions = {}): Promise<JoinResult | undefined> {
    await this.leave()
    return target === undefined ? undefined : this.join(target, options)
  }

  /** All users in the room, in crowded rooms too. */
  async listParticipants(): Promise<Participant[]> {
    return this.#joined('list participants').subscription.listParticipants()
  }

  /** A page of the room's messages. */
  async historyPage(query: RoomHistoryQuery = {}): Promise<HistoryPage> {
    return this.#reader.historyPage({ ...query, roomId: this.#joined('read history').roomId })
  }

  /** The room's messages one by one: with `after` the later ones, oldest first; otherwise from the newest to the oldest. */
  async *history(query: RoomHistoryQuery = {}): AsyncGenerator<Message, void, undefined> {
    yield* this.#reader.history({ ...query, roomId: this.#joined('read history').roomId })
  }

  async #join(reference: RoomReference, options: JoinOptions, signal: AbortSignalLike): Promise<JoinResult> {
    if (this.#state !== 'idle') throw new SessionStateError('join', this.#state)
    const subscription: Subscription = new Subscription(this.#ports, this.#events, (reason) => this.#terminate(reason))
    this.#setState('establishing')
    try {
      return await this.#establish(subscription, reference, options, signal)
    } catch (error) {
      if (!this.#isTerminated()) this.#setState('idle')
      throw error
    } finally {
      this.#ports.rooms.endJoin(subscription)
    }
  }

  async #establish(
    subscription: Subscription,
    reference: RoomReference,
    options: JoinOptions,
    signal: AbortSignalLike,
  ): Promise<JoinResult> {
    const { after, limit } = options
    const fields = { ...reference, after, limit: after === undefined ? limit : undefined }
    const { reply, connection } = await this.#ports.join(subscription, reference, fields, signal)
    if (this.#isTerminated()) throw new ConnectionError('The client was closed.', 'closed')
    if (signal.aborted) this.#ports.rooms.undoJoin(Promise.resolve(reply), connection, reference)
    throwIfAborted(signal)
    subscription.enter(reply, connection, after)
    this.#subscription = subscription
    this.#setState('established')
    subscription.start(reply, connection, options)
    return { ...withKnown(reply), ...(after !== undefined && { messages: [] }) }
  }

  async #startLeaving(subscription: Subscription): Promise<void> {
    this.#setState('terminating')
    const leaving = this.#sendAndLeave(subscription)
    this.#ports.rooms.trackLeave(leaving, concernsRoomOf(subscription))
    await leaving
  }

  async #sendAndLeave(subscription: Subscription): Promise<void> {
    const waiting = new AbortController()
    await Promise.race([subscription.sender.drained(), this.#ports.stopped(waiting.signal)])
    waiting.abort()
    subscription.leaving = true
    await subscription.moveSettled()
    try {
      // Without a connection the server has no session to leave.
      if (!this.#isTerminated() && subscription.live) await this.#leave(subscription)
    } catch (error) {
      if (!(error instanceof ChatError && error.code === 'not_joined') && !this.#isTerminated()) {
        subscription.leaving = false
        this.#setState('established')
        this.#ports.moveIfNeeded(subscription)
        throw error
      }
    }
    if (this.#isTerminated()) return
    subscription.sender.stop(new SessionStateError('send', 'idle'), true)
    subscription.finish()
    this.#subscription = undefined
    this.#setState('idle')
  }

  async #leave(subscription: Subscription): Promise<void> {
    const { roomId } = subscription
    const { connection } = await this.#ports.ask('leave', { roomId }, true)
    const { target } = subscription
    // While other rooms are still moving to a new connection, this one may be joined on both.
    if (target !== connection) await target?.ask('leave', { roomId }).catch(() => undefined)
  }

  /** What a session has while it is joined. */
  #joined(operation: string): { subscription: Subscription; roomId: string } {
    const subscription = this.#subscription
    if (!subscription?.roomId) throw new SessionStateError(operation, this.#state)
    return { subscription, roomId: subscription.roomId }
  }

  get #view(): RoomView | undefined {
    return this.#subscription?.view
  }

  #isTerminated(): boolean {
    return this.#state === 'terminated'
  }

  #terminate(reason: KickReason | Error): void {
    this.#subscription = undefined
    this.#setState('terminated', reason)
  }

  #setState(state: SessionState, reason?: KickReason | Error): void {
    this.#state = state
    const change: SessionStateChange = reason === undefined ? { state } : { state, reason }
    this.#events.emit('state', change)
  }
}
