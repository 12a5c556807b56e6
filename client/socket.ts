import { messageLimits } from '../protocol/message-limits.ts'
import { bytesIn } from '../protocol/text.ts'
import type { ErrorFrame } from '../protocol/wire.ts'
import type { Clock } from './clock.ts'
import { ChatError } from './errors.ts'
import { type FailedHandshake, failedHandshake } from './handshake.ts'
import { isComplete, type Push } from './pushes.ts'
import type { Replies, Verb } from './requests.ts'
import type { WebSocketLike } from './web-socket.ts'

/** A request was not answered and will not be. The server may have run it or not. */
export class NoReply extends Error {
  readonly reason: 'closed' | 'gateway' | 'timeout'

  constructor(reason: NoReply['reason']) {
    super(`There was no answer: ${reason}.`)
    this.name = 'NoReply'
    this.reason = reason
  }
}

/** The WebSocket did not open. */
export class NotOpened extends Error {
  readonly handshake: FailedHandshake

  constructor(handshake: FailedHandshake) {
    super('The connection did not open.')
    this.name = 'NotOpened'
    this.handshake = handshake
  }
}

/** Carries requests to the server and replies back. */
export interface Connection {
  readonly isOpen: boolean
  /** Rejects with a ChatError if the server refuses, and with NoReply if it does not answer. */
  ask<Name extends Verb>(verb: Name, fields: object, timeoutMs?: number): Promise<Replies[Name]>
}

export interface SocketEvents {
  push(push: Push, socket: Socket): void
  /** The socket has closed. Called once, with the close code of RFC 6455 if the server sent one. */
  closed(socket: Socket, code: number | undefined): void
  /** A request was not answered in time. */
  onTimeout(socket: Socket): void
}

interface PendingRequest {
  readonly verb: Verb
  resolve(reply: never): void
  reject(error: Error): void
  stopTimer(): void
}

interface InFrame {
  id?: string
  ok?: boolean
  type?: string
  error?: ErrorFrame
}

/** One WebSocket: requests with their replies, and pushes. */
export class Socket implements Connection {
  /** Resolves when the WebSocket is open; rejects with NotOpened if it does not open. */
  readonly opened: Promise<void>
  readonly #raw: WebSocketLike
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #events: SocketEvents
  /** In the order in which they were sent. */
  readonly #pending = new Map<string, PendingRequest>()
  #lastId = 0
  #wasOpen = false
  #closed = false
  #retiring = false

  /** `timeoutMs` is how long to wait for a reply. */
  constructor(raw: WebSocketLike, clock: Clock, timeoutMs: number, events: SocketEvents) {
    this.#raw = raw
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#events = events
    this.opened = new Promise((resolve, reject) => {
      raw.addEventListener('open', () => {
        this.#wasOpen = true
        resolve()
      })
      raw.addEventListener('close', (event) => {
        reject(new NotOpened({}))
        this.#end(codeIn(event))
      })
      raw.addEventListener('error', (event) => {
        reject(new NotOpened(failedHandshake(event)))
        // A WebSocket that was open raises `close` next, with a code.
        if (!this.#wasOpen) this.#end()
      })
    })
    this.opened.catch(() => undefined)
    raw.addEventListener('message', ({ data }) => {
      if (!this.#closed && typeof data === 'string') this.#receive(data)
    })
  }

  get isOpen(): boolean {
    return !this.#closed && this.#raw.readyState === 1
  }

  ask<Name extends Verb>(verb: Name, fields: object, timeoutMs = this.#timeoutMs): Promise<Replies[Name]> {
    const id = String(++this.#lastId)
    const frame = JSON.stringify({ action: verb, id, ...fields })
    // The gateway would close the connection, and again at every retry.
    if (bytesIn(frame) > messageLimits.frameBytes) return Promise.reject(new RangeError('The request is too long.'))
    if (!this.isOpen) return Promise.reject(new NoReply('closed'))
    return new Promise((resolve, reject) => {
      const stopTimer = this.#clock.after(timeoutMs, () => {
        this.#take(id)?.reject(new NoReply('timeout'))
        this.#events.onTimeout(this)
      })
      this.#pending.set(id, { verb, resolve, reject, stopTimer })
      try {
        this.#raw.send(frame)
      } catch {
        // Some platforms throw if the connection ends at this moment.
        this.close()
      }
    })
  }

  /** Closes when all requests are answered. */
  retire(): void {
    this.#retiring = true
    if (this.#pending.size === 0) this.close()
  }

  /** Closes without waiting for the `close` event, which does not come on a dead connection. */
  close(): void {
    this.#raw.close(1000)
    this.#end()
  }

  #receive(text: string): void {
    const frame = parsed(text)
    if (!frame) return
    if (frame.type !== undefined) {
      if (isComplete(frame)) this.#events.push(frame as Push, this)
    } else if (frame.id !== undefined) this.#answer(frame.id, frame)
    // The gateway answers a ping by a template, which may omit the id.
    else if (frame.ok === true) this.#answerPing(frame)
    // An error of the gateway itself has no id. By the protocol it answers the oldest request.
    else if (frame.ok === undefined) this.#failOldest()
  }

  #answer(id: string, frame: InFrame): void {
    if (frame.ok) {
      const { id: _, ok: __, ...reply } = frame
      this.#take(id)?.resolve(reply as never)
      return
    }
    const error = new ChatError(frame.error ?? { code: 'internal', message: 'No reason given.', retryable: true })
    // The server has not run the request: the connection has ended.
    if (error.details.reason === 'token_expired') this.close()
    else this.#take(id)?.reject(error)
  }

  #answerPing(frame: InFrame): void {
    const [id] = [...this.#pending].find(([, { verb }]) => verb === 'ping') ?? []
    if (id !== undefined) this.#answer(id, frame)
  }

  #failOldest(): void {
    const [oldest] = this.#pending.keys()
    if (oldest !== undefined) this.#take(oldest)?.reject(new NoReply('gateway'))
  }

  /** Removes and returns a request that is answered or has failed. */
  #take(id: string): PendingRequest | undefined {
    const request = this.#pending.get(id)
    this.#pending.delete(id)
    request?.stopTimer()
    if (this.#retiring && this.#pending.size === 0) queueMicrotask(() => this.close())
    return request
  }

  #end(code?: number): void {
    if (this.#closed) return
    this.#closed = true
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(new NoReply('closed'))
    this.#events.closed(this, code)
  }
}

function codeIn(event: unknown): number | undefined {
  const code = typeof event === 'object' && event !== null && 'code' in event ? event.code : undefined
  return typeof code === 'number' ? code : undefined
}

function parsed(text: string): InFrame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
