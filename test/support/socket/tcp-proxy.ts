import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A proxy between a client and the chat that a test can interrupt. */
export class TcpProxy {
  readonly #server: Server
  readonly #pairs = new Map<Socket, Socket>()
  #used = 0

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(port: number): Promise<TcpProxy> {
    const server = createServer()
    const proxy = new TcpProxy(server)
    server.on('connection', (near) => proxy.#join(near, connect(port, '127.0.0.1')))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  /** Number of connections so far. */
  get used(): number {
    return this.#used
  }

  /** From now on the client receives nothing, but the chat still receives the client's data. */
  mute(): void {
    for (const [near, far] of this.#pairs) far.unpipe(near).resume()
  }

  /** Ends the present connections on both sides; later ones work. */
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
