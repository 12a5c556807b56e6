import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What lies between a client and the chat, for tests that cut it. */
export class Cable {
  readonly #server: Server
  readonly #pairs = new Map<Socket, Socket>()
  #used = 0

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(port: number): Promise<Cable> {
    const server = createServer()
    const cable = new Cable(server)
    server.on('connection', (near) => cable.#join(near, connect(port, '127.0.0.1')))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return cable
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  /** How many connections there were. */
  get used(): number {
    return this.#used
  }

  /** From here on nothing reaches the client, while what it says still arrives. */
  mute(): void {
    for (const [near, far] of this.#pairs) far.unpipe(near).resume()
  }

  /** Both ends lose their connection; the next one is let through. */
  cut(): void {
    for (const [near, far] of this.#pairs) {
      near.destroy()
      far.destroy()
    }
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket, far: Socket): void {
    this.#used++
    this.#pairs.set(near, far)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#pairs.delete(near)
        near.destroy()
        far.destroy()
      })
    }
  }
}
