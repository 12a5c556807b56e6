import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: frames from the server have no static type in the tests
export type Frame = Record<string, any>

/** Functions that are called with every new socket before it is used. */
export const socketObservers: ((socket: WebSocket) => void)[] = []

/** A client that keeps every frame until a test asks for it, so that no test has to wait for a fixed time. */
export class ChatSocket {
  readonly socket: WebSocket
  readonly pushes: Frame[] = []
  readonly closed: Promise<number>
  #next = 1
  readonly #replies = new Map<string, (reply: Frame) => void>()
  #waiting: { matches: (frame: Frame) => boolean; resolve: (frame: Frame) => void }[] = []

  constructor(socket: WebSocket) {
    this.socket = socket
    for (const observe of socketObservers) observe(socket)
    this.closed = once(socket, 'close').then(([code]: number[]) => code ?? 0)
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))))
    socket.on('error', () => undefined)
  }

  /** Resolves when the socket is open. Rejects with a Refusal if the server refuses the upgrade. */
  static async open(url: string, token: string, protocols = ['chat.v1', `bearer.${token}`]): Promise<ChatSocket> {
    const socket = new WebSocket(url, protocols)
    const client = new ChatSocket(socket)
    await opened(socket)
    return client
  }

  #receive(frame: Frame): void {
    const resolve = this.#replies.get(frame.id)
    if (resolve) {
      this.#replies.delete(frame.id)
      resolve(frame)
      return
    }
    const waiting = this.#waiting.find(({ matches }) => matches(frame))
    if (!waiting) {
      this.pushes.push(frame)
      return
    }
    this.#waiting = this.#waiting.filter((other) => other !== waiting)
    waiting.resolve(frame)
  }

  /** Sends a request and resolves with its reply, even a refusal. Rejects if the socket closes first. */
  async request(action: string, fields: object = {}): Promise<Frame> {
    const id = String(this.#next++)
    const reply = new Promise<Frame>((resolve) => this.#replies.set(id, resolve))
    this.socket.send(JSON.stringify({ action, id, ...fields }))
    return Promise.race([reply, this.#gone(action)])
  }

  /** Like `request`, but rejects on a refusal. It sends rate-limited requests again when the server allows it. */
  async ask(action: string, fields: object = {}): Promise<Frame> {
    let reply = await this.request(action, fields)
    while (reply.error?.code === 'rate_limited') {
      await pause(reply.error.retryAfterMs)
      reply = await this.request(action, fields)
    }
    if (!reply.ok) throw new Error(`${action} was refused: ${JSON.stringify(reply.error)}`)
    return reply
  }

  /** Sends a request and resolves with its error. Rejects if the request succeeds. */
  async refusal(action: string, fields: object = {}): Promise<Frame> {
    const reply = await this.request(action, fields)
    if (reply.ok) throw new Error(`${action} was not refused`)
    return reply.error
  }

  /** Resolves with the first matching frame that is not a reply to a request, either received already or later. */
  async frame(matches: (frame: Frame) => boolean): Promise<Frame> {
    const at = this.pushes.findIndex(matches)
    const [early] = at < 0 ? [] : this.pushes.splice(at, 1)
    if (early) return early
    const late = new Promise<Frame>((resolve) => this.#waiting.push({ matches, resolve }))
    return Promise.race([late, this.#gone('a frame')])
  }

  push(type: string, fields: Frame = {}): Promise<Frame> {
    const expected = Object.entries({ type, ...fields })
    return this.frame((frame) => expected.every(([name, value]) => frame[name] === value))
  }

  /** Sends a text unchanged and resolves with the next frame that is not a push. */
  raw(text: string): Promise<Frame> {
    this.socket.send(text)
    return this.frame((frame) => frame.type === undefined)
  }

  async #gone(what: string): Promise<never> {
    const code = await this.closed
    throw new Error(`The socket closed with ${code} while the client waited for ${what}.`)
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }

  /** Ends the connection without a closing handshake, like a lost network. */
  kill(): void {
    this.socket.terminate()
  }
}

async function opened(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response) => {
      response.resume()
      reject(new Refusal(response.statusCode ?? 0))
    })
  })
}

/** The server refused the upgrade. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number) {
    super(`The server refused the upgrade with ${status}.`)
    this.status = status
  }
}
