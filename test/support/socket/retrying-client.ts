import type { Chance } from '../../simulation/chance.ts'
import { type ChatSocket, type Frame, Refusal } from './chat-socket.ts'

/** The moments at which a connection can be cut. `lost reply` and `lost frame` cut it before an incoming frame is read. */
const moments = ['unsent', 'written', 'flushed', 'soon', 'lost frame', 'lost reply'] as const
export type Moment = (typeof moments)[number]

/** A message to send, with the same id and the same `after` on every try. */
export interface Outgoing {
  clientMessageId: string
  text: string
  after: number
}

export interface RetryingClientOptions {
  user: string
  roomId: string
  /** Opens a new socket of this user. */
  connect: () => Promise<ChatSocket>
  chance: Chance
  /** The probability that the connection is cut during a request. */
  cuts?: number
  /** Called at each acknowledgement. */
  acknowledged?: () => void
}

interface Pending {
  id: string
  moment: Moment | undefined
  settle: (reply: Frame | undefined) => void
}

/** After this number of refused handshakes in a row, the client gives up. */
const maxRefusals = 300

/**
 * A client that follows the protocol: one request at a time, retried until it gets a reply, and a view of one room by
 * the rule `seq == last + 1` apply, `seq <= last` drop, else ask `history`. It uses no timers.
 */
export class RetryingClient {
  readonly user: string
  /** The applied messages: the one with `seq` n has the index n - 1. */
  readonly view: Frame[] = []
  /** The position in the reply to each message. */
  readonly acknowledged = new Map<string, number>()
  /** Different frames for the same position. */
  readonly contradictions: Frame[] = []
  readonly figures = { cuts: 0, tries: 0, duplicates: 0, dropped: 0, gaps: 0, resyncs: 0, rejoins: 0, refused: 0 }
  readonly #options: RetryingClientOptions
  #chat: ChatSocket | undefined
  #joined = false
  #behind = false
  #pending: Pending | undefined
  #ids = 0
  #applied: (() => void)[] = []

  constructor(options: RetryingClientOptions) {
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

  /** Tries until the client knows the position of the message. */
  async deliver(message: Outgoing): Promise<number> {
    let draft = message
    for (;;) {
      const reply = await this.attempt(draft, this.#randomMoment())
      if (reply?.ok) return reply.message.seq
      const seq = reply?.error.code === 'resync_required' && (await this.#findEarlierTry(draft))
      if (seq) return seq
      if (seq === undefined) draft = { ...draft, after: this.last }
    }
  }

  /** One try. Returns undefined if the outcome is unknown. */
  async attempt({ clientMessageId, text, after }: Outgoing, moment?: Moment): Promise<Frame | undefined> {
    await this.present()
    this.figures.tries++
    const { roomId } = this.#options
    const reply = await this.#request('send', { roomId, text, clientMessageId, after }, moment)
    if (!reply) return undefined
    if (reply.ok) {
      if (reply.duplicate) this.figures.duplicates++
      this.#acknowledge(clientMessageId, reply.message)
      this.#apply(reply.message)
    } else if (reply.error.code === 'not_joined') {
      this.#joined = false
    } else if (!reply.error.retryable && reply.error.code !== 'resync_required') {
      throw new Error(`${clientMessageId} was refused: ${JSON.stringify(reply.error)}`)
    }
    if (this.#behind) await this.#fetchMissing()
    return reply
  }

  /** Connects and joins if necessary, and reads the log to its end. */
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
      for (const message of reply.messages) this.#apply(message)
      if (this.last < reply.head || this.#behind) await this.#fetchMissing()
    }
  }

  /** Resolves when this position is applied. It waits for pushes and asks for history only after a gap. */
  async reached(seq: number): Promise<void> {
    while (this.last < seq) {
      await this.present()
      if (this.#behind) await this.#fetchMissing()
      else if (this.last < seq && this.#chat) {
        await Promise.race([new Promise<void>((resolve) => this.#applied.push(resolve)), this.#chat.closed])
      }
    }
  }

  /** Reads the log to its end without waiting for pushes. */
  async catchUp(): Promise<void> {
    this.#behind = true
    await this.#fetchMissing()
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

  #randomMoment(): Moment | undefined {
    const { chance, cuts = 0 } = this.#options
    return chance.hits(cuts) ? chance.pick(moments) : undefined
  }

  /** The position that an earlier try got. If it is undefined, a later `after` is safe. */
  async #findEarlierTry({ clientMessageId, after }: Outgoing): Promise<number | undefined> {
    this.figures.resyncs++
    await this.catchUp()
    const found = this.view.slice(after).find((one) => one.clientMessageId === clientMessageId)
    if (found) this.#acknowledge(clientMessageId, found)
    return found?.seq
  }

  #acknowledge(clientMessageId: string, { seq }: Frame): void {
    const known = this.acknowledged.get(clientMessageId) ?? seq
    if (known !== seq) this.contradictions.push({ clientMessageId, known, seq })
    this.acknowledged.set(clientMessageId, seq)
    this.#options.acknowledged?.()
  }

  #apply({ type: _, ...message }: Frame): void {
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

  async #fetchMissing(): Promise<void> {
    const { roomId } = this.#options
    while (this.#behind) {
      this.#behind = false
      const reply = await this.#request('history', { roomId, after: this.last, limit: 200 })
      if (reply && !reply.ok && !reply.error.retryable) throw new Error(`history: ${JSON.stringify(reply.error)}`)
      for (const message of reply?.messages ?? []) this.#apply(message)
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
    for (let attempt = 0; attempt < maxRefusals; attempt++) {
      const chat = await this.#options.connect().catch((error: unknown) => {
        // A restart or a fault can refuse a handshake; other refusals are errors.
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
    throw new Error(`${this.user} was refused ${maxRefusals} times in a row.`)
  }

  #receive(chat: ChatSocket, frame: Frame): void {
    if (chat !== this.#chat) return
    const pending = this.#pending
    const answered = pending !== undefined && frame.id === pending.id
    if (pending?.moment === 'lost frame' || (pending?.moment === 'lost reply' && answered)) this.cut()
    else if (answered) this.#settle(frame)
    else if (frame.type === 'message') this.#apply(frame)
    else if (frame.type === 'messages') for (const message of frame.messages) this.#apply(message)
    else if (frame.type === 'kicked') this.#joined = false
    // Frames of the gateway have no id: the server may or may not have executed the pending request.
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
