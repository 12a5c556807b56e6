import { WebSocket } from 'ws'
import { ChatClient } from '../../../client/index.ts'

const open = new Set<WebSocket>()
let handshakes = 0

/** A socket that can be cut, with all others. */
class Cable extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { perMessageDeflate: false })
    handshakes++
    open.add(this)
    this.once('close', () => open.delete(this))
  }
}

export const cables = {
  cutAll(): void {
    for (const socket of open) socket.terminate()
  },
  get handshakes(): number {
    return handshakes
  },
}

/** One client of the SDK in one room, and what has become of its messages. */
export class StormClient {
  readonly roomId: string
  readonly #client: ChatClient
  readonly #session: ReturnType<ChatClient['session']>
  #last = 0
  flawed = false
  #look = () => {}

  constructor(url: string, token: string, roomId: string) {
    this.roomId = roomId
    this.#client = new ChatClient({ url, token: () => token, webSocket: Cable })
    this.#session = this.#client.session()
    this.#session.on('message', ({ seq }) => {
      if (seq !== this.#last + 1) this.flawed = true
      this.#last = seq
      this.#look()
    })
  }

  /** Everything from the room's beginning belongs to it. */
  async come(): Promise<void> {
    await this.#client.connect()
    await this.#session.join({ roomId: this.roomId }, { after: 0 })
  }

  /** Resolves when it is in its room again, on another connection. */
  async back(): Promise<void> {
    let stop = () => {}
    await new Promise<void>((resolve) => {
      stop = this.#session.on('live', (isLive) => isLive && resolve())
    })
    stop()
  }

  /** Resolves when it holds the room up to there. */
  async reached(head: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#look = () => this.#last >= head && resolve()
      this.#look()
    })
    this.#look = () => {}
  }
}
