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

export const audience = 'the-chat'

/** The time at which all tokens of these tests are checked, in seconds since 1970. */
export const now = Date.UTC(2026, 5, 1, 12) / 1000

/** Stops the calendar and nothing else: waits, sockets and promises go on as always. */
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
  secret: CryptoKey
  open: JWK
}

export async function signingKey(alg: string, kid = alg): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, kid, secret: privateKey, open: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

type Answer = (response: ServerResponse) => void
export const json = (value: unknown, status = 200): Answer => text(JSON.stringify(value), status)
export const text =
  (body: string, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }

/** An OpenID Connect issuer over HTTP whose two documents a test may replace. */
export class TokenIssuer {
  readonly asked: string[] = []
  readonly answers = new Map<string, Answer>()
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    server.on('request', ({ url = '' }, response) => {
      this.asked.push(url)
      const answer = this.answers.get(url) ?? text('', 404)
      answer(response)
    })
  }

  static async start(keys: readonly SigningKey[]): Promise<TokenIssuer> {
    const issuer = new TokenIssuer(createServer())
    issuer.#server.listen(0, '127.0.0.1')
    await once(issuer.#server, 'listening')
    issuer.answers.set(issuer.discovery, json({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }))
    issuer.publish(keys.map(({ open }) => open))
    return issuer
  }

  readonly discovery = '/pool/.well-known/openid-configuration'
  readonly keys = '/pool/keys'

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/pool`
  }

  publish(keys: readonly JWK[]): void {
    this.answers.set(this.keys, json({ keys }))
  }

  /** A good token of ana, but for what the test says otherwise; a claim of `undefined` is left out. */
  token(key: SigningKey, claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    return new SignJWT({ iss: this.url, aud: audience, sub: 'ana', exp: now + 60, ...claims })
      .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
      .sign(key.secret)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    if (this.#server.listening) await once(this.#server.close(), 'close')
  }
}
