import { limits } from '../protocol/limits.ts'
import { bytesIn } from '../protocol/text.ts'
import type { ErrorFrame } from '../protocol/wire.ts'
import type { Clock } from './clock.ts'
import { ChatError } from './errors.ts'
import { type FailedHandshake, failedHandshake } from './handshake.ts'
import type { Push } from './pushes.ts'
import type { Replies, Verb } from './requests.ts'
import type { WebSocketLike } from './web-socket.ts'

/** No answer came, and none will: the request may have been carried out or not. */
export class NoReply extends Error {
  readonly reason: 'closed' | 'gateway' | 'timeout'

  constructor(reason: NoReply['reason']) {
    super(`There was no answer: ${reason}.`)
    this.name = 'Undecided'
    this.reason = reason
  }
}

/** The connection never opened. */
export class NotOpened extends Error {
  readonly handshake: FailedHandshake

  constructor(handshake: FailedHandshake) {
    super('The connection did not open.')
    this.name = 'NotOpened'
    this.handshake = handshake
  }
}

/** Whatever carries requests to the server and answers back. */
export interface Connection {
  readonly isOpen: boolean
  /** Rejects with a ChatError when the server refuses, with Undecided when no answer comes. */
  ask<Name extends Verb>(verb: Name, fields: object, timeoutMs?: number): Promise<Replies[Name]>
}

export interface SocketEvents {
  push(push: Push, socket: Socket): void
  /** Nothing comes through this socket any more. Told once, with the code of RFC 6455 where the other side gave one. */
  closed(socket: Socket, code: number | undefined): void
  /** A request went unanswered for as long as it may. */
  silent(socket: Socket): void
}

interface Waiting {
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

/** One connection: requests that find their replies, and pushes. */
export class Socket implements Connection {
  /** Resolves when the connection is open; rejects with NotOpened when it cannot be. */
  readonly opened: Promise<void>
  readonly #raw: WebSocketLike
  readonly #clock: Clock
  readonly #patienceMs: number
  readonly #events: SocketEvents
  /** In the order of asking. */
  readonly #waiting = new Map<string, Waiting>()
  #asked = 0
  #wasOpen = false
  #closed = false
  #retiring = false

  /** `patienceMs` is how long a request may go unanswered. */
  constructor(raw: WebSocketLike, clock: Clock, patienceMs: number, events: SocketEvents) {
    this.#raw = raw
    this.#clock = clock
    this.#patienceMs = patienceMs
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
        // A connection that was open closes next, with a code.
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

  ask<Name extends Verb>(verb: Name, fields: object, timeoutMs = this.#patienceMs): Promise<Replies[Name]> {
    const id = String(++this.#asked)
    const frame = JSON.stringify({ action: verb, id, ...fields })
    // The gateway would close the connection over it, and over every retry.
    if (bytesIn(frame) > limits.frameBytes) return Promise.reject(new RangeError('The request is too long.'))
    if (!this.isOpen) return Promise.reject(new NoReply('closed'))
    return new Promise((resolve, reject) => {
      const stopTimer = this.#clock.after(timeoutMs, () => {
        this.#settle(id)?.reject(new NoReply('timeout'))
        this.#events.silent(this)
      })
      this.#waiting.set(id, { verb, resolve, reject, stopTimer })
      try {
        this.#raw.send(frame)
      } catch {
        // Some platforms throw where the connection ends at this moment.
        this.close()
      }
    })
  }

  /** Lets what was asked be answered, then closes. */
  retire(): void {
    this.#retiring = true
    if (this.#waiting.size === 0) this.close()
  }

  /** Closes without waiting: a connection that hangs would not even say that it closes. */
  close(): void {
    this.#raw.close(1000)
    this.#end()
  }

  #receive(text: string): void {
    const frame = parsed(text)
    if (!frame) return
    if (frame.type !== undefined) this.#events.push(frame as Push, this)
    else if (frame.id !== undefined) this.#answer(frame.id, frame)
    // The gateway answers a ping by a template, which may leave the id out.
    else if (frame.ok === true) this.#answerPing(frame)
    // The gateway's own words name no request. By the protocol the oldest one is undecided.
    else if (frame.ok === undefined) for (const id of [...this.#waiting.keys()].slice(0, 1)) this.#fail(id)
  }

  #answer(id: string, frame: InFrame): void {
    if (frame.ok) {
      const { id: _, ok: __, ...reply } = frame
      this.#settle(id)?.resolve(reply as never)
      return
    }
    const error = new ChatError(frame.error ?? { code: 'internal', message: 'No reason given.', retryable: true })
    // Nobody has looked at the request: it is the connection that is over.
    if (error.details.reason === 'token_expired') this.close()
    else this.#settle(id)?.reject(error)
  }

  #answerPing(frame: InFrame): void {
    const [id] = [...this.#waiting].find(([, { verb }]) => verb === 'ping') ?? []
    if (id !== undefined) this.#answer(id, frame)
  }

  #fail(id: string): void {
    this.#settle(id)?.reject(new NoReply('gateway'))
  }

  #settle(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.stopTimer()
    if (this.#retiring && this.#waiting.size === 0) queueMicrotask(() => this.close())
    return waiting
  }

  #end(code?: number): void {
    if (this.#closed) return
    this.#closed = true
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(new NoReply('closed'))
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
