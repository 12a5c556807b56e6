import { readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import type { Clock } from './clock.ts'
import type { UserPool } from './template/user-pool.ts'

const algorithm = 'RS256'

/** Answers a request to the issuer. Returns false for any other request. */
export type Issuer = (request: IncomingMessage, response: ServerResponse) => boolean

export interface IssuerOptions {
  origin: string
  pool: UserPool | undefined
  /** File that keeps the key, so that tokens stay valid after a restart. */
  keyFile?: string | undefined
  clock: Clock
}

/** Serves what a user pool serves: two well-known documents. In addition, `/token` signs a token for any user. */
export async function startIssuer({ origin, pool, keyFile, clock }: IssuerOptions): Promise<Issuer> {
  if (!pool) {
    return (request, response) => {
      if (pathOf(request).pathname !== '/token') return false
      send(response, 404, 'text/plain', 'The template has no user pool: tokens come from the issuer it names.\n')
      return true
    }
  }
  const secret = await signingKey(keyFile)
  const { kty, n, e, kid } = secret
  const keys = JSON.stringify({ keys: [{ kty, n, e, kid, alg: algorithm, use: 'sig' }] })
  const issuer = `${origin}/${pool.id}`
  const configuration = JSON.stringify({
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: [algorithm],
    response_types_supported: ['code', 'token'],
    subject_types_supported: ['public'],
  })
  const key = await importJWK(secret, algorithm)

  async function sign(query: URLSearchParams): Promise<string> {
    const now = Math.floor(clock.now() / 1000)
    const name = query.get('name')
    const groups = query.get('groups')?.split(',').filter(Boolean) ?? []
    return new SignJWT({
      ...(name && { name }),
      ...(groups.length > 0 && { 'cognito:groups': groups }),
      token_use: 'id',
    })
      .setProtectedHeader({ alg: algorithm, kid: kid ?? '' })
      .setSubject(query.get('user') ?? '')
      .setIssuer(issuer)
      .setAudience(query.get('client') ?? pool?.clients[0] ?? '')
      .setIssuedAt(now)
      .setExpirationTime(now + Number(query.get('expiresIn') ?? 24 * 3600))
      .sign(key)
  }

  return (request, response) => {
    const { pathname, searchParams } = pathOf(request)
    switch (pathname) {
      case `/${pool.id}/.well-known/openid-configuration`:
        send(response, 200, 'application/json', configuration)
        return true
      case `/${pool.id}/.well-known/jwks.json`:
        send(response, 200, 'application/json', keys)
        return true
      case '/token':
        if (!searchParams.get('user')) {
          send(
            response,
            400,
            'text/plain',
            'The request must name a user: /token?user=alice&name=Alice&groups=ops,dev\n',
          )
        } else {
          sign(searchParams).then(
            (token) => send(response, 200, 'text/plain', token),
            (error) => send(response, 400, 'text/plain', `${error}\n`),
          )
        }
        return true
    }
    return false
  }
}

async function signingKey(file: string | undefined): Promise<JWK> {
  const kept = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined)
  if (kept !== undefined) return JSON.parse(kept)
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const key = { ...jwk, kid: await calculateJwkThumbprint(jwk) }
  if (file !== undefined) await writeFile(file, JSON.stringify(key), { mode: 0o600 })
  return key
}

/** An invalid address, for example `//`, gives the path `/`, which the issuer does not serve. */
function pathOf({ url = '/' }: IncomingMessage): URL {
  const base = 'http://local'
  return new URL(URL.canParse(url, base) ? url : base, base)
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body)
}
