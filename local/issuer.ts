import { readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import type { Clock } from './clock.ts'
import type { Faults } from './faults/faults.ts'
import type { UserPool } from './template/user-pool.ts'

const algorithm = 'RS256'

/** Answers a request to the issuer. Returns false for any other request. */
export type Issuer = (request: IncomingMessage, response: ServerResponse) => boolean

export interface IssuerOptions {
  origin: string
  pool: UserPool | undefined
  /** Names of further issuers, each at `/issuer/<name>`, with a key and an audience of its own: the name. */
  others?: readonly string[]
  /** File that keeps the key, so that tokens stay valid after a restart. */
  keyFile?: string | undefined
  clock: Clock
  faults: Pick<Faults, 'happens'>
}

/** One issuer: its documents by path, and tokens as it signs them. */
interface Signer {
  documents: Map<string, string>
  sign(query: URLSearchParams): Promise<string>
}

const usage = 'The request must name a user: /token?user=alice&name=Alice&groups=ops,dev\n'

/** Serves what a user pool serves: two well-known documents. In addition, `/token` signs a token for any user. */
export async function startIssuer({
  origin,
  pool,
  others = [],
  keyFile,
  clock,
  faults,
}: IssuerOptions): Promise<Issuer> {
  const signers = new Map<string, Signer>()
  if (pool) signers.set('', await signerOf(`${origin}/${pool.id}`, pool.clients[0] ?? '', keyFile, clock))
  for (const name of others) {
    const file = keyFile?.replace(/(\.json)?$/, `.${name}$1`)
    signers.set(name, await signerOf(`${origin}/issuer/${name}`, name, file, clock))
  }
  const documents = new Map([...signers.values()].flatMap((signer) => [...signer.documents]))

  return (request, response) => {
    const { pathname, searchParams } = pathOf(request)
    const document = documents.get(pathname)
    if (document !== undefined) {
      if (faults.happens('issuerDown', pathname)) send(response, 503, 'text/plain', 'The issuer is down.\n')
      else send(response, 200, 'application/json', document)
      return true
    }
    if (pathname !== '/token') return false
    const signer = signers.get(searchParams.get('issuer') ?? '')
    if (!signer) {
      const reason = pool
        ? 'The run has no such issuer.'
        : 'The template has no user pool: tokens come from the issuer it names.'
      send(response, 404, 'text/plain', `${reason}\n`)
    } else if (!searchParams.get('user') && !searchParams.get('service')) {
      send(response, 400, 'text/plain', usage)
    } else {
      signer.sign(searchParams).then(
        (token) => send(response, 200, 'text/plain', token),
        (error) => send(response, 400, 'text/plain', `${error}\n`),
      )
    }
    return true
  }
}

async function signerOf(issuer: string, audience: string, keyFile: string | undefined, clock: Clock): Promise<Signer> {
  const secret = await signingKey(keyFile)
  const { kty, n, e, kid = '' } = secret
  const { pathname } = new URL(issuer)
  const configuration = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: [algorithm],
    response_types_supported: ['code', 'token'],
    subject_types_supported: ['public'],
  }
  const keys = { keys: [{ kty, n, e, kid, alg: algorithm, use: 'sig' }] }
  const key = await importJWK(secret, algorithm)
  return {
    documents: new Map([
      [`${pathname}/.well-known/openid-configuration`, JSON.stringify(configuration)],
      [`${pathname}/.well-known/jwks.json`, JSON.stringify(keys)],
    ]),
    sign: async (query) => {
      const now = Math.floor(clock.now() / 1000)
      return new SignJWT(claimsFor(query, query.get('client') ?? audience))
        .setProtectedHeader({ alg: algorithm, kid })
        .setIssuer(issuer)
        .setIssuedAt(now)
        .setExpirationTime(now + Number(query.get('expiresIn') ?? 24 * 3600))
        .sign(key)
    },
  }
}

/** The claims that Cognito gives: in an ID token, with `use=access` in an access token, or in that of a service. */
function claimsFor(query: URLSearchParams, client: string): JWTPayload {
  const [user, name, service] = [query.get('user'), query.get('name'), query.get('service')]
  const groups = query.get('groups')?.split(',').filter(Boolean) ?? []
  const listed = groups.length > 0 ? { 'cognito:groups': groups } : {}
  if (service) return { ...listed, token_use: 'access', client_id: service, sub: service }
  if (query.get('use') === 'access') {
    return { ...listed, token_use: 'access', client_id: client, sub: user ?? '', username: name ?? user }
  }
  return { ...(name && { name }), ...listed, token_use: 'id', sub: user ?? '', aud: client }
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
