import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { median } from '../percentiles.ts'
import { serveParent } from '../requests.ts'

/**
 * Answers every post as `@connections` does and delivers nothing. The first part of the path is the delay in
 * milliseconds. A post to the connection `hanging` gets no answer.
 */
let arrivals: number[] = []
let times = new Map<string, number>()

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  arrivals.push(performance.timeOrigin + performance.now())
  const [, latency, ...rest] = request.url?.split('/') ?? []
  const connection = rest.at(-1) ?? ''
  times.set(connection, (times.get(connection) ?? 0) + 1)
  const finish = () => response.writeHead(200, { 'content-length': 0 }).end()
  request.resume().on('end', () => {
    if (connection === 'hanging') return
    if (Number(latency) > 0) setTimeout(finish, Number(latency))
    else finish()
  })
})

const listening = once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening')

/** Times are of the machine's clock, so that other processes can use them. */
export interface PeerRequests {
  origin: { request: null; reply: string }
  /** The posts since the last `take`: the connections with one post, those with more, and the times. */
  take: { request: null; reply: { once: number; twice: number; first: number; median: number; last: number } }
}

serveParent<PeerRequests>({
  async origin() {
    await listening
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  },
  async take() {
    const [first = Number.NaN, last = Number.NaN] = [arrivals[0], arrivals.at(-1)]
    const once = [...times.values()].filter((count) => count === 1).length
    const result = { once, twice: times.size - once, first, median: median(arrivals), last }
    arrivals = []
    times = new Map()
    return result
  },
})
