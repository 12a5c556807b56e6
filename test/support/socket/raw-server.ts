import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer, type TlsOptions } from 'node:tls'

/** A request as received from the socket. */
export interface RawRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
  /** The number of its connection, and its number among the requests of that connection; both from 1. */
  connection: number
  turn: number
}

/** Handles one request. */
export type Behaviour = (request: RawRequest, socket: Socket) => void

export interface RawServer {
  port: number
  requests: RawRequest[]
  sockets: Socket[]
  close(): Promise<void>
}

/** A complete response with a body of known length. */
export const reply = (status: number, body = '', headers = '') =>
  `HTTP/1.1 ${status} Status\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`

/** Responds to every request with the status. */
export const answering =
  (status: number): Behaviour =>
  (_, socket) =>
    socket.write(reply(status))

/** Starts a server that writes exactly what the test tells it, over TLS if it has a certificate. */
export async function startRawServer(behaviour: Behaviour, tls?: TlsOptions): Promise<RawServer> {
  const requests: RawRequest[] = []
  const sockets: Socket[] = []
  const accept = (socket: Socket) => {
    const connection = sockets.push(socket)
    let [received, turn] = [Buffer.alloc(0), 0]
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      for (let parsed = parseRequest(received); parsed; parsed = parseRequest(received)) {
        received = received.subarray(parsed.bytes)
        const request = { ...parsed.request, connection, turn: ++turn }
        requests.push(request)
        behaviour(request, socket)
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

function parseRequest(bytes: Buffer): { request: Omit<RawRequest, 'connection' | 'turn'>; bytes: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2)))
  const end = headEnd + 4 + Number(headers['content-length'] ?? 0)
  if (bytes.length < end) return undefined
  const [method = '', path = ''] = first.split(' ')
  return { request: { method, path, headers, body: bytes.subarray(headEnd + 4, end) }, bytes: end }
}
