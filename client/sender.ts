import { type AbortSignalLike, onAbort } from './abort.ts'
import type { Clock } from './clock.ts'
import { backoffMs, type Random } from './delays.ts'
import { ChatError, ConnectionError } from './errors.ts'
import type { Message, MessageBody } from './message.ts'
import {
  enqueue,
  firstTry,
  isOwn,
  nextStep,
  type Outbox,
  type PendingMessage,
  remove,
  replace,
  startTry,
} from './outbox.ts'
import { onePage } from './pages.ts'
import { Pauses } from './pauses.ts'
import type { PendingStore } from './pending-store.ts'
import { type Promised, promise } from './promise.ts'
import { type Connection, NoReply } from './socket.ts'

/** What became of a message: where it stands, and whether an earlier try had put it there. */
export interface Sent {
  readonly clientMessageId: string
  readonly message: Message
  readonly duplicate: boolean
}

export interface SendFailure {
  readonly clientMessageId: string
  /** The message that was not sent. */
  readonly body: MessageBody
  readonly error: Error
}

export interface SenderOptions {
  readonly clock: Clock
  readonly random: Random
  readonly drafts: PendingStore
  /** The author's own id. */
  user(): string
  /** The last position that was applied. */
  last(): number
  sent(sent: Sent): void
  /** A message that nobody waits for any more has its place. */
  stored(message: Message): void
  failed(unsent: SendFailure): void
  /** The line serves no more in this room: it has to be joined again. */
  rejoin(line: Connection): void
}

const shortestMs = 200
const longestMs = 10_000

/** Sends the messages of one room, one at a time, each until it has a definite answer. */
export class Sender {
  /** How often a message was tried. */
  tries = 0
  readonly #options: SenderOptions
  readonly #pauses: Pauses
  readonly #promised = new Map<string, Promised>()
  #outbox: Outbox = []
  #line: Connection | undefined
  #roomId = ''
  #key: string | undefined
  #running = false
  #failures = 0
  #drained: (() => void)[] = []
  #over: Error | undefined
  #early: Message[] = []

  constructor(options: SenderOptions) {
    this.#options = options
    this.#pauses = new Pauses(options.clock)
  }

  get outbox(): Outbox {
    return this.#outbox
  }

  /**
   * Resolves with the stored message. Rejects when the server refuses it, when it cannot be tried any longer, or with
   * the reason of the signal: then it is not tried again, and a try that was under way may have stored it.
   */
  add(draft: PendingMessage, signal?: AbortSignalLike): Promise<Message> {
    if (this.#over) return Promise.reject(this.#over)
    const promised = this.#promised.get(draft.clientMessageId) ?? promise()
    this.#promised.set(draft.clientMessageId, promised)
    this.#outbox = enqueue(this.#outbox, { ...draft, since: this.#options.last() })
    const { stop } = onAbort(signal, (reason) => void this.#refused(draft, reason))
    promised.promise.then(stop, stop)
    void this.#save()
    void this.#run()
    return promised.promise
  }

  /** An entry of the log. Where it is a draft that still waits, a try or a copy of it was stored. */
  saw(entry: Message): void {
    // Drafts of earlier clients are not known before they are adopted.
    if (this.#key === undefined) this.#early.push(entry)
    const draft = this.#outbox.find((draft) => isOwn(entry, draft, this.#options.user()))
    if (draft) void this.#done(draft, entry, true)
  }

  /** From now on for this room. What earlier runs of the program left unsent goes out first. */
  async open(roomId: string): Promise<void> {
    this.#roomId = roomId
    const key = `persistent-chat/outbox/${this.#options.user()}/${roomId}`
    await this.#adopt(key)
    // Drafts that were adopted meanwhile stay in the storage.
    if (this.#over) return
    this.#key = key
    for (const entry of this.#early.splice(0)) this.saw(entry)
    void this.#save()
    await this.#run()
  }

  /** What is to be sent goes through this line, or waits for the next one. */
  use(line: Connection | undefined): void {
    this.#line = line
    this.#failures = 0
    void this.#adoptAndRun()
  }

  /** Without this one, until the next. */
  lose(line: Connection): void {
    if (this.#line === line) this.#line = undefined
  }

  /** Resolves when nothing is left to send. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained.push(resolve)
      this.#tellDrained()
    })
  }

  /** Ends all tries. What is `kept` in the storage goes out when the room is joined the next time. */
  stop(error: Error, kept: boolean): void {
    const abandoned = this.#outbox
    this.#over = error
    this.#line = undefined
    this.#pauses.end()
    this.#outbox = []
    if (!kept) void this.#save()
    this.#key = undefined
    for (const draft of abandoned) this.#fail(draft, draft.undecided ? undecided(error) : error)
    this.#tellDrained()
  }

  /** Other clients with drafts for this room may be gone by now. */
  async #adoptAndRun(): Promise<void> {
    if (this.#key !== undefined) await this.#adopt(this.#key)
    await this.#run()
  }

  async #adopt(key: string): Promise<void> {
    const left = await this.#options.drafts.adopt(key)
    if (!this.#over) this.#outbox = this.#outbox.reduce(enqueue, left)
  }

  async #run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    for (;;) {
      const [first] = this.#outbox
      if (!this.#line || !first || this.#key === undefined) break
      const waitMs = await this.#attempt(this.#line, first)
      if (waitMs !== undefined) await this.#pauses.wait(waitMs)
    }
    this.#running = false
    this.#tellDrained()
  }

  /** One try. Answers how long to wait before the next, in milliseconds. */
  async #attempt(line: Connection, first: PendingMessage): Promise<number | undefined> {
    const draft = startTry(first, this.#options.last())
    await this.#change(draft)
    // Called off, or seen in the log, while it was stored.
    if (!this.#isWaiting(draft)) return
    this.tries++
    try {
      const { body, clientMessageId, after, ifHead } = draft
      const fields = { roomId: this.#roomId, ...body, clientMessageId, after, ifHead }
      const { message, duplicate } = await line.ask('send', fields)
      await this.#done(draft, message, duplicate)
    } catch (error) {
      return this.#answered(line, { ...draft, undecided: first.undecided ?? false }, error)
    }
  }

  /** `draft` is as it would be if the try had never been made; an answer that leaves it open says nothing of that. */
  async #answered(line: Connection, draft: PendingMessage, error: unknown): Promise<number | undefined> {
    if (error instanceof NoReply) return this.#unanswered(line, error)
    const verdict = error instanceof ChatError ? nextStep(error) : 'refused'
    if (verdict === 'again' && error instanceof ChatError) {
      // The room moves on meanwhile, and there is nothing to look for in what it says until then.
      if (error.code === 'rate_limited' && !draft.undecided) await this.#change(firstTry(draft))
      return error.retryAfterMs ?? this.#wait()
    }
    if (verdict === 'refused') return void (await this.#refused(draft, error))
    await this.#change(draft)
    if (verdict === 'look') return this.#look(line, draft)
    this.lose(line)
    this.#options.rejoin(line)
  }

  #unanswered(line: Connection, { reason }: NoReply): number | undefined {
    if (reason !== 'closed') return this.#wait()
    this.lose(line)
  }

  /** Reads on from `after`: the message is found, or everything up to a later `after` has been seen to be others'. */
  async #look(line: Connection, draft: PendingMessage): Promise<number | undefined> {
    let after = draft.after ?? 0
    try {
      for (;;) {
        const { messages, head } = onePage(await line.ask('history', { roomId: this.#roomId, after, limit: 200 }))
        const own = messages.find((message) => isOwn(message, draft, this.#options.user()))
        if (own) return void (await this.#done(draft, own, true))
        const looked = after
        after = messages.at(-1)?.seq ?? after
        if (after >= head || after === looked) break
      }
      await this.#change({ ...draft, after })
    } catch (error) {
      if (error instanceof NoReply) return this.#unanswered(line, error)
      if (!(error instanceof ChatError)) throw error
      if (nextStep(error) === 'again') return error.retryAfterMs ?? this.#wait()
      if (nextStep(error) === 'refused') return void (await this.#refused(draft, error))
      // What stood behind `after` is gone. Only where nothing can have stood there may the message go on.
      const beyond = (error.details.head ?? Number.POSITIVE_INFINITY) < after
      if (draft.undecided && !beyond) return void (await this.#refused(draft, error))
      await this.#change(firstTry(draft))
      this.lose(line)
      this.#options.rejoin(line)
    }
  }

  async #done(draft: PendingMessage, message: Message, duplicate: boolean): Promise<void> {
    this.#failures = 0
    if (!this.#isWaiting(draft)) {
      // It was called off too late: it stands in the room all the same.
      if (!this.#over) this.#options.stored(message)
      return
    }
    await this.#remove(draft)
    if (!this.#over) this.#options.sent({ clientMessageId: draft.clientMessageId, message, duplicate })
    this.#promised.get(draft.clientMessageId)?.resolve(message)
    this.#promised.delete(draft.clientMessageId)
    this.#tellDrained()
  }

  async #refused(draft: PendingMessage, reason: unknown): Promise<void> {
    if (!this.#isWaiting(draft)) return
    await this.#remove(draft)
    this.#fail(draft, reason)
    this.#tellDrained()
  }

  #isWaiting({ clientMessageId }: PendingMessage): boolean {
    return this.#outbox.some((draft) => draft.clientMessageId === clientMessageId)
  }

  #fail({ clientMessageId, body }: PendingMessage, reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(String(reason))
    this.#options.failed({ clientMessageId, body, error })
    this.#promised.get(clientMessageId)?.reject(reason)
    this.#promised.delete(clientMessageId)
  }

  #change(draft: PendingMessage): Promise<void> {
    this.#outbox = replace(this.#outbox, draft)
    return this.#save()
  }

  #remove(draft: PendingMessage): Promise<void> {
    this.#outbox = remove(this.#outbox, draft)
    return this.#save()
  }

  /** Stored before it is sent: after a reload the same `after` must be used. */
  async #save(): Promise<void> {
    if (this.#key !== undefined) await this.#options.drafts.save(this.#key, this.#outbox)
  }

  #wait(): number {
    return backoffMs(this.#failures++, this.#options.random, shortestMs, longestMs)
  }

  #tellDrained(): void {
    if (this.#outbox.length > 0) return
    for (const resolve of this.#drained.splice(0)) resolve()
  }
}

function undecided(error: Error): ConnectionError {
  const code = error instanceof ConnectionError ? error.code : 'unanswered'
  return new ConnectionError(error.message, code, { undecided: true, cause: error })
}
