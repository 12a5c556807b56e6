import type { ClientPorts, Subscriber } from './client-ports.ts'
import { backoffMs } from './delays.ts'
import type { Emitter } from './emitter.ts'
import { ChatError, SessionStateError } from './errors.ts'
import { isMessage, isRemoval, type Message } from './message.ts'
import { onePage, withKnown } from './pages.ts'
import { Pauses } from './pauses.ts'
import type { KickReason, RoomPush } from './pushes.ts'
import type { HistoryPage, JoinReply } from './requests.ts'
import { RoomLog } from './room-log.ts'
import { Roster } from './roster.ts'
import type { Participant } from './roster-state.ts'
import { Sender } from './sender.ts'
import type { JoinOptions, Reset, RoomView, SessionEvents } from './session-events.ts'
import { type Connection, NoReply } from './socket.ts'

/** One room from a join to a leave, on one connection after another. */
export class Subscription implements Subscriber {
  /** From now on no message is sent and no other connection is joined: the server must see the leave last. */
  leaving = false
  readonly log: RoomLog
  readonly sender: Sender
  readonly roster: Roster
  readonly #ports: ClientPorts
  readonly #pauses: Pauses
  readonly #events: Emitter<SessionEvents>
  readonly #onEnd: (reason: KickReason | Error) => void
  #view: RoomView | undefined
  /** The connection that it is joined on. */
  #connection: Connection | undefined
  /** The connection that it last asked to join on. */
  #target: Connection | undefined
  #earlyPushes: readonly RoomPush[] = []
  /** Counts the moves to other connections; the answer to an older move is ignored. */
  #moveNumber = 0
  #failures = 0
  #ended = false
  #move: Promise<void> = Promise.resolve()

  constructor(ports: ClientPorts, events: Emitter<SessionEvents>, onEnd: (reason: KickReason | Error) => void) {
    this.#ports = ports
    this.#events = events
    this.#onEnd = onEnd
    const { clock, random, pendingStore, gapMs } = ports
    this.#pauses = new Pauses(clock)
    this.log = new RoomLog({
      clock,
      random,
      gapMs,
      isCrowded: () => this.roster.isCrowded,
      fetch: (after) => this.#fetch(after),
      applied: (entry) => this.#apply(entry),
      gap: (gap) => this.#emit('gap', gap),
      resyncNeeded: () => void this.resume(this.#connection),
    })
    this.sender = new Sender({
      clock,
      random,
      pendingStore,
      user: () => ports.user(),
      last: () => this.log.last,
      sent: (sent) => {
        this.log.take([sent.message])
        this.#emit('sent', sent)
      },
      stored: (message) => this.log.take([message]),
      failed: (failure) => this.#emit('failed', failure),
      rejoin: (connection) => void this.resume(connection),
    })
    this.roster = new Roster(
      (change) => this.#emit('participant', change),
      () => this.listParticipants(),
    )
  }

  /** The server has lost the session of this connection, although the connection is open. */
  notJoined(connection: Connection): void {
    if (this.#connection === connection && !this.leaving) void this.resume(connection)
  }

  get view(): RoomView | undefined {
    return this.#view
  }

  get roomId(): string | undefined {
    return this.#view?.room.roomId
  }

  get target(): Connection | undefined {
    return this.#target?.isOpen ? this.#target : this.#connection
  }

  get live(): boolean {
    return this.#connection?.isOpen ?? false
  }

  get position(): number | undefined {
    return this.#view && this.log.last
  }

  /** Takes the room. Throws an InvalidOperationError if another session of this client has it. */
  enter({ room, you, ...reply }: JoinReply, connection: Connection, after: number | undefined): void {
    this.#earlyPushes = this.#ports.rooms.enter(this, room.roomId)
    this.#view = { room, you }
    this.#connection = connection
    this.log.start(after ?? reply.head, reply.epoch)
    this.roster.replace(reply)
  }

  /** Raises the pushes that came before the reply, and every later one. */
  start(reply: JoinReply, connection: Connection, { after, epoch }: JoinOptions): void {
    for (const push of this.#earlyPushes) this.receive(push)
    if (this.#ended) return
    for (const entry of reply.messages) this.sender.noteEntry(entry)
    if (after !== undefined && epoch !== undefined && epoch !== reply.epoch) void this.resume(connection, 'epoch')
    else if (after !== undefined) this.log.take(reply.messages)
    this.log.noteHead(reply.head)
    this.sender.use(connection)
    void this.sender.open(reply.room.roomId)
    if (connection.isOpen) this.#ports.moveIfNeeded(this)
    else this.connectionLost(connection)
  }

  /** All users in the room, in crowded rooms too. */
  async listParticipants(): Promise<Participant[]> {
    const all: Participant[] = []
    let cursor: string | undefined
    do {
      const { roomId } = this
      const { reply } = await this.#ports.ask('participants', { roomId, ...(cursor && { cursor }) }, true)
      all.push(...reply.participants)
      cursor = reply.cursor
    } while (cursor !== undefined)
    return all
  }

  receive(push: RoomPush): void {
    if (this.#ended) return
    if (push.type === 'message') this.log.take([messageOf(push)])
    else if (push.type === 'messages') this.log.take(push.messages)
    else if (push.type === 'kicked') this.end(push.reason, false)
    else if (push.type === 'participant') this.#applyParticipant(push)
    else if (push.type === 'room') this.#applyRoomChange(push)
  }

  noteHead(head: number): void {
    if (!this.#ended) this.log.noteHead(head)
  }

  resume(connection: Connection | undefined, resetReason?: Reset['reason']): Promise<void> {
    // A session whose join is not answered yet moves after the answer.
    if (this.#ended || this.leaving || !this.#view || !connection?.isOpen) return Promise.resolve()
    this.#move = this.#resume(connection, resetReason)
    return this.#move
  }

  /** Resolves when no move to another connection is in progress. */
  async moveSettled(): Promise<void> {
    for (let move: Promise<void> | undefined; move !== this.#move; await move) move = this.#move
  }

  connectionLost(connection: Connection): void {
    this.sender.connectionLost(connection)
    if (this.#ended) return
    if (this.#connection === connection) {
      this.#connection = undefined
      this.#emit('live', false)
    }
    this.#ports.moveIfNeeded(this)
  }

  end(reason: KickReason | Error, kept: boolean): void {
    if (this.#ended) return
    this.sender.stop(reason instanceof Error ? reason : new SessionStateError('send', 'terminated'), kept)
    if (this.#ended) return
    this.finish()
    this.#onEnd(reason)
  }

  finish(): void {
    this.#ended = true
    this.#moveNumber++
    this.log.end()
    this.#pauses.end()
    this.#ports.rooms.leave(this)
  }

  async #resume(connection: Connection, resetReason: Reset['reason'] | undefined): Promise<void> {
    const moveNumber = ++this.#moveNumber
    this.#target = connection
    const { roomId } = this
    try {
      const from = resetReason === undefined ? { after: this.log.last } : {}
      const reply = await connection.ask('join', { roomId, ...from })
      if (moveNumber !== this.#moveNumber) return
      if (!connection.isOpen) throw new NoReply('closed')
      if (resetReason === undefined && reply.epoch !== this.log.epoch) return await this.#resume(connection, 'epoch')
      this.#failures = 0
      this.#onMoved(connection, reply, resetReason)
    } catch (error) {
      if (moveNumber === this.#moveNumber) await this.#onFailure(connection, error, resetReason)
    }
  }

  #onMoved(connection: Connection, reply: JoinReply, resetReason: Reset['reason'] | undefined): void {
    const wasLive = this.live
    this.#connection = connection
    this.#updateView(reply)
    this.roster.replace(reply)
    if (resetReason === undefined) {
      this.log.take(reply.messages)
    } else {
      this.log.start(reply.head, reply.epoch)
      this.#emit('reset', { ...withKnown(reply), reason: resetReason })
      for (const entry of reply.messages) this.sender.noteEntry(entry)
    }
    this.log.noteHead(reply.head)
    this.sender.use(connection)
    if (!wasLive) this.#emit('live', true)
  }

  async #onFailure(connection: Connection, error: unknown, resetReason: Reset['reason'] | undefined): Promise<void> {
    if (error instanceof NoReply && error.reason === 'closed') return this.#ports.moveIfNeeded(this)
    if (error instanceof ChatError && !error.retryable) {
      if (error.code === 'resync_required' && !resetReason) return this.#resume(connection, error.code)
      return this.end(error, false)
    }
    const retryAfterMs = error instanceof ChatError ? error.retryAfterMs : undefined
    const moveNumber = this.#moveNumber
    void this.#pauses.wait(retryAfterMs ?? backoffMs(this.#failures++, this.#ports.random)).then(() => {
      if (moveNumber === this.#moveNumber && connection.isOpen) void this.resume(connection, resetReason)
    })
  }

  /** Raises the event of an entry. An own message counts as sent now; an entry of an unknown kind raises no event. */
  #apply(entry: Message): void {
    this.sender.noteEntry(entry)
    if (isRemoval(entry)) this.#emit('removal', entry)
    else if (isMessage(entry)) this.#emit('message', entry)
  }

  /** Raises an event unless the subscription has ended. */
  #emit<Name extends keyof SessionEvents>(name: Name, event: SessionEvents[Name]): void {
    if (!this.#ended) this.#events.emit(name, event)
  }

  #updateView({ room, you }: RoomView): void {
    const before = this.#view
    this.#view = { room, you }
    if (!before) return
    const changed = Object.fromEntries(
      (Object.keys(room) as (keyof typeof room)[])
        .filter((name) => room[name] !== before.room[name])
        .map((name) => [name, { old: before.room[name], new: room[name] }]),
    )
    if (room.version !== before.room.version) this.#emit('room', { room, changed })
    if (JSON.stringify(you) !== JSON.stringify(before.you)) this.#emit('rights', you)
  }

  #applyParticipant({ event, user }: Extract<RoomPush, { type: 'participant' }>): void {
    this.roster.apply({ event, user })
    if (event === 'changed' && user.user === this.#ports.user()) void this.resume(this.#connection)
  }

  #applyRoomChange({ version, changed }: Extract<RoomPush, { type: 'room' }>): void {
    if (!this.#view || version <= this.#view.room.version) return
    const values = Object.entries(changed).map(([name, value]) => [name, value.new])
    const room = { ...this.#view.room, ...Object.fromEntries(values), version }
    this.#view = { ...this.#view, room }
    this.#emit('room', { room, changed })
    // These change rights. All participants ask for theirs, so not all at once.
    if (!['auditorium', 'privacy', 'categoryId'].some((name) => name in changed)) return
    void this.#pauses.wait(this.#ports.random() * 1000).then(() => this.resume(this.#connection))
  }

  async #fetch(after: number): Promise<HistoryPage> {
    if (!this.#connection) throw new NoReply('closed')
    return onePage(await this.#connection.ask('history', { roomId: this.roomId, after, limit: 200 }))
  }
}

function messageOf({ type: _, ...message }: { type: string } & Message): Message {
  return message
}
