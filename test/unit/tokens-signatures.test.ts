import { createPublicKey, KeyObject } from 'node:crypto'
import { type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { tokenVerifier, type Verify } from '../../lambdas/tokens/verifier.ts'
import {
  accepting,
  audience,
  freezeDate,
  now,
  type SigningKey,
  signingKey,
  TokenIssuer,
} from '../support/socket/token-issuer.ts'

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

let issuer: TokenIssuer
let keys: Map<string, SigningKey>
let verify: Verify

beforeAll(async () => {
  keys = new Map(await Promise.all(algorithms.map(async (alg) => [alg, await signingKey(alg)] as const)))
  issuer = await TokenIssuer.start([...keys.values()])
  verify = tokenVerifier(accepting(issuer.url))
})
beforeEach(() => freezeDate())
afterEach(() => jest.useRealTimers())
afterAll(() => issuer.stop())

function keyOf(alg: string): SigningKey {
  const key = keys.get(alg)
  if (!key) throw new Error(`There is no key for ${alg}.`)
  return key
}

const claims = () => ({ iss: issuer.url, aud: audience, sub: 'eve', exp: now + 60 })

describe('a signature', () => {
  it.each(algorithms)('can use %s', async (alg) => {
    expect((await verify(await issuer.token(keyOf(alg)))).user).toBe('ana')
  })

  it.each(algorithms)('with %s must match the key that the token names', async (alg) => {
    const forged = await signingKey(alg)
    await expect(verify(await issuer.token(forged))).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    })
  })

  it.each(algorithms)('with %s is not valid for other claims', async (alg) => {
    const [header, , signature] = (await issuer.token(keyOf(alg))).split('.')
    const payload = Buffer.from(JSON.stringify(claims())).toString('base64url')
    await expect(verify(`${header}.${payload}.${signature}`)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    })
  })

  it('with an unpublished key is refused', async () => {
    const unknown = await signingKey('RS256', 'unknown')
    await expect(verify(await issuer.token(unknown))).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
  })

  it('with another algorithm than that of the key is refused', async () => {
    const { privateKey } = keyOf('ES256')
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'RS256' }).sign(privateKey)
    await expect(verify(token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
  })

  it('needs a `kid` only if several keys fit', async () => {
    const token = await new SignJWT({ ...claims(), sub: 'ana' })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(keyOf('ES256').privateKey)
    expect((await verify(token)).user).toBe('ana')
    const twin = await signingKey('ES256', 'twin')
    issuer.publish([keyOf('ES256').publicKey, twin.publicKey])
    await expect(tokenVerifier(accepting(issuer.url))(token)).rejects.toMatchObject({
      code: 'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
    })
    issuer.publish([...keys.values()].map(({ publicKey }) => publicKey))
  })
})

describe('a token without an asymmetric signature', () => {
  const notAllowed = { code: 'ERR_JOSE_ALG_NOT_ALLOWED' }

  it.each(['none', 'None', 'NONE'])('is refused with alg %s', async (alg) => {
    const [, payload] = new UnsecuredJWT(claims()).encode().split('.')
    const header = Buffer.from(JSON.stringify({ alg, kid: 'RS256' })).toString('base64url')
    await expect(verify(`${header}.${payload}.`)).rejects.toMatchObject(notAllowed)
    await expect(verify(`${header}.${payload}.AAAA`)).rejects.toMatchObject(notAllowed)
  })

  it.each(['HS256', 'HS384', 'HS512'])('is refused with %s and the public key as secret', async (alg) => {
    const spki = spkiOf(keyOf('RS256'))
    for (const secret of [
      spki,
      spki.trim(),
      JSON.stringify(keyOf('RS256').publicKey),
      String(keyOf('RS256').publicKey.n),
    ]) {
      const key = new TextEncoder().encode(secret.padEnd(64, ' '))
      const token = await new SignJWT(claims()).setProtectedHeader({ alg, kid: 'RS256' }).sign(key)
      await expect(verify(token)).rejects.toMatchObject(notAllowed)
    }
  })

  it('is refused even if the issuer publishes a shared secret', async () => {
    const secret = new TextEncoder().encode('s'.repeat(64))
    const k = Buffer.from(secret).toString('base64url')
    const shared: JWK = { kty: 'oct', k, kid: 'shared', alg: 'HS256' }
    issuer.publish([shared])
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'shared' }).sign(secret)
    await expect(tokenVerifier(accepting(issuer.url))(token)).rejects.toMatchObject(notAllowed)
    issuer.publish([...keys.values()].map(({ publicKey }) => publicKey))
  })
})

const spkiOf = ({ privateKey }: SigningKey) =>
  createPublicKey(KeyObject.from(privateKey)).export({ type: 'spki', format: 'pem' }).toString()

it.each(['', '.', '..', '...', 'a', 'a.b.c', 'bearer', '{}', 'e30.e30.e30', `${'a'.repeat(5000)}.b.c`])(
  'a text that is not a token is refused: %p',
  async (token) => {
    await expect(verify(token)).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_J(WS|WT|OSE)_/) })
  },
)

it('an encrypted token, which has five parts, is refused', async () => {
  await expect(verify(`${await issuer.token(keyOf('RS256'))}.x.y`)).rejects.toMatchObject({ code: 'ERR_JWS_INVALID' })
})

it('a header with an unknown critical field is refused', async () => {
  const [, payload, signature] = (await issuer.token(keyOf('RS256'))).split('.')
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'RS256', crit: ['x'], x: 1 })).toString('base64url')
  await expect(verify(`${header}.${payload}.${signature}`)).rejects.toMatchObject({ code: 'ERR_JOSE_NOT_SUPPORTED' })
})
