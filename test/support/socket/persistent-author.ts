import type { Chance } from '../../simulation/chance.ts'
import { type ChatSocket, type Frame, Refusal } from './chat-socket.ts'

/** When the cable is cut. `lost reply` and `lost frame` cut it as a frame comes in, which is then never read. */
const moments = ['unsent', 'written', 'flushed', 'soon', 'lost frame', 'lost reply'] as const
export type Moment = (typeof moments)[number]

/** A message on its way: the same id and the same `after` on every try. */
export interface Outgoing {
  clientMessageId: string
  text: string
  after: number
}

export interface AuthorOptions {
  user: string
  roomId: string
  /** A new socket of this user's, wherever the chat runs at the time. */
  connect: () => Promise<ChatSocket>
  chance: Chance
  /** How probable it is that a request ends in a cut cable. */
  cuts?: number
  /** Called at each acknowledgement. */
  acknowledged?: () => void
}

interface Pending {
  id: string
  moment: Moment | undefined
  settle: (reply: Frame | undefined) => void
}

/** Refusals of a handshake in a row that no weather explains. */
const hopeless = 300

/**
 * A client as the protocol asks for: one request at a time, retried until it is answered, and a view of one room that
 * grows by the rule `seq == last + 1` apply, `seq <= last` drop, else ask `history`. It never waits for time to pass.
 */
export class PersistentAuthor {
  readonly user: string
  /** What was applied: the message with `seq` n stands at n - 1. */
  readonly view: Frame[] = []
  /** The position that the reply to each message named. */
  readonly acknowledged = new Map<string, number>()
  /** Contradictions between what came at different times about one position. */
  readonly contradictions: Frame[] = []
  readonly figures = { cuts: 0, tries: 0, duplicates: 0, dropped: 0, gaps: 0, resyncs: 0, rejoins: 0, refused: 0 }
  readonly #options: AuthorOptions
  #chat: ChatSocket | undefined
  #joined = false
  #behind = false
  #pending: Pending | undefined
  #ids = 0
  #applied: (() => void)[] = []

  constructor(options: AuthorOptions) {
    this.#options = options
    this.user = options.user
  }

  get last(): number {
    return this.view.length
  }

  async say(count: number): Promise<void> {
    for (let n = 0; n < count; n++) await this.deliver(this.draft(`${this.user} ${n}`))
  }

  draft(text: string): Outgoing {
    return { clientMessageId: text, text, after: this.last }
  }

  /** Tries until the message has a position that this client knows. */
  async deliver(message: Outgoing): Promise<number> {
    let draft = message
    for (;;) {
      const reply = await this.attempt(draft, this.#someMoment())
      if (reply?.ok) return reply.message.seq
      const own = reply?.error.code === 'resync_required' && (await this.#ownAfter(draft))
      if (own) return own
      if (own === undefined) draft = { ...draft, after: this.last }
    }
  }

  /** One try. Nothing stands for a try whose fate is unknown. */
  async attempt({ clientMessageId, text, after }: Outgoing, moment?: Moment): Promise<Frame | undefined> {
    await this.present()
    this.figures.tries++
    const { roomId } = this.#options
    const reply = await this.#request('send', { roomId, text, clientMessageId, after }, moment)
    if (!reply) return undefined
    if (reply.ok) {
      if (reply.duplicate) this.figures.duplicates++
      this.#acknowledge(clientMessageId, reply.message)
      this.#take(reply.message)
    } else if (reply.error.code === 'not_joined') {
      this.#joined = false
    } else if (!reply.error.retryable && reply.error.code !== 'resync_required') {
      throw new Error(`${clientMessageId} was refused: ${JSON.stringify(reply.error)}`)
    }
    if (this.#behind) await this.#readOn()
    return reply
  }

  /** Connected and joined, with everything read that there was at that moment. */
  async present(): Promise<void> {
    while (!this.#joined || !this.#chat) {
      this.figures.rejoins++
      const { roomId, cuts = 0, chance } = this.#options
      const moment = chance.hits(cuts / 3) ? chance.pick(moments) : undefined
      const reply = await this.#request('join', { roomId, after: this.last }, moment)
      if (!reply) continue
      if (!reply.ok && !reply.error.retryable) throw new Error(`join was refused: ${JSON.stringify(reply.error)}`)
      if (!reply.ok) continue
      this.#joined = true
      for (const message of reply.messages) this.#take(message)
      if (this.last < reply.head || this.#behind) await this.#readOn()
    }
  }

  /** Resolves once this position was applied. Pushes alone may bring it; history is asked only after a gap. */
  async reached(seq: number): Promise<void> {
    while (this.last < seq) {
      await this.present()
      if (this.#behind) await this.#readOn()
      else if (this.last < seq && this.#chat) {
        await Promise.race([new Promise<void>((resolve) => this.#applied.push(resolve)), this.#chat.closed])
      }
    }
  }

  /** Reads the log to its end, whatever the pushes brought. */
  async catchUp(): Promise<void> {
    this.#behind = true
    await this.#readOn()
  }

  cut(): void {
    this.figures.cuts++
    this.#chat?.kill()
    this.#lost(this.#chat)
  }

  async close(): Promise<void> {
    const chat = this.#chat
    this.#lost(chat)
    await chat?.close()
  }

  #someMoment(): Moment | undefined {
    const { chance, cuts = 0 } = this.#options
    return chance.hits(cuts) ? chance.pick(moments) : undefined
  }

  /** The position that an earlier try got; undefined when it got none, so that a later `after` is safe. */
  async #ownAfter({ clientMessageId, after }: Outgoing): Promise<number | undefined> {
    this.figures.resyncs++
    await this.catchUp()
    const own = this.view.slice(after).find((one) => one.clientMessageId === clientMessageId)
    if (own) this.#acknowledge(clientMessageId, own)
    return own?.seq
  }

  #acknowledge(clientMessageId: string, { seq }: Frame): void {
    const known = this.acknowledged.get(clientMessageId) ?? seq
    if (known !== seq) this.contradictions.push({ clientMessageId, known, seq })
    this.acknowledged.set(clientMessageId, seq)
    this.#options.acknowledged?.()
  }

  #take({ type: _, ...message }: Frame): void {
    if (message.seq === this.last + 1) {
      this.view.push(message)
      for (const resolve of this.#applied.splice(0)) resolve()
    } else if (message.seq <= this.last) {
      this.figures.dropped++
      const known = this.view[message.seq - 1]
      if (JSON.stringify(known) !== JSON.stringify(message)) this.contradictions.push({ known, message })
    } else {
      this.figures.gaps++
      this.#behind = true
      for (const resolve of this.#applied.splice(0)) resolve()
    }
  }

  async #readOn(): Promise<void> {
    const { roomId } = this.#options
    while (this.#behind) {
      this.#behind = false
      const reply = await this.#request('history', { roomId, after: this.last, limit: 200 })
      if (reply && !reply.ok && !reply.error.retryable) throw new Error(`history: ${JSON.stringify(reply.error)}`)
      for (const message of reply?.messages ?? []) this.#take(message)
      if (!reply?.ok || this.last < reply.head) this.#behind = true
    }
  }

  async #request(action: string, fields: object, moment?: Moment): Promise<Frame | undefined> {
    const chat = this.#chat ?? (await this.#connected())
    const id = `${action} ${++this.#ids}`
    return new Promise((settle) => {
      this.#pending = { id, moment, settle }
      const flushed = () => (moment === 'flushed' || moment === 'unsent') && this.cut()
      if (moment === 'unsent') return flushed()
      chat.socket.send(JSON.stringify({ action, id, ...fields }), flushed)
      if (moment === 'written') this.cut()
      if (moment === 'soon') setImmediate(() => this.#pending?.id === id && this.cut())
    })
  }

  async #connected(): Promise<ChatSocket> {
    for (let attempt = 0; attempt < hopeless; attempt++) {
      const chat = await this.#options.connect().catch((error: unknown) => {
        // A restart ends the handshake of whoever comes at that moment; a fault may refuse it.
        if (error instanceof Refusal && error.status < 429 && error.status !== 410) throw error
        this.figures.refused++
      })
      if (!chat) continue
      this.#chat = chat
      this.#joined = false
      chat.socket.on('message', (data) => this.#receive(chat, JSON.parse(String(data))))
      chat.socket.on('close', () => this.#lost(chat))
      return chat
    }
    throw new Error(`${this.user} was refused ${hopeless} times in a row.`)
  }

  #receive(chat: ChatSocket, frame: Frame): void {
    if (chat !== this.#chat) return
    const pending = this.#pending
    const answered = pending !== undefined && frame.id === pending.id
    if (pending?.moment === 'lost frame' || (pending?.moment === 'lost reply' && answered)) this.cut()
    else if (answered) this.#settle(frame)
    else if (frame.type === 'message') this.#take(frame)
    else if (frame.type === 'messages') for (const message of frame.messages) this.#take(message)
    else if (frame.type === 'kicked') this.#joined = false
    // The gateway's own frames name no request: the one that is open may or may not have been done.
    else if (frame.type === undefined && frame.id === undefined) this.#settle(undefined)
  }

  #settle(reply: Frame | undefined): void {
    const pending = this.#pending
    this.#pending = undefined
    pending?.settle(reply)
  }

  #lost(chat: ChatSocket | undefined): void {
    if (!chat || chat !== this.#chat) return
    this.#chat = undefined
    this.#joined = false
    this.#settle(undefined)
  }
}
