import { once } from 'node:events'
import WebSocket from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: the one boundary at which frames off the wire enter the tests
export type Frame = Record<string, any>

/** Called with every new socket before it is used. */
export const witnesses: ((socket: WebSocket) => void)[] = []

/** A client that keeps every frame until a test asks for it, so nothing is lost and nothing has to be waited out. */
export class ChatSocket {
  readonly socket: WebSocket
  readonly pushes: Frame[] = []
  readonly closed: Promise<number>
  #next = 1
  readonly #replies = new Map<string, (reply: Frame) => void>()
  #waiting: { matches: (frame: Frame) => boolean; resolve: (frame: Frame) => void }[] = []

  constructor(socket: WebSocket) {
    this.socket = socket
    for (const witness of witnesses) witness(socket)
    this.closed = once(socket, 'close').then(([code]: number[]) => code ?? 0)
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))))
    socket.on('error', () => undefined)
  }

  /** Resolves when the socket is open; rejects with the status of a refused upgrade. */
  static async open(url: string, token: string, protocols = ['chat.v1', `bearer.${token}`]): Promise<ChatSocket> {
    const socket = new WebSocket(url, protocols)
    const client = new ChatSocket(socket)
    await opened(socket)
    return client
  }

  #receive(frame: Frame): void {
    const settle = this.#replies.get(frame.id)
    if (settle) {
      this.#replies.delete(frame.id)
      settle(frame)
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

  /** Sends a request and resolves with its reply, whatever it says. Rejects when the socket closes first. */
  async request(action: string, fields: object = {}): Promise<Frame> {
    const id = String(this.#next++)
    const reply = new Promise<Frame>((resolve) => this.#replies.set(id, resolve))
    this.socket.send(JSON.stringify({ action, id, ...fields }))
    return Promise.race([reply, this.#gone(action)])
  }

  /** As `request`, for requests that have to succeed. What came too fast has changed nothing and is asked again. */
  async ask(action: string, fields: object = {}): Promise<Frame> {
    let reply = await this.request(action, fields)
    while (reply.error?.code === 'rate_limited') reply = await this.request(action, fields)
    if (!reply.ok) throw new Error(`${action} was refused: ${JSON.stringify(reply.error)}`)
    return reply
  }

  /** The error of a request that has to be refused. */
  async refusal(action: string, fields: object = {}): Promise<Frame> {
    const reply = await this.request(action, fields)
    if (reply.ok) throw new Error(`${action} was not refused`)
    return reply.error
  }

  /** The first frame without an id that matches, whether it came already or is still to come. */
  async frame(matches: (frame: Frame) => boolean): Promise<Frame> {
    const at = this.pushes.findIndex(matches)
    const [early] = at < 0 ? [] : this.pushes.splice(at, 1)
    if (early) return early
    const late = new Promise<Frame>((resolve) => this.#waiting.push({ matches, resolve }))
    return Promise.race([late, this.#gone('a frame')])
  }

  push(type: string, fields: Frame = {}): Promise<Frame> {
    const wanted = Object.entries({ type, ...fields })
    return this.frame((frame) => wanted.every(([name, value]) => frame[name] === value))
  }

  /** Text as it is; resolves with the next frame that is no push. */
  raw(text: string): Promise<Frame> {
    this.socket.send(text)
    return this.frame((frame) => frame.type === undefined)
  }

  async #gone(what: string): Promise<never> {
    const code = await this.closed
    throw new Error(`The socket closed with ${code} while ${what} was awaited.`)
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }

  /** As a cut cable would. */
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

/** The upgrade was refused. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number) {
    super(`The upgrade was refused with ${status}.`)
    this.status = status
  }
}
