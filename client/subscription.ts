import type { ClientPorts, Subscriber } from './client-ports.ts'
import { backoffMs } from './delays.ts'
import type { Emitter } from './emitter.ts'
import { ChatError, SessionStateError } from './errors.ts'
import { isMessage, isRemoval, type Message } from './message.ts'
import { onePage, withKnown } from './pages.ts'
import { Pauses } from './pauses.ts'
import type { KickReason, RoomPush } from './pushes.ts'
import type { JoinReply } from './requests.ts'
import { RoomLog } from './room-log.ts'
import { Roster } from './roster.ts'
import type { Participant } from './roster-state.ts'
import { Sender } from './sender.ts'
import type { SessionEvents } from './session-events.ts'
import type { JoinOptions, Reset, RoomView } from './session-state.ts'
import { type Connection, NoReply } from './socket.ts'

/** One stay in one room, from a join to a leave, on however many connections. */
export class Subscription implements Subscriber {
  /** Nothing may follow the leave: no message, and no move to another line. */
  leaving = false
  readonly log: RoomLog
  readonly sender: Sender
  readonly roster: Roster
  readonly #host: ClientPorts
  readonly #pauses: Pauses
  readonly #events: Emitter<SessionEvents>
  readonly #ended: (reason: KickReason | Error) => void
  #place: RoomView | undefined
  /** What it is joined on … */
  #line: Connection | undefined
  /** … and what it last asked to be joined on. */
  #heading: Connection | undefined
  #early: readonly RoomPush[] = []
  /** Counts the moves to other lines: only the newest one matters. */
  #turn = 0
  #failures = 0
  #over = false
  #moving: Promise<void> = Promise.resolve()

  constructor(host: ClientPorts, events: Emitter<SessionEvents>, ended: (reason: KickReason | Error) => void) {
    this.#host = host
    this.#events = events
    this.#ended = ended
    const { clock, random, drafts, gapMs } = host
    this.#pauses = new Pauses(clock)
    this.log = new RoomLog({
      clock,
      random,
      gapMs,
      crowded: () => this.roster.crowded,
      read: async (after) => onePage(await this.#onLine().ask('history', { roomId: this.roomId, after, limit: 200 })),
      applied: (entry) => this.#apply(entry),
      gap: (gap) => this.#tell('gap', gap),
      lostTrack: () => void (this.#line && this.resume(this.#line)),
    })
    this.sender = new Sender({
      clock,
      random,
      drafts,
      user: () => host.user,
      last: () => this.log.last,
      sent: (sent) => {
        this.log.take([sent.message])
        this.#tell('sent', sent)
      },
      stored: (message) => this.log.take([message]),
      failed: (unsent) => this.#tell('failed', unsent),
      rejoin: (line) => void this.resume(line),
    })
    this.roster = new Roster(
      (attendance) => this.#tell('participant', attendance),
      () => this.everyone(),
    )
  }

  /** The server has no session for this connection any more, though it is open. */
  missing(line: Connection): void {
    if (this.#line === line && !this.leaving) void this.resume(line)
  }

  get place(): RoomView | undefined {
    return this.#place
  }

  get roomId(): string | undefined {
    return this.#place?.room.roomId
  }

  get heading(): Connection | undefined {
    return this.#heading?.isOpen ? this.#heading : this.#line
  }

  get live(): boolean {
    return this.#line?.isOpen ?? false
  }

  get position(): number | undefined {
    return this.#place && this.log.last
  }

  /** Takes the room. Throws an InvalidOperationError when another session of this client has it. */
  enter({ room, you, ...reply }: JoinReply, line: Connection, after: number | undefined): void {
    this.#early = this.#host.enter(this, room.roomId)
    this.#place = { room, you }
    this.#line = line
    this.log.start(after ?? reply.head, reply.epoch)
    this.roster.replace(reply)
  }

  /** Everything that came until now, and everything from now on. */
  begin(reply: JoinReply, line: Connection, { after, epoch }: JoinOptions): void {
    for (const push of this.#early) this.receive(push)
    if (this.#over) return
    for (const entry of reply.messages) this.sender.saw(entry)
    if (after !== undefined && epoch !== undefined && epoch !== reply.epoch) void this.resume(line, 'epoch')
    else if (after !== undefined) this.log.take(reply.messages)
    this.log.sawHead(reply.head)
    this.sender.use(line)
    void this.sender.open(reply.room.roomId)
    if (line.isOpen) this.#host.settle(this)
    else this.lost(line)
  }

  /** Everyone who is in the room, however many. */
  async everyone(): Promise<Participant[]> {
    const all: Participant[] = []
    let cursor: string | undefined
    do {
      const { roomId } = this
      const { reply } = await this.#host.ask('participants', { roomId, ...(cursor && { cursor }) }, true)
      all.push(...reply.participants)
      cursor = reply.cursor
    } while (cursor !== undefined)
    return all
  }

  receive(push: RoomPush): void {
    if (this.#over) return
    if (push.type === 'message') this.log.take([messageOf(push)])
    else if (push.type === 'messages') this.log.take(push.messages)
    else if (push.type === 'kicked') this.end(push.reason, false)
    else if (push.type === 'participant') this.#attend(push)
    else if (push.type === 'room') this.#edit(push)
  }

  sawHead(head: number): void {
    if (!this.#over) this.log.sawHead(head)
  }

  resume(line: Connection, fresh?: Reset['reason']): Promise<void> {
    // Who is in no room yet comes along once the join is answered.
    if (this.#over || this.leaving || !this.#place || !line.isOpen) return Promise.resolve()
    this.#moving = this.#resume(line, fresh)
    return this.#moving
  }

  /** Resolves when no move to another line is under way. */
  async settled(): Promise<void> {
    for (let moving: Promise<void> | undefined; moving !== this.#moving; await moving) moving = this.#moving
  }

  lost(line: Connection): void {
    this.sender.lose(line)
    if (this.#over) return
    if (this.#line === line) {
      this.#line = undefined
      this.#tell('live', false)
    }
    this.#host.settle(this)
  }

  end(reason: KickReason | Error, kept: boolean): void {
    if (this.#over) return
    this.sender.stop(reason instanceof Error ? reason : new SessionStateError('send', 'terminated'), kept)
    if (this.#over) return
    this.finish()
    this.#ended(reason)
  }

  finish(): void {
    this.#over = true
    this.#turn++
    this.log.end()
    this.#pauses.end()
    this.#host.leave(this)
  }

  async #resume(line: Connection, fresh: Reset['reason'] | undefined): Promise<void> {
    const turn = ++this.#turn
    this.#heading = line
    const { roomId } = this
    try {
      const from = fresh === undefined ? { after: this.log.last } : {}
      const reply = await line.ask('join', { roomId, ...from })
      if (turn !== this.#turn) return
      if (!line.isOpen) throw new NoReply('closed')
      if (fresh === undefined && reply.epoch !== this.log.epoch) return await this.#resume(line, 'epoch')
      this.#failures = 0
      this.#moved(line, reply, fresh)
    } catch (error) {
      if (turn === this.#turn) await this.#refused(line, error, fresh)
    }
  }

  #moved(line: Connection, reply: JoinReply, fresh: Reset['reason'] | undefined): void {
    const wasLive = this.live
    this.#line = line
    this.#update(reply)
    this.roster.replace(reply)
    if (fresh === undefined) {
      this.log.take(reply.messages)
    } else {
      this.log.start(reply.head, reply.epoch)
      this.#tell('reset', { ...withKnown(reply), reason: fresh })
      for (const entry of reply.messages) this.sender.saw(entry)
    }
    this.log.sawHead(reply.head)
    this.sender.use(line)
    if (!wasLive) this.#tell('live', true)
  }

  async #refused(line: Connection, error: unknown, fresh: Reset['reason'] | undefined): Promise<void> {
    if (error instanceof NoReply && error.reason === 'closed') return this.#host.settle(this)
    if (error instanceof ChatError && !error.retryable) {
      if (error.code === 'resync_required' && !fresh) return this.#resume(line, error.code)
      return this.end(error, false)
    }
    const asked = error instanceof ChatError ? error.retryAfterMs : undefined
    const turn = this.#turn
    void this.#pauses.wait(asked ?? backoffMs(this.#failures++, this.#host.random)).then(() => {
      if (turn === this.#turn && line.isOpen) void this.resume(line, fresh)
    })
  }

  /** The log has passed this entry. An own message is sent then; an entry of an unknown kind raises no event. */
  #apply(entry: Message): void {
    this.sender.saw(entry)
    if (isRemoval(entry)) this.#tell('removal', entry)
    else if (isMessage(entry)) this.#tell('message', entry)
  }

  /** After the end no event is raised. */
  #tell<Name extends keyof SessionEvents>(name: Name, event: SessionEvents[Name]): void {
    if (!this.#over) this.#events.emit(name, event)
  }

  #update({ room, you }: RoomView): void {
    const before = this.#place
    this.#place = { room, you }
    if (!before) return
    const changed = Object.fromEntries(
      (Object.keys(room) as (keyof typeof room)[])
        .filter((name) => room[name] !== before.room[name])
        .map((name) => [name, { old: before.room[name], new: room[name] }]),
    )
    if (room.version !== before.room.version) this.#tell('room', { room, changed })
    if (JSON.stringify(you) !== JSON.stringify(before.you)) this.#tell('rights', you)
  }

  #attend({ event, user }: Extract<RoomPush, { type: 'participant' }>): void {
    this.roster.apply({ event, user })
    if (event === 'changed' && user.user === this.#host.user && this.#line) void this.resume(this.#line)
  }

  #edit({ version, changed }: Extract<RoomPush, { type: 'room' }>): void {
    if (!this.#place || version <= this.#place.room.version) return
    const values = Object.entries(changed).map(([name, value]) => [name, value.new])
    const room = { ...this.#place.room, ...Object.fromEntries(values), version }
    this.#place = { ...this.#place, room }
    this.#tell('room', { room, changed })
    // These bear upon what one may do here. Everyone in the room looks, so not all at once.
    if (!['auditorium', 'privacy', 'categoryId'].some((name) => name in changed)) return
    void this.#pauses.wait(this.#host.random() * 1000).then(() => this.#line && this.resume(this.#line))
  }

  #onLine(): Connection {
    if (!this.#line) throw new NoReply('closed')
    return this.#line
  }
}

function messageOf({ type: _, ...message }: { type: string } & Message): Message {
  return message
}
