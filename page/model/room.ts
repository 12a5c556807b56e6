import {
  type ChatClient,
  type ChatRoomSession,
  type KickReason,
  KnownNames,
  type Message,
  type MessageBody,
  type PendingMessage,
  randomId,
  SessionStateError,
} from '../../client/index.ts'
import { append, type Log, logOf, prepend } from './log.ts'
import { Observable } from './observable.ts'

/** A message that was refused. */
export interface Refused {
  clientMessageId: string
  body: MessageBody
  error: Error
}

/** How many messages are loaded at a time. */
const pageSize = 50

/** A room that the user is in: its messages, the unsent ones, and the last position that was read. */
export class Room extends Observable {
  readonly roomId: string
  readonly session: ChatRoomSession
  log: Log = logOf([], true)
  refused: Refused[] = []
  /** The names of the authors that are loaded and of the people who were in the room. */
  readonly names = new KnownNames()
  /** The newest message of another user, for screen readers. */
  latest: Message | undefined
  /** Why the user is not in the room any more. */
  ended: KickReason | Error | undefined
  /** The last position that the user has seen. */
  read = 0
  loading = false
  /** The text in the composer, kept while another room is shown. */
  draft = ''
  #name: string
  readonly #user: string
  readonly #bodies = new Map<string, MessageBody>()

  constructor(client: ChatClient, { roomId, name }: { roomId: string; name: string }) {
    super()
    this.roomId = roomId
    this.#name = name
    this.#user = client.user ?? ''
    this.session = client.session()
    this.#listen()
  }

  get name(): string {
    return this.session.room?.name ?? this.#name
  }

  get outbox(): readonly PendingMessage[] {
    return this.session.outbox
  }

  /** How many messages of others come after the last read position. Messages that are not loaded all count. */
  get unread(): number {
    const { messages } = this.log
    const unloaded = Math.max(0, (messages[0]?.seq ?? this.session.head + 1) - 1 - this.read)
    const isNew = ({ seq, from, removes, removed }: Message) =>
      seq > this.read && from?.user !== this.#user && !removes && !removed
    return this.session.state === 'established' ? unloaded + messages.filter(isNew).length : 0
  }

  /** `read` is the last position that the user has read. Without it, all messages count as read. */
  async join(read?: number): Promise<this> {
    const joined = await this.session.join({ roomId: this.roomId }, { limit: pageSize })
    this.#name = joined.room.name
    // Pushes that came before the reply have been appended already.
    const newer = this.log.messages.filter(({ seq }) => seq > joined.head)
    this.log = logOf([...joined.messages, ...newer], joined.complete)
    this.#addNames(joined.messages)
    this.read = Math.min(read ?? joined.head, joined.head)
    this.changed()
    return this
  }

  async leave(): Promise<void> {
    const leaving = this.session.leave()
    this.changed()
    await leaving.finally(() => this.changed())
  }

  send(body: MessageBody): void {
    const clientMessageId = randomId()
    this.#bodies.set(clientMessageId, body)
    this.session.send(body, { clientMessageId }).catch((error: unknown) => {
      // For all other errors the session raises `failed`.
      const isLocal = error instanceof TypeError || error instanceof RangeError || error instanceof SessionStateError
      if (isLocal) this.#refuse(clientMessageId, error)
    })
    this.changed()
  }

  sendAgain({ clientMessageId, body }: Refused): void {
    this.discard(clientMessageId)
    this.send(body)
  }

  discard(clientMessageId: string): void {
    this.refused = this.refused.filter((refused) => refused.clientMessageId !== clientMessageId)
    this.changed()
  }

  /** The user has seen all messages. Returns whether there were unread ones. */
  markRead(): boolean {
    const { head } = this.session
    if (head <= this.read) return false
    this.read = head
    this.changed()
    return true
  }

  /** Loads one page of older messages. */
  async loadEarlier(): Promise<void> {
    if (this.loading || this.log.complete) return
    this.loading = true
    this.changed()
    try {
      const before = this.log.messages[0]?.seq
      const page = await this.session.historyPage({
        ...(before !== undefined && { before }),
        order: 'newest',
        sort: 'oldest',
        limit: pageSize,
      })
      this.#addNames(page.messages)
      this.log = prepend(this.log, page.messages, page.cursor === undefined)
    } finally {
      this.loading = false
      this.changed()
    }
  }

  #listen(): void {
    const { session } = this
    session.on('message', (message) => this.#append(message))
    session.on('removal', (message) => this.#append(message))
    session.on('reset', ({ messages, complete, head }) => {
      this.log = logOf(messages, complete)
      this.#addNames(messages)
      this.read = Math.min(this.read, head)
      this.changed()
    })
    session.on('sent', ({ clientMessageId }) => {
      this.#bodies.delete(clientMessageId)
      this.changed()
    })
    session.on('failed', ({ clientMessageId, error }) => this.#refuse(clientMessageId, error))
    session.on('state', ({ state, reason }) => {
      if (state === 'terminated') this.ended = reason
      this.changed()
    })
    session.on('participant', ({ user }) => {
      this.names.add(user)
      this.changed()
    })
    for (const event of ['room', 'rights', 'live'] as const) session.on(event, () => this.changed())
  }

  #addNames(messages: readonly Message[]): void {
    for (const { from } of messages) if (from) this.names.add(from)
    for (const participant of this.session.participants) this.names.add(participant)
  }

  #append(message: Message): void {
    this.log = append(this.log, message)
    this.#addNames([message])
    if (message.from?.user !== this.#user && !message.removes) this.latest = message
    this.changed()
  }

  #refuse(clientMessageId: string, error: Error): void {
    const body = this.#bodies.get(clientMessageId)
    this.#bodies.delete(clientMessageId)
    if (body) this.refused = [...this.refused, { clientMessageId, body, error }]
    this.changed()
  }
}
