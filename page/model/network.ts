import type { WebSocketConstructor } from '../../client/index.ts'
import { Observed } from './observable.ts'

/** The way out of this page, which can be cut: sockets that are open end, and no new one comes about. */
export class Network extends Observed {
  #cut = false
  readonly #sockets = new Set<WebSocket>()

  constructor() {
    super()
    for (const event of ['online', 'offline']) addEventListener(event, () => this.changed())
  }

  get isCut(): boolean {
    return this.#cut
  }

  get isUp(): boolean {
    return !this.#cut && navigator.onLine
  }

  /** What the SDK makes its connections with. */
  get webSocket(): WebSocketConstructor {
    const open = (socket: WebSocket) => {
      this.#sockets.add(socket)
      socket.addEventListener('close', () => this.#sockets.delete(socket))
      if (this.#cut) socket.close()
    }
    return class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols)
        open(this)
      }
    }
  }

  cut(): void {
    this.#cut = true
    for (const socket of this.#sockets) socket.close()
    this.changed()
  }

  mend(): void {
    this.#cut = false
    this.changed()
  }
}
