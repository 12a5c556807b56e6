import { isIP, connect as plain, type Socket } from 'node:net'
import { type ConnectionOptions, createSecureContext, connect as secure } from 'node:tls'
import { parseResponse } from './http-response.ts'

export interface PoolOptions {
  now: () => number
  /** The time for one request from the moment that it has a socket, a second attempt included. */
  deadlineMs: number
  /** The most sockets that are open at once, slow ones included. Further requests wait for a free socket. */
  sockets?: number
  /** A PEM certificate to trust instead of the usual authorities. */
  ca?: string
}

/** `late`: no response before the deadline. `lost`: the server closed the socket or sent no valid response. */
export interface HttpResult {
  status: number | 'late' | 'lost'
  /** Head and body of the response. */
  text: string
}

const late: HttpResult = { status: 'late', text: '' }
const lost: HttpResult = { status: 'lost', text: '' }

interface PendingRequest {
  /** Builds the text of the request only when it is sent: many requests wait, and a text is longer than its frame. */
  build: () => string
  resolve: (result: HttpResult) => void
  pooled?: PooledSocket
  deadline?: NodeJS.Timeout
}

interface PooledSocket {
  socket: Socket
  request?: PendingRequest | undefined
  received: string
  /** The time of the last response. */
  usedAt?: number
}

/** Servers close sockets that are idle for longer. A frozen function does not notice this. */
const maxIdleMs = 20_000

/**
 * Keeps sockets to one host open and sends requests over them, one at a time on each. This takes much less processor
 * time than Node's own HTTP client.
 */
export function httpPool(url: URL, { sockets = 400, deadlineMs, ca, now }: PoolOptions) {
  const open = socketOpener(url, ca)
  const all = new Set<PooledSocket>()
  const idle: PooledSocket[] = []
  const waiting: PendingRequest[] = []

  function sendWaiting(): void {
    while (waiting.length > 0) {
      const pooled = takeIdle() ?? (all.size < sockets ? addSocket() : undefined)
      const request = pooled && waiting.shift()
      if (!request) return
      // Sockets do not keep the process alive; this timer does, until the request is settled.
      request.deadline = setTimeout(giveUp, deadlineMs, request)
      send(pooled, request)
    }
  }

  function takeIdle(): PooledSocket | undefined {
    for (let pooled = idle.pop(); pooled; pooled = idle.pop()) {
      if (all.has(pooled) && now() - (pooled.usedAt ?? 0) < maxIdleMs) return pooled
      pooled.socket.destroy()
    }
    return undefined
  }

  function addSocket(): PooledSocket {
    const pooled: PooledSocket = { socket: open().unref(), received: '' }
    all.add(pooled)
    pooled.socket.on('data', (bytes: Buffer) => receive(pooled, bytes)).on('close', () => remove(pooled))
    // The cause does not matter: `close` follows every error.
    pooled.socket.on('error', () => {})
    return pooled
  }

  function send(pooled: PooledSocket, request: PendingRequest): void {
    pooled.request = request
    request.pooled = pooled
    pooled.socket.write(request.build())
  }

  function settle(request: PendingRequest, result: HttpResult): void {
    clearTimeout(request.deadline)
    if (request.pooled) request.pooled.request = undefined
    request.resolve(result)
  }

  function giveUp(request: PendingRequest): void {
    settle(request, late)
    request.pooled?.socket.destroy()
  }

  function receive(pooled: PooledSocket, bytes: Buffer): void {
    pooled.received += bytes.toString('latin1')
    // Data without a request is an error message before the server closes.
    const response = pooled.request ? parseResponse(pooled.received) : 'invalid'
    if (!response) return
    if (pooled.request) settle(pooled.request, response === 'invalid' ? lost : response)
    if (response === 'invalid' || response.closes) {
      pooled.socket.destroy()
      return
    }
    pooled.received = ''
    pooled.usedAt = now()
    idle.push(pooled)
    sendWaiting()
  }

  function remove(pooled: PooledSocket): void {
    all.delete(pooled)
    const { request } = pooled
    if (request && pooled.usedAt !== undefined && pooled.received === '') {
      // The server most likely closed the idle socket before the request came. If not, it gets the request twice.
      send(addSocket(), request)
    } else if (request) {
      settle(request, lost)
    }
    sendWaiting()
  }

  return (build: () => string) =>
    new Promise<HttpResult>((resolve) => {
      waiting.push({ build, resolve })
      sendWaiting()
    })
}

/** Opens sockets to one host. TLS sessions are resumed, which shortens the next handshake. */
function socketOpener({ protocol, hostname, port }: URL, ca: string | undefined): () => Socket {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'http:') return () => plain({ host, port: Number(port || 80), noDelay: true })
  const options: ConnectionOptions = { host, port: Number(port || 443), servername: isIP(host) ? '' : host }
  return () => {
    // This reads all authorities, so it waits for the first socket to keep cold starts short.
    options.secureContext ??= createSecureContext(ca === undefined ? {} : { ca })
    const socket = secure(options).setNoDelay(true)
    return socket.on('session', (session) => (options.session = session))
  }
}
