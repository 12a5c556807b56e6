import { headerOf } from '../aws/socket-event.ts'
import { type AuthorizerContext, env } from '../bindings.ts'
import { isBadToken, type TokenClaims, tokenVerifier } from '../tokens.ts'

interface ConnectEvent {
  methodArn: string
  headers?: Record<string, string | undefined> | null
  queryStringParameters?: Record<string, string | undefined> | null
}

const verify = tokenVerifier(process.env[env.issuer] ?? '', process.env[env.audience] ?? '')
const origins = (process.env[env.allowedOrigins] ?? '').split(',').filter(Boolean)

/**
 * Allows or refuses a connection. 403: the origin of the page is not allowed. 401: the token is invalid. 500: the
 * issuer of the token cannot be reached. The client should try again after a 500.
 */
export async function handler(event: ConnectEvent) {
  const origin = headerOf(event, 'origin')
  if (origin !== undefined && !origins.includes(origin)) return policy(event, 'Deny', { user: 'nobody' })
  const claims = await claimsOf(event)
  const context: AuthorizerContext = {
    user: claims.user,
    name: claims.name,
    groups: JSON.stringify(claims.groups),
    exp: String(claims.exp),
  }
  return policy(event, 'Allow', claims, context)
}

async function claimsOf(event: ConnectEvent): Promise<TokenClaims> {
  try {
    return await verify(tokenFrom(event) ?? '')
  } catch (error) {
    const isBad = isBadToken(error)
    // Only the code of the error is logged, because its message may quote the token.
    const line = { route: 'authorizer', outcome: isBad ? 'refused' : 'failed', error: errorKind(error) }
    console.log(JSON.stringify(isBad ? line : { level: 'error', ...line }))
    // API Gateway responds with 401 to exactly this message, and with 500 to any other.
    throw new Error(isBad ? 'Unauthorized' : 'The issuer of the token could not be asked.')
  }
}

const errorKind = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unusable')

/**
 * Browsers can send a token only as a subprotocol. Other clients use a header. The query parameter is for tools used by
 * hand.
 */
function tokenFrom(event: ConnectEvent): string | undefined {
  const protocols = headerOf(event, 'sec-websocket-protocol')?.split(',') ?? []
  const subprotocolToken = protocols.map((protocol) => /^bearer\.(.+)$/.exec(protocol.trim())?.[1]).find(Boolean)
  const headerToken = /^Bearer +(.+)$/i.exec(headerOf(event, 'authorization') ?? '')?.[1]
  return subprotocolToken ?? headerToken ?? event.queryStringParameters?.token
}

/** The policy covers the whole stage, because API Gateway also checks later events of the connection against it. */
function policy(
  event: ConnectEvent,
  Effect: 'Allow' | 'Deny',
  { user }: { user: string },
  context?: AuthorizerContext,
) {
  const stage = event.methodArn.split('/').slice(0, 2).join('/')
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: `${stage}/*` }]
  return { principalId: user, policyDocument: { Version: '2012-10-17', Statement }, ...(context && { context }) }
}
