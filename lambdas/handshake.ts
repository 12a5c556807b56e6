import { headerOf } from './aws/socket-event.ts'
import type { AuthorizerContext } from './bindings.ts'
import { type Course, type Observer, observed } from './observe.ts'
import type { TokenClaims } from './tokens/claims.ts'
import { carriedGroups, type NamedAmong } from './tokens/groups.ts'
import { guestClaims, isGuestToken, networkOf } from './tokens/guests.ts'
import { hintFor, isBadToken, kindOf } from './tokens/refusal.ts'
import { sourceOf, type TokenSources } from './tokens/source.ts'
import type { Verify } from './tokens/verifier.ts'

export interface Handshake {
  methodArn: string
  headers?: Record<string, string | undefined> | null
  queryStringParameters?: Record<string, string | undefined> | null
  requestContext?: { requestId?: string; connectionId?: string; identity?: { sourceIp?: string } }
}

export interface HandshakePorts extends Observer {
  sources: TokenSources
  verify: Verify
  /** Exact origins whose pages may connect. */
  origins: readonly string[]
  adminGroup: string
  /** The categories whose open rooms admit guests. Without any, there are no guests. */
  guests: readonly string[]
  namedAmong: NamedAmong
  /** Whether one more guest may come from a network now. */
  admitsGuest(network: string): Promise<boolean>
}

class IssuerUnreachable extends Error {}
class TooManyGuests extends Error {}

/**
 * Admits a connection or refuses the upgrade. 403: the origin of the page is not allowed. 401: the token is invalid.
 * 500: the token cannot be checked now, so the client should try again.
 */
export function admit(ports: HandshakePorts, event: Handshake) {
  const { requestId, connectionId } = event.requestContext ?? {}
  return observed(ports, { verb: 'authorizer', requestId, connectionId }, (course) => answer(ports, event, course))
}

async function answer(ports: HandshakePorts, event: Handshake, course: Course) {
  const origin = headerOf(event, 'origin')
  if (origin !== undefined && !ports.origins.includes(origin)) {
    refuse(ports, course, 'origin')
    return policy(event, 'Deny', { user: 'nobody' })
  }
  const claims = await claimsFor(ports, event, tokenFrom(event) ?? '', course)
  course.user = claims.user
  const context: AuthorizerContext = {
    user: claims.user,
    name: claims.name,
    groups: JSON.stringify(claims.groups),
    exp: String(claims.exp),
  }
  return policy(event, 'Allow', claims, context)
}

async function claimsFor(ports: HandshakePorts, event: Handshake, token: string, course: Course): Promise<TokenClaims> {
  try {
    if (ports.guests.length > 0 && isGuestToken(token)) return await guestOf(ports, event, token)
    const claims = await ports.verify(token).catch((error: unknown) => {
      throw isBadToken(error)
        ? error
        : new IssuerUnreachable('The issuer of the token could not be asked.', { cause: error })
    })
    return { ...claims, groups: [...(await carriedGroups(claims.groups, ports.adminGroup, ports.namedAmong))] }
  } catch (error) {
    noteRefusal(ports, course, token, error)
    // API Gateway responds with 401 to exactly this message, and with 500 to any other.
    throw isBadToken(error) ? new Error('Unauthorized') : error
  }
}

/** An invalid token is refused before it is counted, so it does not use up the rate of its network. */
async function guestOf(ports: HandshakePorts, event: Handshake, token: string): Promise<TokenClaims> {
  const claims = await guestClaims(token, ports.guests, ports.clock.now())
  const network = networkOf(event.requestContext?.identity?.sourceIp ?? '')
  if (!(await ports.admitsGuest(network))) throw new TooManyGuests('Too many guests come from one network.')
  return claims
}

/** Each kind of failure has its own outcome, so that unreachable issuers and bad tokens are counted separately. */
function noteRefusal(ports: HandshakePorts, course: Course, token: string, error: unknown): void {
  if (isBadToken(error)) {
    course.facts = { reason: kindOf(error), ...hintFor(error) }
    refuse(ports, course, 'bad_token')
  } else if (error instanceof TooManyGuests) refuse(ports, course, 'guest_rate')
  else if (error instanceof IssuerUnreachable) {
    const { issuer } = sourceOf(ports.sources, token)
    Object.assign(course, { outcome: 'issuer_unreachable', answersByError: true })
    course.facts = { reason: kindOf(error.cause), issuer }
    ports.metrics.count('IssuerUnreachable', 1)
  }
}

function refuse({ metrics }: HandshakePorts, course: Course, outcome: 'origin' | 'bad_token' | 'guest_rate'): void {
  Object.assign(course, { outcome, answersByError: true })
  metrics.count('HandshakesRefused', 1, outcome)
}

/**
 * Browsers can send a token only as a subprotocol. Other clients use a header. The query parameter is for tools used by
 * hand.
 */
function tokenFrom(event: Handshake): string | undefined {
  const protocols = headerOf(event, 'sec-websocket-protocol')?.split(',') ?? []
  const offered = protocols.map((protocol) => /^bearer\.(.+)$/.exec(protocol.trim())?.[1]).find(Boolean)
  const header = /^Bearer +(.+)$/i.exec(headerOf(event, 'authorization') ?? '')?.[1]
  return offered ?? header ?? event.queryStringParameters?.token
}

/** The policy covers the whole stage, because API Gateway also checks later events of the connection against it. */
function policy(event: Handshake, Effect: 'Allow' | 'Deny', { user }: { user: string }, context?: AuthorizerContext) {
  const stage = event.methodArn.split('/').slice(0, 2).join('/')
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: `${stage}/*` }]
  return { principalId: user, policyDocument: { Version: '2012-10-17', Statement }, ...(context && { context }) }
}
