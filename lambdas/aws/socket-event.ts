import type { AuthorizerContext } from '../bindings.ts'
import type { Caller } from '../domain/access/principals.ts'

/** What these functions use of an event of an API Gateway WebSocket API. */
export interface SocketEvent {
  requestContext: {
    routeKey: string
    connectionId: string
    requestId: string
    /** Milliseconds since 1970, the same in every event of a connection. */
    connectedAt: number
    authorizer?: Partial<AuthorizerContext>
  }
  headers?: Record<string, string | undefined>
  body?: string | null
}

export interface SocketResult {
  statusCode: number
  headers?: Record<string, string>
  body?: string
}

/** Whoever connected, with the second at which their token ends. */
export interface ConnectedCaller extends Caller {
  exp: number
}

/** The authorizer's words, which API Gateway repeats in every event: no read is needed to know who is speaking. */
export function identityOf({ requestContext }: SocketEvent, adminGroup: string): ConnectedCaller {
  const { user, name, groups, exp } = requestContext.authorizer ?? {}
  if (!user || !exp) throw new Error('The event carries no identity.')
  const parsed: unknown = JSON.parse(groups ?? '[]')
  const list = Array.isArray(parsed) ? parsed.map(String) : []
  return { user, name: name ?? user, groups: list, admin: list.includes(adminGroup), exp: Number(exp) }
}

/** Headers arrive in the case in which the client wrote them. */
export function headerOf(
  event: { headers?: Record<string, string | undefined> | null },
  name: string,
): string | undefined {
  const entry = Object.entries(event.headers ?? {}).find(([header]) => header.toLowerCase() === name)
  return entry?.[1]
}
