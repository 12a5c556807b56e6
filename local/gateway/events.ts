import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Authorizer } from '../template/api.ts'
import type { Connection, Gateway } from './connections.ts'
import { newId } from './connections.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `11/Nov/2024:11:35:24 +0000` */
function requestTime(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`
}

/** `Root=1-<seconds>-<random>`, in hexadecimal. */
function traceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16)
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`
}

/** On a WebSocket API `requestId` and `extendedRequestId` are the same. */
function contextOf(gateway: Gateway, connection: Connection, eventType: string, routeKey: string) {
  const [requestId, now] = [newId(), gateway.clock.now()]
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: requestTime(now),
    messageDirection: 'IN',
    stage: gateway.api.stage,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: now,
    identity: {
      sourceIp: connection.sourceIp,
      ...(connection.userAgent !== undefined && { userAgent: connection.userAgent }),
    },
    requestId,
    domainName: gateway.domainName,
    connectionId: connection.id,
    apiId: gateway.api.id,
    ...(connection.authorizer && { authorizer: connection.authorizer }),
  }
}

export type RequestContext = ReturnType<typeof contextOf>

export function connectEvent(gateway: Gateway, connection: Connection, request: IncomingMessage) {
  return {
    ...headersOf(request),
    ...queryOf(request),
    ...stageVariables(gateway),
    requestContext: contextOf(gateway, connection, 'CONNECT', '$connect'),
    isBase64Encoded: false,
  }
}

/** As on API Gateway, this event has no headers and no query string. */
export function messageEvent(gateway: Gateway, connection: Connection, routeKey: string, body: string) {
  return {
    requestContext: { ...contextOf(gateway, connection, 'MESSAGE', routeKey), messageId: newId() },
    ...stageVariables(gateway),
    body,
    isBase64Encoded: false,
  }
}

export function disconnectEvent(gateway: Gateway, connection: Connection, code: number, reason: string) {
  const headers = { Host: gateway.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' }
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    ...stageVariables(gateway),
    requestContext: {
      ...contextOf(gateway, connection, 'DISCONNECT', '$disconnect'),
      disconnectStatusCode: code,
      disconnectReason: code === 1005 ? 'Client-side close frame status not set' : reason,
    },
    isBase64Encoded: false,
  }
}

export function authorizerEvent(gateway: Gateway, connection: Connection, request: IncomingMessage) {
  const query = queryOf(request)
  return {
    type: 'REQUEST',
    methodArn: `${gateway.api.arn}/$connect`,
    ...headersOf(request),
    queryStringParameters: query.queryStringParameters ?? {},
    multiValueQueryStringParameters: query.multiValueQueryStringParameters ?? {},
    stageVariables: gateway.api.stageVariables,
    requestContext: contextOf(gateway, connection, 'CONNECT', '$connect'),
  }
}

/** Whether the request has every identity source of the authorizer. An empty source counts as missing. */
export function hasIdentitySources(authorizer: Authorizer, gateway: Gateway, request: IncomingMessage): boolean {
  const query = new URL(request.url ?? '/', 'http://local').searchParams
  return authorizer.identitySources.every((source) => {
    const [, kind, name = ''] =
      /^(route\.request\.header|route\.request\.querystring|stageVariables)\.(.+)$/.exec(source) ?? []
    switch (kind) {
      case 'route.request.header':
        return Boolean(request.headers[name.toLowerCase()])
      case 'route.request.querystring':
        return Boolean(query.get(name))
      case 'stageVariables':
        return Boolean(gateway.api.stageVariables[name])
    }
    throw new Error(`The local run does not know the identity source ${source}`)
  })
}

const stageVariables = ({ api }: Gateway) =>
  Object.keys(api.stageVariables).length > 0 ? { stageVariables: api.stageVariables } : {}

/** The headers of the request, with names as the client wrote them, without `Connection` and `Upgrade`. */
function headersOf(request: IncomingMessage) {
  const multiValueHeaders: Record<string, string[]> = {}
  const add = (name: string, value: string) => {
    multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), value]
  }
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(at, at + 2)
    if (!['connection', 'upgrade'].includes(name.toLowerCase())) add(name, value)
  }
  add('X-Amzn-Trace-Id', traceId())
  add('X-Forwarded-For', sourceIp(request))
  add('X-Forwarded-Port', String(request.socket.localPort ?? ''))
  add('X-Forwarded-Proto', 'http')
  return { headers: lastOf(multiValueHeaders), multiValueHeaders }
}

/** The two fields for the query string; none if the request has no query string. */
function queryOf(request: IncomingMessage) {
  const parameters = new URL(request.url ?? '/', 'http://local').searchParams
  const multiValueQueryStringParameters: Record<string, string[]> = {}
  for (const name of new Set(parameters.keys())) multiValueQueryStringParameters[name] = parameters.getAll(name)
  if (Object.keys(multiValueQueryStringParameters).length === 0) return {}
  return { queryStringParameters: lastOf(multiValueQueryStringParameters), multiValueQueryStringParameters }
}

const lastOf = (values: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, items]) => [name, items.at(-1) ?? '']))

export const sourceIp = (request: IncomingMessage) => (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
