import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'
import type { TokenSources } from '../../../lambdas/tokens/source.ts'

export const audience = 'the-chat'

/** This issuer for the audience of these tests, and no other. */
export const accepting = (issuer: string): TokenSources => [{ issuer, audience: [audience], services: [] }]

/** The time of all these tests, in seconds since 1970. */
export const now = Date.UTC(2026, 5, 1, 12) / 1000

/** Stops only the date: timers, sockets and promises work as usual. */
export function freezeDate(seconds = now): void {
  const doNotFake = [
    'hrtime',
    'nextTick',
    'performance',
    'queueMicrotask',
    'setImmediate',
    'clearImmediate',
    'setInterval',
    'clearInterval',
    'setTimeout',
    'clearTimeout',
  ] as const
  jest.useFakeTimers({ now: seconds * 1000, doNotFake: [...doNotFake] })
}

export interface SigningKey {
  alg: string
  kid: string
  privateKey: CryptoKey
  publicKey: JWK
}

export async function signingKey(alg: string, kid = alg): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, kid, privateKey, publicKey: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

type Respond = (response: ServerResponse) => void
export const json = (value: unknown, status = 200): Respond => text(JSON.stringify(value), status)
export const text =
  (body: string, status = 200): Respond =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }

/** An OpenID Connect issuer over HTTP. A test can replace its two documents. */
export class TokenIssuer {
  readonly requests: string[] = []
  readonly responses = new Map<string, Respond>()
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    server.on('request', ({ url = '' }, response) => {
      this.requests.push(url)
      const respond = this.responses.get(url) ?? text('', 404)
      respond(response)
    })
  }

  static async start(keys: readonly SigningKey[]): Promise<TokenIssuer> {
    const issuer = new TokenIssuer(createServer())
    issuer.#server.listen(0, '127.0.0.1')
    await once(issuer.#server, 'listening')
    issuer.responses.set(issuer.discovery, json({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }))
    issuer.publish(keys.map(({ publicKey }) => publicKey))
    return issuer
  }

  readonly discovery = '/pool/.well-known/openid-configuration'
  readonly keys = '/pool/keys'

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/pool`
  }

  publish(keys: readonly JWK[]): void {
    this.responses.set(this.keys, json({ keys }))
  }

  /** A valid token of ana with these claims and header fields. A claim with the value `undefined` is omitted. */
  token(key: SigningKey, claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    return new SignJWT({ iss: this.url, aud: audience, sub: 'ana', exp: now + 60, ...claims })
      .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
      .sign(key.privateKey)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    if (this.#server.listening) await once(this.#server.close(), 'close')
  }
}
