import { Emitter, type Unsubscribe } from './emitter.ts'
import { ChatError, ConnectionError, SessionStateError } from './errors.ts'
import type { Message, MessageBody } from './message.ts'
import { bodyOf, type SendOptions } from './message-body.ts'
import type { Draft } from './outbox.ts'
import type { Participant } from './presence.ts'
import type { KickReason } from './pushes.ts'
import type { HistoryPage, HistoryQuestion, Room } from './requests.ts'
import type { RoomHost } from './room-host.ts'
import type { LogCounts } from './room-log.ts'
import type { Joined, JoinOptions, SessionState, SessionStateChange } from './room-state.ts'
import { type RoomTarget, referenceTo } from './room-target.ts'
import type { SessionEvents } from './session-events.ts'
import { Stay } from './stay.ts'

type Question = Omit<HistoryQuestion, 'roomId'>

/** What a session reads from its client besides the room it is in. */
export interface Reader {
  historyPage(question: HistoryQuestion): Promise<HistoryPage>
  history(question: HistoryQuestion): AsyncGenerator<Message, void, undefined>
}

/**
 * Being in a room: messages arrive and can be sent. One session is in one room at a time; after `leave` it can join
 * another, or the same again. Listeners that are registered before `join` miss nothing.
 */
export class ChatRoomSession {
  #state: SessionState = 'idle'
  #stay: Stay | undefined
  readonly #events = new Emitter<SessionEvents>()
  readonly #host: RoomHost
  readonly #reader: Reader

  /** Sessions are made by `client.session()`. */
  constructor(host: RoomHost, reader: Reader) {
    this.#host = host
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
  get outbox(): readonly Draft[] {
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
   * Joins by reference, summary, name or URI. Rejects with a TypeError when the target names no room, with a
   * SessionStateError unless the session is idle, with an InvalidOperationError when this client is in the room already,
   * with a ConnectionError when the client is not connected, and with a ChatError when the server refuses; the session
   * is idle then, and may try again.
   */
  async join(target: RoomTarget, options: JoinOptions = {}): Promise<Joined> {
    const reference = referenceTo(target)
    if (this.#state !== 'idle') throw new SessionStateError('join', this.#state)
    const stay: Stay = new Stay(this.#host, this.#events, (reason) => this.#terminate(reason))
    const stopExpecting = this.#host.expect(stay, reference)
    const { after, limit } = options
    this.#enter('establishing')
    try {
      const asked = { ...reference, ...(after !== undefined ? { after } : limit !== undefined && { limit }) }
      const { reply, line } = await this.#host.ask('join', asked, true)
      if (this.#isTerminated()) throw new ConnectionError('The client was closed.')
      stay.enter(reply, line, after)
      this.#stay = stay
      this.#enter('established')
      stay.begin(reply, line, options)
      return { ...reply, messages: after === undefined ? reply.messages : [] }
    } catch (error) {
      if (!this.#isTerminated()) this.#enter('idle')
      throw error
    } finally {
      stopExpecting()
    }
  }

  /**
   * Sends a text or a message and resolves with it as it is stored, once, whatever happens on the way. What is said
   * while the session is terminating, until `leave` has sent what was said before, still goes out. Rejects with a
   * TypeError or a RangeError when there is nothing or too much to send, with a SessionStateError when not joined, with
   * a ChatError when the server refuses, and with a ConnectionError when the client is closed before an answer came; of
   * the last two `failed` tells as well, so nobody has to wait for the promise.
   */
  send(content: string | MessageBody, options: SendOptions = {}): Promise<Message> {
    try {
      const body = bodyOf(content, options)
      const stay = this.#joined()
      if (!stay || stay.leaving) throw new SessionStateError('send', this.#state)
      const { ifHead, clientMessageId = this.#host.newId() } = options
      return stay.sender.add({ clientMessageId, body, ...(ifHead !== undefined && { ifHead }) })
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Sends what was said, then leaves. The session is idle afterwards. */
  async leave(): Promise<void> {
    const stay = this.#stay
    if (this.#state !== 'established' || !stay) throw new SessionStateError('leave', this.#state)
    this.#enter('terminating')
    await stay.sender.drained()
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
    stay.finish()
    this.#stay = undefined
    this.#enter('idle')
  }

  /** Leaves if joined, then joins if a room is given. */
  async switchTo(target?: RoomTarget, options: JoinOptions = {}): Promise<Joined | undefined> {
    if (this.#state === 'established') await this.leave()
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

  async #leave(stay: Stay): Promise<void> {
    const { roomId } = stay
    const { line } = await this.#host.ask('leave', { roomId }, true)
    // While other rooms still move, this one is joined on the next connection as well.
    if (stay.heading !== line) await stay.heading?.ask('leave', { roomId }).catch(() => undefined)
  }

  #question(): { roomId: string } {
    return { roomId: this.#required('read history').roomId ?? '' }
  }

  #required(operation: string): Stay {
    const stay = this.#joined()
    if (!stay) throw new SessionStateError(operation, this.#state)
    return stay
  }

  #joined(): Stay | undefined {
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
