import type { IncomingMessage } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { type ProxyResult, proxyResult } from '../lambda/proxy.ts'
import { authorize } from './authorize.ts'
import { type Connection, errorFrame, type Gateway, newId } from './connections.ts'
import { connectEvent, sourceIp } from './events.ts'
import { messageLimit, urlLimit } from './limits.ts'
import { invokeDisconnect, open } from './open.ts'

const maxDelayMs = 3000

/**
 * Maximum handshakes at the same time. API Gateway limits new connections per second and refuses the rest at once;
 * without a limit, handshakes would wait here until their clients have given up.
 */
const maxHandshakes = 500

/** Handles upgrade requests: it invokes the authorizer, then `$connect`, and then completes the handshake. */
export function upgrades(gateway: Gateway) {
  const protocols = new WeakMap<IncomingMessage, string>()
  const options = {
    noServer: true,
    perMessageDeflate: false,
    maxPayload: messageLimit,
    // The response carries the subprotocol that `$connect` returned; the library must not choose one.
    handleProtocols: () => false as const,
    closeTimeout: 1000,
  }
  const server = new WebSocketServer(options)
  server.on('headers', (headers, request) => {
    const protocol = protocols.get(request)
    if (protocol) headers.push(`Sec-WebSocket-Protocol: ${protocol}`)
  })

  let handshakes = 0

  async function upgrade(request: IncomingMessage, stream: Socket, head: Buffer): Promise<void> {
    stream.on('error', () => stream.destroy())
    const now = gateway.clock.now()
    const userAgent = request.headers['user-agent']
    const connection: Connection = {
      id: newId(),
      connectedAt: now,
      lastActiveAt: now,
      sourceIp: sourceIp(request),
      ...(userAgent !== undefined && { userAgent }),
    }
    if (handshakes > maxHandshakes) return refuse(stream, 429, connection)
    const url = request.url ?? ''
    if (url.length > urlLimit) return refuse(stream, 414, connection)
    if (url.split('?')[0]?.replace(/\/$/, '') !== `/${gateway.api.stage}`) return refuse(stream, 403, connection)

    const route = gateway.api.routes.get('$connect')
    if (route?.authorizer) {
      const status = await authorize(gateway, route.authorizer, connection, request)
      if (status) {
        if (status < 500) gateway.platform.clientError()
        return refuse(stream, status, connection)
      }
    }
    let answer: ProxyResult | undefined
    if (route?.integration.kind === 'function') {
      gateway.platform.connect()
      answer = await connect(gateway, connection, request, route.integration)
      if (!answer || answer.statusCode >= 400) gateway.platform.integrationError()
      if (!answer) return refuse(stream, 502, connection)
      if (answer.statusCode < 200 || answer.statusCode > 299)
        return refuse(stream, answer.statusCode, connection, answer.body)
    }
    if (!stream.readable || !stream.writable) {
      // The client left before the handshake. `$connect` has run, so `$disconnect` must run too.
      stream.destroy()
      return invokeDisconnect(gateway, connection, 1006, '')
    }
    // API Gateway sends no other header of a function to the client.
    const protocol = Object.entries(answer?.headers ?? {}).find(([name]) => /^sec-websocket-protocol$/i.test(name))?.[1]
    if (protocol && !/[\r\n]/.test(protocol)) protocols.set(request, protocol)
    server.handleUpgrade(request, stream, head, (socket) => open(gateway, connection, socket, stream))
  }

  return (request: IncomingMessage, stream: Socket, head: Buffer): void => {
    handshakes++
    upgrade(request, stream, head)
      .catch((error) => {
        gateway.log(`gateway: ${error}`)
        stream.destroy()
      })
      .finally(() => handshakes--)
  }
}

async function connect(
  gateway: Gateway,
  connection: Connection,
  request: IncomingMessage,
  { arn, timeoutMs }: { arn: string; timeoutMs: number },
) {
  const { clock, faults } = gateway
  if (faults.happens('delayConnect')) {
    const ms = Math.round(faults.amount('delayConnect') * maxDelayMs)
    await new Promise<void>((resolve) => clock.after(ms, resolve))
  }
  const event = connectEvent(gateway, connection, request)
  const running = gateway.invoke(arn, event)
  if (faults.happens('twiceConnect')) void gateway.invoke(arn, event)
  return proxyResult(running, timeoutMs, clock)
}

const messages: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 429: 'Too Many Requests' }

function refuse(stream: Socket, status: number, connection: Connection, given?: string): void {
  const body = given || errorFrame(messages[status] ?? 'Internal server error', connection.id, newId())
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
