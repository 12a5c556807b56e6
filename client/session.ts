import { type AbortSignalLike, throwIfAborted } from './abort.ts'
import type { ClientPorts } from './client-ports.ts'
import { Emitter, type Unsubscribe } from './emitter.ts'
import { ChatError, ConnectionError, InvalidOperationError, SessionStateError } from './errors.ts'
import { Joins } from './joins.ts'
import type { Message, MessageBody } from './message.ts'
import { type SendOptions, validBody } from './message-body.ts'
import type { PendingMessage } from './outbox.ts'
import { withKnown } from './pages.ts'
import type { KickReason } from './pushes.ts'
import type { HistoryPage, HistoryQuery, Room, RoomReference } from './requests.ts'
import type { LogCounts } from './room-log.ts'
import { type RoomTarget, referenceTo } from './room-reference.ts'
import type { Participant } from './roster-state.ts'
import type { SessionEvents } from './session-events.ts'
import type { JoinOptions, JoinResult, SessionState, SessionStateChange } from './session-state.ts'
import { Subscription } from './subscription.ts'

type Question = Omit<HistoryQuery, 'roomId'>

/** What a session reads from its client besides the room it is in. */
export interface HistoryReader {
  historyPage(question: HistoryQuery): Promise<HistoryPage>
  history(question: HistoryQuery): AsyncGenerator<Message, void, undefined>
}

/**
 * Being in a room: messages arrive and can be sent. One session is in one room at a time; after `leave` it can join
 * another, or the same again. Listeners that are registered before `join` miss nothing.
 */
export class ChatRoomSession {
  #state: SessionState = 'idle'
  #stay: Subscription | undefined
  #leaving: Promise<void> | undefined
  readonly #events = new Emitter<SessionEvents>()
  readonly #host: ClientPorts
  readonly #joins: Joins
  readonly #reader: HistoryReader

  /** Sessions are made by `client.session()`. */
  constructor(host: ClientPorts, reader: HistoryReader) {
    this.#host = host
    this.#joins = new Joins((reference) => host.departed(reference))
    this.#reader = reader
  }

  get state(): SessionState {
    return this.#state
  }

  /** Nothing while not joined. */
  get room(): Room | undefined {
    return this.#joined()?.place?.room
  }

  /** Whether a message of the caller's would be taken, as far as is known. */
  get canChat(): boolean {
    return this.#joined()?.place?.you.canChat ?? false
  }

  /** Whether the caller may edit the room and its lists. */
  get canManage(): boolean {
    return this.#joined()?.place?.you.canManage ?? false
  }

  /** Who is in the room, each once; empty in a crowded room, see `participantCount` and `listParticipants`. */
  get participants(): readonly Participant[] {
    return this.#joined()?.roster.participants ?? []
  }

  get participantCount(): number {
    return this.#joined()?.roster.count ?? 0
  }

  /** The last position that was raised as an event, or that the join started from. It is what a resume goes on after. */
  get last(): number {
    return this.#joined()?.log.last ?? 0
  }

  /** The newest position that is known of. */
  get head(): number {
    return this.#joined()?.log.head ?? 0
  }

  /** Goes with `last` when both are kept for another time. */
  get epoch(): string | undefined {
    return this.#joined()?.log.epoch
  }

  /** Whether messages arrive now. A session stays established while the connection heals, but is not live. */
  get live(): boolean {
    return this.#joined()?.live ?? false
  }

  /** Messages that have no answer yet, oldest first. */
  get outbox(): readonly PendingMessage[] {
    return this.#joined()?.sender.outbox ?? []
  }

  /** What happened in this stay. `tries` counts sends, retries included. */
  get counts(): Readonly<LogCounts & { tries: number }> {
    const stay = this.#joined()
    return { ...(stay?.log.counts ?? { applied: 0, dropped: 0, gaps: 0 }), tries: stay?.sender.tries ?? 0 }
  }

  on<Name extends keyof SessionEvents>(name: Name, listener: (event: SessionEvents[Name]) => void): Unsubscribe {
    return this.#events.on(name, listener)
  }

  /**
   * Joins by reference, summary, name or URI. A room that another session of this client is leaving is joined when it
   * has left. Rejects with a TypeError when the target names no room, with a SessionStateError unless the session is
   * idle, with an InvalidOperationError when this client is in the room already or `leave` is called meanwhile, with a
   * ConnectionError when the client is not connected, with a ChatError when the server refuses, and with the reason of
   * the `signal`; the session is idle then, on the server too, and may try again.
   */
  async join(target: RoomTarget, options: JoinOptions = {}): Promise<JoinResult> {
    const reference = referenceTo(target)
    return this.#joins.run(reference, options.signal, (signal) => this.#join(reference, options, signal))
  }

  /**
   * Sends a text or a message and resolves with it as it is stored, once, whatever happens on the way. What is said
   * while the session is terminating, until `leave` has sent what was said before, still goes out. Rejects with a
   * TypeError or a RangeError when there is nothing or too much to send, with a SessionStateError when not joined, with
   * a ChatError when the server refuses, with the reason of the `signal`, and with a ConnectionError when the client is
   * closed before an answer came; of the last three the event `failed` tells as well, so a program may ignore the
   * promise. A message that is called off while it is under way may be stored all the same.
   */
  send(content: string | MessageBody, options: SendOptions = {}): Promise<Message> {
    try {
      const body = validBody(content, options)
      const stay = this.#joined()
      if (!stay || stay.leaving) throw new SessionStateError('send', this.#state)
      const { ifHead, clientMessageId = this.#host.newId() } = options
      throwIfAborted(options.signal)
      return stay.sender.add({ clientMessageId, body, ...(ifHead !== undefined && { ifHead }) }, options.signal)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /**
   * Sends the messages that wait, then leaves; calls off a join that is under way. Resolves when the session is idle and
   * the server has none either; does nothing where there is nothing to leave. While the client waits for a connection,
   * so do the messages; where the client has stopped, they stay in the storage, and `failed` tells.
   */
  leave(): Promise<void> {
    if (this.#state === 'established') {
      this.#leaving = this.#beginLeaving().finally(() => {
        this.#leaving = undefined
      })
    }
    if (this.#leaving) return this.#leaving
    if (!this.#joins.any) return Promise.resolve()
    return this.#joins.callOff(new InvalidOperationError('The session left before it had joined.'))
  }

  /** Leaves if joined, then joins if a room is given. */
  async switchTo(target?: RoomTarget, options: JoinOptions = {}): Promise<JoinResult | undefined> {
    await this.leave()
    return target === undefined ? undefined : this.join(target, options)
  }

  /** Everyone in the room, however many. */
  async listParticipants(): Promise<Participant[]> {
    return this.#required('list participants').everyone()
  }

  /** A page of the room's messages. */
  async historyPage(question: Question = {}): Promise<HistoryPage> {
    return this.#reader.historyPage({ ...question, ...this.#question() })
  }

  /** The room's messages one by one: upwards from `after`, else from the newest down. */
  async *history(question: Question = {}): AsyncGenerator<Message, void, undefined> {
    yield* this.#reader.history({ ...question, ...this.#question() })
  }

  async #join(reference: RoomReference, options: JoinOptions, signal: AbortSignalLike): Promise<JoinResult> {
    if (this.#state !== 'idle') throw new SessionStateError('join', this.#state)
    const stay: Subscription = new Subscription(this.#host, this.#events, (reason) => this.#terminate(reason))
    this.#enter('establishing')
    try {
      return await this.#establish(stay, reference, options, signal)
    } catch (error) {
      if (!this.#isTerminated()) this.#enter('idle')
      throw error
    } finally {
      this.#host.giveUp(stay)
    }
  }

  async #establish(
    stay: Subscription,
    reference: RoomReference,
    options: JoinOptions,
    signal: AbortSignalLike,
  ): Promise<JoinResult> {
    const { after, limit } = options
    const asked = { ...reference, ...(after !== undefined ? { after } : limit !== undefined && { limit }) }
    const { reply, line } = await this.#host.join(stay, reference, asked, signal)
    if (this.#isTerminated()) throw new ConnectionError('The client was closed.', 'closed')
    if (signal.aborted) this.#host.undo({ reply, line }, reference)
    throwIfAborted(signal)
    stay.enter(reply, line, after)
    this.#stay = stay
    this.#enter('established')
    stay.begin(reply, line, options)
    return { ...withKnown(reply), ...(after !== undefined && { messages: [] }) }
  }

  async #beginLeaving(): Promise<void> {
    const stay = this.#stay
    if (!stay) return
    this.#enter('terminating')
    const leaving = this.#sendAndLeave(stay)
    this.#host.depart(stay, leaving)
    await leaving
  }

  async #sendAndLeave(stay: Subscription): Promise<void> {
    const waiting = new AbortController()
    await Promise.race([stay.sender.drained(), this.#host.stopped(waiting.signal)])
    waiting.abort()
    stay.leaving = true
    await stay.settled()
    try {
      // Where there is no connection, there is nothing on it to leave.
      if (!this.#isTerminated() && stay.live) await this.#leave(stay)
    } catch (error) {
      if (!(error instanceof ChatError && error.code === 'not_joined') && !this.#isTerminated()) {
        stay.leaving = false
        this.#enter('established')
        this.#host.settle(stay)
        throw error
      }
    }
    if (this.#isTerminated()) return
    stay.sender.stop(new SessionStateError('send', 'idle'), true)
    stay.finish()
    this.#stay = undefined
    this.#enter('idle')
  }

  async #leave(stay: Subscription): Promise<void> {
    const { roomId } = stay
    const { line } = await this.#host.ask('leave', { roomId }, true)
    // While other rooms still move, this one is joined on the next connection as well.
    if (stay.heading !== line) await stay.heading?.ask('leave', { roomId }).catch(() => undefined)
  }

  #question(): { roomId: string } {
    return { roomId: this.#required('read history').roomId ?? '' }
  }

  #required(operation: string): Subscription {
    const stay = this.#joined()
    if (!stay) throw new SessionStateError(operation, this.#state)
    return stay
  }

  #joined(): Subscription | undefined {
    return this.#state === 'established' || this.#state === 'terminating' ? this.#stay : undefined
  }

  #isTerminated(): boolean {
    return this.#state === 'terminated'
  }

  #terminate(reason: KickReason | Error): void {
    this.#enter('terminated', reason)
    this.#stay = undefined
  }

  #enter(state: SessionState, reason?: KickReason | Error): void {
    this.#state = state
    const change: SessionStateChange = reason === undefined ? { state } : { state, reason }
    this.#events.emit('state', change)
  }
}
