import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveParent } from '../../../tools/bench/requests.ts'

/**
 * The calls of a proxy in front of `@connections`, in a separate process. It forwards posts, except those to chosen
 * connections, which get no response until `release`.
 */
export interface DelayingProxyCalls {
  origin: { request: null; reply: string }
  /** Sets the address that the proxy forwards posts to. */
  target: { request: string; reply: null }
  /** Chooses the connections whose posts it holds. */
  hold: { request: string[]; reply: null }
  /** Returns when it holds a post to every chosen connection: the number of posts that were aborted before. */
  allHeld: { request: null; reply: number }
  /** Responds to all held posts and holds no more posts. */
  release: { request: null; reply: null }
}

let target = ''
let chosen = new Set<string>()
let held: ServerResponse[] = []
let abandoned = 0
let checkHeld = () => {}
// Few sockets, so that neither side runs out of file descriptors.
const agent = new Agent({ keepAlive: true, maxSockets: 100 })

function handle(post: IncomingMessage, response: ServerResponse): void {
  const { method, url = '', headers } = post
  if (chosen.has(decodeURIComponent(url.split('/').at(-1) ?? ''))) {
    post.resume()
    response.on('close', () => {
      if (!response.writableEnded) abandoned++
    })
    held.push(response)
    checkHeld()
    return
  }
  const forwarded = request(`${target}${url}`, { method, headers, agent }, (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.headers)
    reply.pipe(response)
  })
  forwarded.on('error', () => response.destroy())
  post.pipe(forwarded)
}

const server = createServer({ keepAliveTimeout: 600_000 }, handle)
const listening = once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening')

serveParent<DelayingProxyCalls>({
  async origin() {
    await listening
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  },
  async target(origin) {
    target = origin
    return null
  },
  async hold(connectionIds) {
    chosen = new Set(connectionIds)
    return null
  },
  async allHeld() {
    await new Promise<void>((resolve) => {
      checkHeld = () => held.length === chosen.size && resolve()
      checkHeld()
    })
    return abandoned
  },
  async release() {
    chosen = new Set()
    for (const response of held) response.writeHead(200, { 'content-length': 0 }).end()
    held = []
    return null
  },
})
