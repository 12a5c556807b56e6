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
 * Admits a connection, or refuses the upgrade: 403 for a foreign page, 401 for anything wrong with the token, and 500
 * while its issuer cannot be asked, since a client should come again then and not give up.
 */
export async function handler(event: ConnectEvent) {
  const origin = headerOf(event, 'origin')
  if (origin !== undefined && !origins.includes(origin)) return policy(event, 'Deny', { user: 'nobody' })
  const bearer = await bearerOf(event)
  const context: AuthorizerContext = {
    user: bearer.user,
    name: bearer.name,
    groups: JSON.stringify(bearer.groups),
    exp: String(bearer.exp),
  }
  return policy(event, 'Allow', bearer, context)
}

async function bearerOf(event: ConnectEvent): Promise<TokenClaims> {
  try {
    return await verify(tokenFrom(event) ?? '')
  } catch (error) {
    const isBad = isBadToken(error)
    // The kind of error says enough; its message may quote the token.
    const line = { route: 'authorizer', outcome: isBad ? 'refused' : 'failed', error: errorKind(error) }
    console.log(JSON.stringify(isBad ? line : { level: 'error', ...line }))
    // API Gateway answers 401 to exactly this message, and 500 to any other.
    throw new Error(isBad ? 'Unauthorized' : 'The issuer of the token could not be asked.')
  }
}

const errorKind = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unusable')

/** A browser can offer a subprotocol and nothing else; a header is usual elsewhere; a query is for hand tools. */
function tokenFrom(event: ConnectEvent): string | undefined {
  const protocols = headerOf(event, 'sec-websocket-protocol')?.split(',') ?? []
  const offered = protocols.map((protocol) => /^bearer\.(.+)$/.exec(protocol.trim())?.[1]).find(Boolean)
  const header = /^Bearer +(.+)$/i.exec(headerOf(event, 'authorization') ?? '')?.[1]
  return offered ?? header ?? event.queryStringParameters?.token
}

/** A policy for the whole stage, since later events of the connection are checked against it as well. */
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
