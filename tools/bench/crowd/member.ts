import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A reply or a push; its fields depend on its kind. */
// biome-ignore lint/suspicious/noExplicitAny: frames enter here as they come from the wire
export type Frame = Record<string, any>

/** One connection of many: it matches replies to requests and reports the numbers of received messages. */
export class CrowdMember {
  readonly socket: WebSocket
  readonly #waiting = new Map<string, { resolve(reply: Frame): void; reject(error: Error): void }>()
  #requests = 0

  private constructor(socket: WebSocket, onMessage: (seq: number) => void) {
    this.socket = socket
    socket.on('message', (data) => this.#receive(JSON.parse(String(data)), onMessage))
    socket.on('error', () => undefined)
    socket.on('close', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The connection ended with ${code}.`))
    })
  }

  static async open(url: string, token: string, onMessage: (seq: number) => void): Promise<CrowdMember> {
    const socket = new WebSocket(url, ['chat.v1', `bearer.${token}`], { perMessageDeflate: false })
    const member = new CrowdMember(socket, onMessage)
    await once(socket, 'open')
    return member
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN
  }

  async ask(action: string, fields: object = {}): Promise<Frame> {
    const id = String(++this.#requests)
    const reply = await new Promise<Frame>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.socket.send(JSON.stringify({ action, id, ...fields }))
    })
    if (!reply.ok) throw new Error(`${action} was refused: ${JSON.stringify(reply.error ?? reply)}`)
    return reply
  }

  #receive(frame: Frame, onMessage: (seq: number) => void): void {
    if (frame.type === 'message') onMessage(frame.seq)
    else if (frame.type === 'messages') for (const { seq } of frame.messages) onMessage(seq)
    const waiting = this.#waiting.get(frame.id)
    this.#waiting.delete(frame.id)
    waiting?.resolve(frame)
  }
}
