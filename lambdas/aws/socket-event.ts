import type { AuthorizerContext } from '../bindings.ts'
import { type Caller, isGuest } from '../domain/access/principals.ts'

/** The fields of an API Gateway WebSocket event that the functions use. */
export interface SocketEvent {
  requestContext: {
    routeKey: string
    connectionId: string
    requestId: string
    /** Milliseconds since 1970, the same in every event of a connection. */
    connectedAt: number
    authorizer?: Partial<AuthorizerContext>
    identity?: { sourceIp?: string; userAgent?: string }
  }
  headers?: Record<string, string | undefined>
  body?: string | null
}

export interface SocketResult {
  statusCode: number
  headers?: Record<string, string>
  body?: string
}

/** The user of a connection. `exp` is the end of the token in seconds since 1970. */
export interface ConnectedCaller extends Caller {
  exp: number
}

/**
 * Reads the user from the context of the authorizer. API Gateway adds this context to every event, so no read of a
 * store is needed.
 */
export function identityOf({ requestContext }: SocketEvent, adminGroup: string): ConnectedCaller {
  const { user, name, groups, exp } = requestContext.authorizer ?? {}
  if (!user || !exp) throw new Error('The event carries no identity.')
  const parsed: unknown = JSON.parse(groups ?? '[]')
  const list = Array.isArray(parsed) ? parsed.map(String) : []
  return {
    user,
    name: name ?? user,
    groups: list,
    admin: list.includes(adminGroup) && !isGuest(user),
    exp: Number(exp),
  }
}

/** Finds a header without regard to case, because the names have the case that the client sent. */
export function headerOf(
  event: { headers?: Record<string, string | undefined> | null },
  name: string,
): string | undefined {
  const entry = Object.entries(event.headers ?? {}).find(([header]) => header.toLowerCase() === name)
  return entry?.[1]
}
