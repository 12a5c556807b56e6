import type { IncomingMessage } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { type ProxyResult, proxyResult } from '../lambda/proxy.ts'
import { authorize } from './authorize.ts'
import { type Connection, errorFrame, type Gateway, mintId } from './connections.ts'
import { connectEvent, sourceIp } from './events.ts'
import { messageLimit, urlLimit } from './limits.ts'
import { farewell, open } from './open.ts'

const longestDelayMs = 3000

/**
 * Handshakes under way at once. The cloud admits so many connections a second and refuses the rest at once; here what
 * is more than this machine can take would wait until its clients have given up, and be work for nobody.
 */
const mostHandshakes = 500

/** Answers upgrade requests: authorizer, then `$connect`, and only then the handshake. */
export function upgrades(gateway: Gateway) {
  const protocols = new WeakMap<IncomingMessage, string>()
  const options = {
    noServer: true,
    perMessageDeflate: false,
    maxPayload: messageLimit,
    // A subprotocol is never chosen for the function: what `$connect` returned is echoed, or none.
    handleProtocols: () => false as const,
    closeTimeout: 1000,
  }
  const server = new WebSocketServer(options)
  server.on('headers', (headers, request) => {
    const protocol = protocols.get(request)
    if (protocol) headers.push(`Sec-WebSocket-Protocol: ${protocol}`)
  })

  let underWay = 0

  async function upgrade(request: IncomingMessage, stream: Socket, head: Buffer): Promise<void> {
    stream.on('error', () => stream.destroy())
    const now = gateway.clock.now()
    const userAgent = request.headers['user-agent']
    const connection: Connection = {
      id: mintId(),
      connectedAt: now,
      lastActiveAt: now,
      sourceIp: sourceIp(request),
      ...(userAgent !== undefined && { userAgent }),
    }
    if (underWay > mostHandshakes) return refuse(stream, 429, connection)
    const url = request.url ?? ''
    if (url.length > urlLimit) return refuse(stream, 414, connection)
    if (url.split('?')[0]?.replace(/\/$/, '') !== `/${gateway.api.stage}`) return refuse(stream, 403, connection)

    const route = gateway.api.routes.get('$connect')
    if (route?.authorizer) {
      const status = await authorize(gateway, route.authorizer, connection, request)
      if (status) return refuse(stream, status, connection)
    }
    let answer: ProxyResult | undefined
    if (route?.integration.kind === 'function') {
      answer = await connect(gateway, connection, request, route.integration)
      if (!answer) return refuse(stream, 502, connection)
      if (answer.statusCode < 200 || answer.statusCode > 299)
        return refuse(stream, answer.statusCode, connection, answer.body)
    }
    if (!stream.readable || !stream.writable) {
      // The client left meanwhile. Its $connect has run, so its $disconnect does as well.
      stream.destroy()
      return farewell(gateway, connection, 1006, '')
    }
    // Of all headers a function may return, this one alone reaches the client.
    const protocol = Object.entries(answer?.headers ?? {}).find(([name]) => /^sec-websocket-protocol$/i.test(name))?.[1]
    if (protocol && !/[\r\n]/.test(protocol)) protocols.set(request, protocol)
    server.handleUpgrade(request, stream, head, (socket) => open(gateway, connection, socket, stream))
  }

  return (request: IncomingMessage, stream: Socket, head: Buffer): void => {
    underWay++
    upgrade(request, stream, head)
      .catch((error) => {
        gateway.log(`gateway: ${error}`)
        stream.destroy()
      })
      .finally(() => underWay--)
  }
}

async function connect(
  gateway: Gateway,
  connection: Connection,
  request: IncomingMessage,
  { arn, timeoutMs }: { arn: string; timeoutMs: number },
) {
  const { clock, faults } = gateway
  if (faults.strikes('delayConnect')) {
    const ms = Math.round(faults.amount('delayConnect') * longestDelayMs)
    await new Promise<void>((resolve) => clock.after(ms, resolve))
  }
  const event = connectEvent(gateway, connection, request)
  const running = gateway.invoke(arn, event)
  if (faults.strikes('twiceConnect')) void gateway.invoke(arn, event)
  return proxyResult(running, timeoutMs, clock)
}

const messages: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 429: 'Too Many Requests' }

function refuse(stream: Socket, status: number, connection: Connection, given?: string): void {
  const body = given || errorFrame(messages[status] ?? 'Internal server error', connection.id, mintId())
  stream.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
}
