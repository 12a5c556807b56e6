import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answering } from '../../../tools/bench/answering.ts'

/**
 * Stands before `@connections`, in a process of its own: passes posts on, but for those to chosen connections, which get no
 * answer until it is told.
 */
export interface HoldingWords {
  origin: { asked: null; answered: string }
  /** Passes posts on to that address from now on. */
  target: { asked: string; answered: null }
  hold: { asked: string[]; answered: null }
  /** Answered when a post to every chosen connection is held: how many were given up before. */
  allHeld: { asked: null; answered: number }
  /** Answers what is held, and holds nothing any more. */
  letGo: { asked: null; answered: null }
}

let target = ''
let chosen = new Set<string>()
let held: ServerResponse[] = []
let abandoned = 0
let look = () => {}
// All of them wait here for a socket of the few, rather than for a file of the many that the other side may open.
const agent = new Agent({ keepAlive: true, maxSockets: 100 })

function take(post: IncomingMessage, response: ServerResponse): void {
  const { method, url = '', headers } = post
  if (chosen.has(decodeURIComponent(url.split('/').at(-1) ?? ''))) {
    post.resume()
    response.on('close', () => {
      if (!response.writableEnded) abandoned++
    })
    held.push(response)
    look()
    return
  }
  const onward = request(`${target}${url}`, { method, headers, agent }, (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.headers)
    reply.pipe(response)
  })
  onward.on('error', () => response.destroy())
  post.pipe(onward)
}

const server = createServer({ keepAliveTimeout: 600_000 }, take)
const listening = once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening')

answering<HoldingWords>({
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
      look = () => held.length === chosen.size && resolve()
      look()
    })
    return abandoned
  },
  async letGo() {
    chosen = new Set()
    for (const response of held) response.writeHead(200, { 'content-length': 0 }).end()
    held = []
    return null
  },
})
