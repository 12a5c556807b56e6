import type { WebSocketConstructor } from '../../client/index.ts'
import { Observable } from './observable.ts'

/** The network of this page. `cut` closes all sockets and lets no new one open, to try out a lost network. */
export class Network extends Observable {
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

  /** The WebSocket for the client. */
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

  restore(): void {
    this.#cut = false
    this.changed()
  }
}
