import { type AbortSignalLike, onAbort } from './abort.ts'
import type { Clock } from './clock.ts'
import { type Deferred, deferred } from './deferred.ts'
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
import { type Connection, NoReply } from './socket.ts'
import { Waiters } from './waiters.ts'

/** A message that was stored. `duplicate` means that an earlier try had stored it. */
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
  readonly pendingStore: PendingStore
  /** The author's own id. */
  user(): string
  /** The last position that was applied. */
  last(): number
  sent(sent: Sent): void
  /** A message was stored although it had been cancelled. */
  stored(message: Message): void
  failed(failure: SendFailure): void
  /** The server has no session of this room on the connection: the room must be joined again. */
  rejoin(connection: Connection): void
}

const shortestMs = 200
const longestMs = 10_000

/** Sends the messages of one room, one at a time, each until the server has stored or refused it. */
export class Sender {
  /** How many tries there were, of all messages. */
  tries = 0
  readonly #options: SenderOptions
  readonly #pauses: Pauses
  readonly #promises = new Map<string, Deferred<Message>>()
  readonly #drained = new Waiters<void>()
  #outbox: Outbox = []
  #connection: Connection | undefined
  #roomId: string | undefined
  #key: string | undefined
  #running = false
  #failures = 0
  #stopped: Error | undefined
  /** Entries of the log that came before the messages of earlier clients were read from the storage. */
  #earlyEntries: Message[] = []

  constructor(options: SenderOptions) {
    this.#options = options
    this.#pauses = new Pauses(options.clock)
  }

  get outbox(): Outbox {
    return this.#outbox
  }

  /**
   * Resolves with the stored message. Rejects if the server refuses it, if it cannot be tried any longer, or with the
   * reason of the signal. After the signal there is no further try, but an earlier one may have stored the message.
   */
  add(pending: PendingMessage, signal?: AbortSignalLike): Promise<Message> {
    if (this.#stopped) return Promise.reject(this.#stopped)
    const answer = this.#promises.get(pending.clientMessageId) ?? deferred<Message>()
    this.#promises.set(pending.clientMessageId, answer)
    this.#outbox = enqueue(this.#outbox, { ...pending, since: this.#options.last() })
    const { stop } = onAbort(signal, (reason) => void this.#refuse(pending, reason))
    answer.promise.then(stop, stop)
    void this.#save()
    void this.#run()
    return answer.promise
  }

  /** Takes an entry of the log. If it is a message of the outbox, that one has been stored. */
  noteEntry(entry: Message): void {
    if (this.#key === undefined) this.#earlyEntries.push(entry)
    const pending = this.#outbox.find((pending) => isOwn(entry, pending, this.#options.user()))
    if (pending) void this.#settle(pending, entry, true)
  }

  /** Starts to send to this room. Messages that earlier runs of the program left in the storage go first. */
  async open(roomId: string): Promise<void> {
    this.#roomId = roomId
    const key = `persistent-chat/outbox/${this.#options.user()}/${roomId}`
    await this.#adopt(key)
    // Adopted messages stay in the storage.
    if (this.#stopped) return
    this.#key = key
    for (const entry of this.#earlyEntries.splice(0)) this.noteEntry(entry)
    void this.#save()
    await this.#run()
  }

  /** Sends on this connection from now on. */
  use(connection: Connection): void {
    this.#connection = connection
    this.#failures = 0
    void this.#adoptAndRun()
  }

  /** Waits for the next connection if this was the current one. */
  connectionLost(connection: Connection): void {
    if (this.#connection === connection) this.#connection = undefined
  }

  /** Resolves when the outbox is empty. */
  drained(): Promise<void> {
    const drained = this.#drained.wait()
    this.#resolveDrained()
    return drained
  }

  /** Ends all tries. With `kept`, the messages stay in the storage and are sent when the room is joined again. */
  stop(error: Error, kept: boolean): void {
    const unsent = this.#outbox
    this.#stopped = error
    this.#connection = undefined
    this.#pauses.end()
    this.#outbox = []
    if (!kept) void this.#save()
    this.#key = undefined
    for (const pending of unsent) this.#reject(pending, pending.undecided ? asUndecided(error) : error)
    this.#resolveDrained()
  }

  /** Other clients that have stored messages for this room may have ended since. */
  async #adoptAndRun(): Promise<void> {
    if (this.#key !== undefined) await this.#adopt(this.#key)
    await this.#run()
  }

  async #adopt(key: string): Promise<void> {
    const adopted = await this.#options.pendingStore.adopt(key)
    if (!this.#stopped) this.#outbox = this.#outbox.reduce(enqueue, adopted)
  }

  async #run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    for (;;) {
      const [first] = this.#outbox
      if (!this.#connection || !first || this.#key === undefined) break
      const waitMs = await this.#try(this.#connection, first)
      if (waitMs !== undefined) await this.#pauses.wait(waitMs)
    }
    this.#running = false
    this.#resolveDrained()
  }

  /** One try. Resolves with the milliseconds to wait before the next one. */
  async #try(connection: Connection, first: PendingMessage): Promise<number | undefined> {
    const pending = startTry(first, this.#options.last())
    await this.#update(pending)
    // It was cancelled, or seen in the log, while the storage was written.
    if (!this.#isWaiting(pending)) return
    this.tries++
    try {
      const { body, clientMessageId, after, ifHead } = pending
      const fields = { roomId: this.#roomId, ...body, clientMessageId, after, ifHead }
      const { message, duplicate } = await connection.ask('send', fields)
      await this.#settle(pending, message, duplicate)
    } catch (error) {
      return this.#onFailure(connection, { ...pending, undecided: first.undecided ?? false }, error)
    }
  }

  /** `pending` is the message as it was before the try, since a refused try stores nothing. */
  async #onFailure(connection: Connection, pending: PendingMessage, error: unknown): Promise<number | undefined> {
    if (error instanceof NoReply) return this.#onNoReply(connection, error)
    const step = error instanceof ChatError ? nextStep(error) : 'refused'
    if (step === 'retry' && error instanceof ChatError) {
      // No try was stored, so the next one need not cover the messages that arrive until then.
      if (error.code === 'rate_limited' && !pending.undecided) await this.#update(firstTry(pending))
      return error.retryAfterMs ?? this.#retryDelay()
    }
    if (step === 'refused') return void (await this.#refuse(pending, error))
    await this.#update(pending)
    if (step === 'search') return this.#searchHistory(connection, pending)
    this.connectionLost(connection)
    this.#options.rejoin(connection)
  }

  #onNoReply(connection: Connection, { reason }: NoReply): number | undefined {
    if (reason !== 'closed') return this.#retryDelay()
    this.connectionLost(connection)
  }

  /** Searches the log after `after`. If the message is not there, `after` moves to the end of the searched part. */
  async #searchHistory(connection: Connection, pending: PendingMessage): Promise<number | undefined> {
    let after = pending.after ?? 0
    try {
      for (;;) {
        const { messages, head } = onePage(await connection.ask('history', { roomId: this.#roomId, after, limit: 200 }))
        const own = messages.find((message) => isOwn(message, pending, this.#options.user()))
        if (own) return void (await this.#settle(pending, own, true))
        const before = after
        after = messages.at(-1)?.seq ?? after
        if (after >= head || after === before) break
      }
      await this.#update({ ...pending, after })
    } catch (error) {
      if (error instanceof NoReply) return this.#onNoReply(connection, error)
      const isRefused = !(error instanceof ChatError) || nextStep(error) === 'refused'
      if (isRefused) return void (await this.#refuse(pending, error))
      if (nextStep(error) === 'retry') return error.retryAfterMs ?? this.#retryDelay()
      // The entries after `after` are purged. The message may be sent again only if it cannot have been among them.
      const isBeyond = (error.details.head ?? Number.POSITIVE_INFINITY) < after
      if (pending.undecided && !isBeyond) return void (await this.#refuse(pending, error))
      await this.#update(firstTry(pending))
      this.connectionLost(connection)
      this.#options.rejoin(connection)
    }
  }

  async #settle(pending: PendingMessage, message: Message, duplicate: boolean): Promise<void> {
    this.#failures = 0
    if (!this.#isWaiting(pending)) {
      // It was cancelled too late and is in the log all the same.
      if (!this.#stopped) this.#options.stored(message)
      return
    }
    await this.#remove(pending)
    if (!this.#stopped) this.#options.sent({ clientMessageId: pending.clientMessageId, message, duplicate })
    this.#promises.get(pending.clientMessageId)?.resolve(message)
    this.#promises.delete(pending.clientMessageId)
    this.#resolveDrained()
  }

  async #refuse(pending: PendingMessage, reason: unknown): Promise<void> {
    if (!this.#isWaiting(pending)) return
    await this.#remove(pending)
    this.#reject(pending, reason)
    this.#resolveDrained()
  }

  #isWaiting({ clientMessageId }: PendingMessage): boolean {
    return this.#outbox.some((pending) => pending.clientMessageId === clientMessageId)
  }

  #reject({ clientMessageId, body }: PendingMessage, reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(String(reason))
    this.#options.failed({ clientMessageId, body, error })
    this.#promises.get(clientMessageId)?.reject(reason)
    this.#promises.delete(clientMessageId)
  }

  #update(pending: PendingMessage): Promise<void> {
    this.#outbox = replace(this.#outbox, pending)
    return this.#save()
  }

  #remove(pending: PendingMessage): Promise<void> {
    this.#outbox = remove(this.#outbox, pending)
    return this.#save()
  }

  /** Called before each try, since a try after a reload must send the same `after`. */
  async #save(): Promise<void> {
    if (this.#key !== undefined) await this.#options.pendingStore.save(this.#key, this.#outbox)
  }

  #retryDelay(): number {
    return backoffMs(this.#failures++, this.#options.random, shortestMs, longestMs)
  }

  #resolveDrained(): void {
    if (this.#outbox.length === 0) this.#drained.resolve()
  }
}

function asUndecided(error: Error): ConnectionError {
  const code = error instanceof ConnectionError ? error.code : 'unanswered'
  return new ConnectionError(error.message, code, { undecided: true, cause: error })
}
