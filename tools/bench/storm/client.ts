import { WebSocket } from 'ws'
import { ChatClient } from '../../../client/index.ts'

const open = new Set<WebSocket>()
let handshakes = 0

/** A socket that `sockets.cutAll` can cut. */
class CuttableSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { perMessageDeflate: false })
    handshakes++
    open.add(this)
    this.once('close', () => open.delete(this))
  }
}

export const sockets = {
  cutAll(): void {
    for (const socket of open) socket.terminate()
  },
  get handshakes(): number {
    return handshakes
  },
}

/** One client of the SDK in one room, which checks the order of its messages. */
export class StormClient {
  readonly roomId: string
  readonly #client: ChatClient
  readonly #session: ReturnType<ChatClient['session']>
  #last = 0
  isFlawed = false
  #onMessage = () => {}

  constructor(url: string, token: string, roomId: string) {
    this.roomId = roomId
    this.#client = new ChatClient({ url, token: () => token, webSocket: CuttableSocket })
    this.#session = this.#client.session()
    this.#session.on('message', ({ seq }) => {
      if (seq !== this.#last + 1) this.isFlawed = true
      this.#last = seq
      this.#onMessage()
    })
  }

  /** Connects and joins from the first message of the room. */
  async join(): Promise<void> {
    await this.#client.connect()
    await this.#session.join({ roomId: this.roomId }, { after: 0 })
  }

  /** Resolves when the client has joined its room again on a new connection. */
  async rejoined(): Promise<void> {
    let stop = () => {}
    await new Promise<void>((resolve) => {
      stop = this.#session.on('live', (isLive) => isLive && resolve())
    })
    stop()
  }

  /** Resolves when the client has all messages up to the head. */
  async received(head: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onMessage = () => this.#last >= head && resolve()
      this.#onMessage()
    })
    this.#onMessage = () => {}
  }
}
