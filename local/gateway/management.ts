import type { IncomingMessage, ServerResponse } from 'node:http'
import { killSide } from '../faults/call-failure.ts'
import type { Faults } from '../faults/faults.ts'
import type { Caller } from '../iam/identities.ts'
import { type Gateway, isId, type OpenConnection } from './connections.ts'
import { bufferLimit, messageLimit } from './limits.ts'

const maxDelayMs = 500

const errors = {
  400: 'BadRequestException',
  403: 'ForbiddenException',
  410: 'GoneException',
  413: 'PayloadTooLargeException',
  429: 'LimitExceededException',
  500: 'InternalServerErrorException',
} as const

const noFaults: Pick<Faults, 'happens' | 'amount'> = { happens: () => false, amount: () => 0 }

type Status = 200 | 204 | keyof typeof errors

/** Serves `@connections`. Returns false for a request with another path. */
export function management(gateway: Gateway) {
  const prefixes = ['@', '%40'].map((at) => `/${gateway.api.stage}/${at}connections/`)

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = request.url ?? ''
    const prefix = prefixes.find((candidate) => url.startsWith(candidate))
    if (prefix === undefined) return false
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
      void handle(request, response, url.slice(prefix.length), body)
    })
    return true
  }

  async function handle(request: IncomingMessage, response: ServerResponse, encoded: string, body: Buffer) {
    const { usage } = gateway
    const caller = gateway.caller(request.headers.authorization)
    const method = request.method ?? ''
    const faults = method === 'POST' ? gateway.faults : noFaults
    const side = caller && killSide(faults, caller)
    if (side === 'before') {
      caller?.kill()
      response.destroy()
      return
    }
    if (faults.happens('delayPost')) {
      const ms = Math.round(faults.amount('delayPost') * maxDelayMs)
      await new Promise<void>((resolve) => gateway.clock.after(ms, resolve))
    }
    const hangs = faults.happens('hangPost')
    const status = injected(faults, '') ?? execute(caller, method, encoded, body, response)
    const reported = status === 200 ? (injected(faults, 'After') ?? status) : status
    usage.post(
      caller?.function ?? 'unknown',
      method,
      reported === 200 || reported === 204 ? 'delivered' : String(reported),
    )
    if (side !== undefined) {
      caller?.kill()
      response.destroy()
    } else if (!hangs && !response.writableEnded) {
      finish(response, reported)
    }
  }

  function injected(faults: Pick<Faults, 'happens'>, side: '' | 'After'): Status | undefined {
    if (side === '' && faults.happens('post403')) return 403
    for (const status of [410, 429, 500] as const) if (faults.happens(`post${status}${side}`)) return status
    return undefined
  }

  function execute(
    caller: Caller | undefined,
    method: string,
    encoded: string,
    body: Buffer,
    response: ServerResponse,
  ): Status {
    let id: string
    try {
      id = decodeURIComponent(encoded)
    } catch {
      return 400
    }
    const resource = `${gateway.api.arn}/${method}/@connections/${id}`
    if (!caller?.allows('execute-api:ManageConnections', resource)) {
      gateway.log(`@connections: ${caller?.principal ?? 'an unknown caller'} may not ${method} ${resource}`)
      return 403
    }
    if (!isId(id)) return 400
    // A connection opens only after its `$connect` has answered, so a post from there gets 410 as well.
    const connection = gateway.connections.get(id)
    if (!connection) return 410
    switch (method) {
      case 'POST':
        return post(connection, body)
      case 'GET':
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(description(connection)))
        return 200
      case 'DELETE':
        connection.end(1000, '')
        return 204
    }
    return 400
  }

  function post(connection: OpenConnection, body: Buffer): Status {
    if (body.length > messageLimit) return 413
    // API Gateway gives the same answer for a rate limit and for a reader that is too slow.
    if (connection.socket.bufferedAmount > bufferLimit) return 429
    connection.lastActiveAt = gateway.clock.now()
    gateway.platform.message()
    connection.socket.send(body, { binary: false })
    return 200
  }
}

const description = ({ connectedAt, lastActiveAt, sourceIp, userAgent }: OpenConnection) => ({
  connectedAt: new Date(connectedAt).toISOString(),
  identity: { sourceIp, ...(userAgent !== undefined && { userAgent }) },
  lastActiveAt: new Date(lastActiveAt).toISOString(),
})

function finish(response: ServerResponse, status: Status): void {
  if (status === 200 || status === 204) {
    response.writeHead(status, { 'content-length': 0 }).end()
    return
  }
  const body = JSON.stringify({ message: status === 403 ? 'Forbidden' : errors[status] })
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-amzn-ErrorType': errors[status],
    })
    .end(body)
}
