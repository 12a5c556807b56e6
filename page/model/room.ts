import {
  type ChatClient,
  type ChatRoomSession,
  type KickReason,
  type Message,
  type MessageBody,
  type PendingMessage,
  randomId,
  SessionStateError,
} from '../../client/index.ts'
import { apply, earlier, type Log, logOf } from './log.ts'
import { Observed } from './observable.ts'

/** A message that was refused. */
export interface Refused {
  clientMessageId: string
  body: MessageBody
  error: Error
}

/** Messages that one look backwards brings. */
const pageSize = 50

/** A room that the user is in: what was said there, what waits to be said, and how far it was read. */
export class Room extends Observed {
  readonly roomId: string
  readonly session: ChatRoomSession
  log: Log = logOf([], true)
  refused: Refused[] = []
  /** The newest message of somebody else's, for whoever cannot see the page. */
  latest: Message | undefined
  /** Why the user is not in the room any more. */
  ended: KickReason | Error | undefined
  /** The last position that the user has seen. */
  read = 0
  loading = false
  /** What is being written, kept while another room is shown. */
  writing = ''
  #name: string
  readonly #user: string
  readonly #said = new Map<string, MessageBody>()

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

  /** Others' messages behind the last position that was read; how many of the unloaded ones are others', nobody knows. */
  get unread(): number {
    const { messages } = this.log
    const unloaded = Math.max(0, (messages[0]?.seq ?? this.session.head + 1) - 1 - this.read)
    const isNew = ({ seq, from, removes, removed }: Message) =>
      seq > this.read && from?.user !== this.#user && !removes && !removed
    return this.session.state === 'established' ? unloaded + messages.filter(isNew).length : 0
  }

  /** `read` is how far it was read the last time; without it everything there is counts as read. */
  async join(read?: number): Promise<this> {
    const joined = await this.session.join({ roomId: this.roomId }, { limit: pageSize })
    this.#name = joined.room.name
    // Pushes may have been applied already.
    const newer = this.log.messages.filter(({ seq }) => seq > joined.head)
    this.log = logOf([...joined.messages, ...newer], joined.complete)
    this.read = Math.min(read ?? joined.head, joined.head)
    this.changed()
    return this
  }

  async leave(): Promise<void> {
    const leaving = this.session.leave()
    this.changed()
    await leaving.finally(() => this.changed())
  }

  say(body: MessageBody): void {
    const clientMessageId = randomId()
    this.#said.set(clientMessageId, body)
    this.session.send(body, { clientMessageId }).catch((error: unknown) => {
      // What the server refuses is told by an event; what cannot even be tried is told here alone.
      const untold = error instanceof TypeError || error instanceof RangeError || error instanceof SessionStateError
      if (untold) this.#refuse(clientMessageId, error)
    })
    this.changed()
  }

  sayAgain({ clientMessageId, body }: Refused): void {
    this.discard(clientMessageId)
    this.say(body)
  }

  discard(clientMessageId: string): void {
    this.refused = this.refused.filter((refused) => refused.clientMessageId !== clientMessageId)
    this.changed()
  }

  /** Everything up to here has been seen. */
  markRead(): boolean {
    const { head } = this.session
    if (head <= this.read) return false
    this.read = head
    this.changed()
    return true
  }

  /** Goes back one page. */
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
      this.log = earlier(this.log, page.messages, page.cursor === undefined)
    } finally {
      this.loading = false
      this.changed()
    }
  }

  #listen(): void {
    const { session } = this
    session.on('message', (message) => this.#take(message))
    session.on('removal', (message) => this.#take(message))
    session.on('reset', ({ messages, complete, head }) => {
      this.log = logOf(messages, complete)
      this.read = Math.min(this.read, head)
      this.changed()
    })
    session.on('sent', ({ clientMessageId }) => {
      this.#said.delete(clientMessageId)
      this.changed()
    })
    session.on('failed', ({ clientMessageId, error }) => this.#refuse(clientMessageId, error))
    session.on('state', ({ state, reason }) => {
      if (state === 'terminated') this.ended = reason
      this.changed()
    })
    for (const event of ['participant', 'room', 'rights', 'live'] as const) session.on(event, () => this.changed())
  }

  #take(message: Message): void {
    this.log = apply(this.log, message)
    if (message.from?.user !== this.#user && !message.removes) this.latest = message
    this.changed()
  }

  #refuse(clientMessageId: string, error: Error): void {
    const body = this.#said.get(clientMessageId)
    this.#said.delete(clientMessageId)
    if (body) this.refused = [...this.refused, { clientMessageId, body, error }]
    this.changed()
  }
}
