import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A reply, or a push; what it holds depends on its kind. */
// biome-ignore lint/suspicious/noExplicitAny: the one boundary at which frames off the wire enter
export type Frame = Record<string, any>

/** One connection of many: requests that find their replies, and the numbers of the messages that come. */
export class CrowdMember {
  readonly socket: WebSocket
  readonly #waiting = new Map<string, { resolve(reply: Frame): void; reject(error: Error): void }>()
  #asked = 0

  private constructor(socket: WebSocket, heard: (seq: number) => void) {
    this.socket = socket
    socket.on('message', (data) => this.#receive(JSON.parse(String(data)), heard))
    socket.on('error', () => undefined)
    socket.on('close', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The connection ended with ${code}.`))
    })
  }

  static async open(url: string, token: string, heard: (seq: number) => void): Promise<CrowdMember> {
    const socket = new WebSocket(url, ['chat.v1', `bearer.${token}`], { perMessageDeflate: false })
    const member = new CrowdMember(socket, heard)
    await once(socket, 'open')
    return member
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN
  }

  async ask(action: string, fields: object = {}): Promise<Frame> {
    const id = String(++this.#asked)
    const reply = await new Promise<Frame>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.socket.send(JSON.stringify({ action, id, ...fields }))
    })
    if (!reply.ok) throw new Error(`${action} was refused: ${JSON.stringify(reply.error ?? reply)}`)
    return reply
  }

  #receive(frame: Frame, heard: (seq: number) => void): void {
    if (frame.type === 'message') heard(frame.seq)
    else if (frame.type === 'messages') for (const { seq } of frame.messages) heard(seq)
    const waiting = this.#waiting.get(frame.id)
    this.#waiting.delete(frame.id)
    waiting?.resolve(frame)
  }
}
