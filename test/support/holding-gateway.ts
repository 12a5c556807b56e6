import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands before `@connections` and passes posts on, but for those to chosen connections: they get no answer until it is told. */
export class HoldingGateway {
  readonly origin: string
  /** Where the gateway is. */
  target = ''
  /** Posts that were given up before they were let go. */
  abandoned = 0
  #held: ServerResponse[] = []
  #chosen = new Set<string>()
  #look = () => {}
  readonly #agent = new Agent({ keepAlive: true })
  readonly #server: ReturnType<typeof createServer>

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (post: IncomingMessage, response: ServerResponse) => this.#take(post, response))
  }

  static async start(): Promise<HoldingGateway> {
    const server = createServer({ keepAliveTimeout: 600_000 })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new HoldingGateway(server)
  }

  hold(connectionIds: readonly string[]): void {
    this.#chosen = new Set(connectionIds)
  }

  /** Resolves when a post to every chosen connection is held. */
  async allHeld(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#look = () => this.#held.length === this.#chosen.size && resolve()
      this.#look()
    })
  }

  /** Answers what is held, and holds nothing any more. */
  letGo(): void {
    this.#chosen.clear()
    for (const response of this.#held.splice(0)) response.writeHead(200, { 'content-length': 0 }).end()
  }

  stop(): void {
    this.#agent.destroy()
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #take(post: IncomingMessage, response: ServerResponse): void {
    const id = decodeURIComponent(post.url?.split('/').at(-1) ?? '')
    if (this.#chosen.has(id)) {
      post.resume()
      response.on('close', () => {
        if (!response.writableEnded) this.abandoned++
      })
      this.#held.push(response)
      this.#look()
      return
    }
    const { method, url, headers } = post
    const onward = request(`${this.target}${url}`, { method, headers, agent: this.#agent }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(response)
    })
    onward.on('error', () => response.destroy())
    post.pipe(onward)
  }
}
