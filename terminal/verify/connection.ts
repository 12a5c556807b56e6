import WebSocket from 'ws'
import { ChatError, type Clock, type Replies, type Verb } from '../../client/index.ts'
import { pause } from '../pause.ts'
import { entriesIn, type Frame, frameIn, type Heard, shown } from './frame.ts'

/** The server refused the handshake, or there is none: then the status is 0. */
export class HandshakeRefused extends Error {
  readonly status: number

  constructor(status: number, message = `the handshake is answered ${status}`) {
    super(message)
    this.status = status
  }
}

/** A request without an answer: the gateway failed, the connection was closed, or the time is over. */
export class Unanswered extends Error {
  readonly isGateway: boolean

  constructor(message: string, isGateway: boolean) {
    super(message)
    this.isGateway = isGateway
  }
}

export interface ConnectionOptions {
  url: string
  protocols: readonly string[]
  origin?: string | undefined
  clock: Clock
  /** How long to wait for an answer, in milliseconds. */
  answerTimeoutMs: number
  /** The server has closed the connection, and not the program. */
  onClosed(code: number): void
}

const mostTries = 20

/** The wait before another try, where the server names none. */
const betweenMs = 250

/** Whether the same request may be sent again: without an id, a message might be stored twice. */
function isRepeatable(error: unknown, verb: Verb, fields: object): boolean {
  if (error instanceof ChatError && error.code === 'rate_limited') return true
  if (verb === 'send' && !('clientMessageId' in fields)) return false
  // Who was not answered in time has waited long enough.
  if (error instanceof Unanswered) return error.isGateway
  return error instanceof ChatError && error.retryable
}

interface Waiting {
  isOver(): boolean
  resolve(): void
}

/**
 * A connection that keeps every frame as it came. The SDK is no use here: it mends what has to be seen.
 */
export class Connection {
  readonly heard: Heard[] = []
  readonly pushes: Frame[] = []
  /** Frames that are neither pushes nor replies to a request with an id. */
  readonly others: Frame[] = []
  /** The close code, when the connection has ended. */
  code: number | undefined
  readonly #socket: WebSocket
  readonly #options: ConnectionOptions
  readonly #replies = new Map<string, Frame | undefined>()
  #waiting: Waiting[] = []
  #lastId = 0
  #isEnding = false

  private constructor(socket: WebSocket, options: ConnectionOptions) {
    this.#socket = socket
    this.#options = options
    socket.on('message', (data) => this.#receive(String(data)))
    socket.on('close', (code) => {
      this.code = code
      if (!this.#isEnding && socket.protocol !== '') options.onClosed(code)
      this.#settle()
    })
  }

  /** Rejects with HandshakeRefused. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { url, protocols, origin, answerTimeoutMs } = options
    const socket = new WebSocket(url, [...protocols], {
      perMessageDeflate: false,
      handshakeTimeout: answerTimeoutMs,
      ...(origin !== undefined && { origin }),
    })
    const connection = new Connection(socket, options)
    await new Promise<void>((resolve, reject) => {
      socket.on('open', resolve)
      socket.on('error', (error) => reject(new HandshakeRefused(0, error.message)))
      socket.on('unexpected-response', (_, response) => {
        response.resume()
        reject(new HandshakeRefused(response.statusCode ?? 0))
      })
    })
    return connection
  }

  /** The subprotocol that the server has chosen. */
  get protocol(): string {
    return this.#socket.protocol
  }

  /**
   * Asks again while the answer is that another try may help; `sent` is called at each try. Rejects with a ChatError if
   * the request is refused, and with Unanswered.
   */
  async ask<Name extends Verb>(verb: Name, fields: object = {}, sent?: () => void): Promise<Replies[Name]> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.try(verb, fields, sent)
      } catch (error) {
        const mayHelp = this.code === undefined && tries < mostTries && isRepeatable(error, verb, fields)
        if (!mayHelp) throw error
        await pause(this.#options.clock, (error instanceof ChatError && error.retryAfterMs) || betweenMs)
      }
    }
  }

  /** Asks once. `sent` is called when the request has left the program. */
  async try<Name extends Verb>(verb: Name, fields: object = {}, sent?: () => void): Promise<Replies[Name]> {
    const id = `v${++this.#lastId}`
    this.#replies.set(id, undefined)
    this.send(JSON.stringify({ action: verb, id, ...fields }), sent)
    await this.until(() => this.#replies.get(id) !== undefined)
    const frame = this.#replies.get(id)
    this.#replies.delete(id)
    if (!frame) throw new Unanswered(`${verb} is not answered${this.#ending()}`, false)
    const { ok, error, id: _, ...reply } = frame
    if (ok === undefined) throw new Unanswered(`${verb} is answered by the gateway: ${shown(frame)}`, true)
    if (ok !== true) throw new ChatError(error as ConstructorParameters<typeof ChatError>[0])
    return reply as Replies[Name]
  }

  /** Sends a text as it is, in one frame or in several. */
  send(text: string, sent?: () => void, frameBytes = text.length): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    for (let at = 0; at < text.length || at === 0; at += frameBytes) {
      const isLast = at + frameBytes >= text.length
      this.#socket.send(text.slice(at, at + frameBytes), { fin: isLast }, isLast ? () => sent?.() : undefined)
    }
  }

  /** Resolves when the condition holds, the connection has ended or the time is over: whether the condition holds. */
  async until(condition: () => boolean, ms = this.#options.answerTimeoutMs): Promise<boolean> {
    if (condition() || this.code !== undefined) return condition()
    await new Promise<void>((resolve) => {
      const stop = this.#options.clock.after(ms, resolve)
      const isOver = () => condition() || this.code !== undefined
      this.#waiting.push({
        isOver,
        resolve: () => {
          stop()
          resolve()
        },
      })
    })
    return condition()
  }

  /** Ends the connection without a closing handshake, like a lost network. */
  cut(): void {
    this.#isEnding = true
    this.#socket.terminate()
  }

  async close(): Promise<void> {
    this.#isEnding = true
    this.#socket.close()
    if (!(await this.until(() => this.code !== undefined, 1000))) this.#socket.terminate()
  }

  #receive(text: string): void {
    const frame = frameIn(text) ?? { message: text }
    const { id, type } = frame
    if (type !== undefined) {
      this.pushes.push(frame)
      const at = this.#options.clock.now()
      for (const entry of entriesIn(frame)) this.heard.push({ entry, at })
    } else if (typeof id === 'string' && this.#replies.has(id)) this.#replies.set(id, frame)
    else {
      this.others.push(frame)
      if (frame.ok === undefined) this.#failOldest(frame)
    }
    this.#settle()
  }

  /** By the protocol, a frame of the gateway itself answers the oldest request. */
  #failOldest(frame: Frame): void {
    const [oldest] = [...this.#replies].find(([, reply]) => reply === undefined) ?? []
    if (oldest !== undefined) this.#replies.set(oldest, frame)
  }

  #settle(): void {
    const over = this.#waiting.filter(({ isOver }) => isOver())
    this.#waiting = this.#waiting.filter((one) => !over.includes(one))
    for (const { resolve } of over) resolve()
  }

  #ending(): string {
    return this.code === undefined ? '' : `: the connection was closed with ${this.code}`
  }
}
