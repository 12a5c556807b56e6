import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer, type TlsOptions } from 'node:tls'

/** A request as it came over the wire. */
export interface Heard {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
  /** The how-manieth connection it came over, and the how-manieth request over that; both from 1. */
  connection: number
  turn: number
}

/** What the peer does with a request. */
export type Behaviour = (request: Heard, socket: Socket) => void

export interface Peer {
  port: number
  requests: Heard[]
  sockets: Socket[]
  close(): Promise<void>
}

/** A whole answer with a body of known length. */
export const reply = (status: number, body = '', headers = '') =>
  `HTTP/1.1 ${status} Said\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`

/** Answers every request with the status. */
export const answering =
  (status: number): Behaviour =>
  (_, socket) =>
    socket.write(reply(status))

/** A server that says exactly what the test lets it say, over TLS if it has a certificate. */
export async function startPeer(behaviour: Behaviour, tls?: TlsOptions): Promise<Peer> {
  const requests: Heard[] = []
  const sockets: Socket[] = []
  const accept = (socket: Socket) => {
    const connection = sockets.push(socket)
    let [received, turn] = [Buffer.alloc(0), 0]
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      for (let request = requestIn(received); request; request = requestIn(received)) {
        received = received.subarray(request.bytes)
        const heard = { ...request.heard, connection, turn: ++turn }
        requests.push(heard)
        behaviour(heard, socket)
      }
    })
  }
  const server: Server = tls ? createSecureServer(tls, accept) : createServer(accept)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    requests,
    sockets,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function requestIn(bytes: Buffer): { heard: Omit<Heard, 'connection' | 'turn'>; bytes: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2)))
  const end = headEnd + 4 + Number(headers['content-length'] ?? 0)
  if (bytes.length < end) return undefined
  const [method = '', path = ''] = first.split(' ')
  return { heard: { method, path, headers, body: bytes.subarray(headEnd + 4, end) }, bytes: end }
}
