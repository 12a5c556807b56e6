import { tokenVerifier } from '../../lambdas/tokens/verifier.ts'
import {
  accepting,
  freezeDate,
  json,
  now,
  type SigningKey,
  signingKey,
  TokenIssuer,
  text,
} from '../support/socket/token-issuer.ts'

let key: SigningKey
let issuer: TokenIssuer

beforeAll(async () => {
  key = await signingKey('ES256')
})
beforeEach(async () => {
  freezeDate()
  issuer = await TokenIssuer.start([key])
})
afterEach(async () => {
  jest.restoreAllMocks()
  jest.useRealTimers()
  await issuer.stop()
})

describe('an issuer', () => {
  it('gets one request for its document and one for its keys, for any number of tokens', async () => {
    const verify = tokenVerifier(accepting(issuer.url))
    const token = await issuer.token(key)
    await Promise.all([verify(token), verify(token), verify(token)])
    await verify(token)
    expect(issuer.requests).toEqual([issuer.discovery, issuer.keys])
  })

  it('gets no request before the first token', async () => {
    tokenVerifier(accepting(issuer.url))
    await tokenVerifier(accepting(issuer.url))(await issuer.token(key))
    expect(issuer.requests).toHaveLength(2)
  })

  it('whose URL ends with a slash has its document at the same path', async () => {
    const iss = `${issuer.url}/`
    expect((await tokenVerifier(accepting(iss))(await issuer.token(key, { iss }))).user).toBe('ana')
    expect(issuer.requests[0]).toBe(issuer.discovery)
  })

  it('can publish its keys at another path', async () => {
    issuer.responses.set(issuer.discovery, json({ jwks_uri: `${issuer.url}/other` }))
    issuer.responses.set('/pool/other', json({ keys: [key.publicKey] }))
    expect((await tokenVerifier(accepting(issuer.url))(await issuer.token(key))).user).toBe('ana')
  })

  it('can publish a new key, which is found after half a minute', async () => {
    const verify = tokenVerifier(accepting(issuer.url))
    await verify(await issuer.token(key))
    const next = await signingKey('ES256', 'next')
    issuer.publish([key.publicKey, next.publicKey])
    freezeDate(now + 31)
    expect((await verify(await issuer.token(next))).user).toBe('ana')
  })
})

describe('a document without the URL of the keys', () => {
  it.each([
    ['an error', () => json({ jwks_uri: `${issuer.url}/keys` }, 500)],
    ['not found', () => json({ jwks_uri: `${issuer.url}/keys` }, 404)],
    ['null', () => json(null)],
    ['a text', () => json('jwks_uri')],
    ['an empty object', () => json({})],
    ['a number as URL', () => json({ jwks_uri: 5 })],
    ['a list as URL', () => json({ jwks_uri: [`${issuer.url}/keys`] })],
  ])('causes a refusal of the token: %s', async (_, response) => {
    issuer.responses.set(issuer.discovery, response())
    await expect(tokenVerifier(accepting(issuer.url))(await issuer.token(key))).rejects.toThrow(
      'The issuer does not say where its keys are.',
    )
  })

  it.each([
    ['no JSON', () => text('<html>'), 'SyntaxError'],
    ['an invalid URL', () => json({ jwks_uri: 'nowhere' }), 'TypeError'],
  ])('causes a refusal of the token: %s', async (_, response, name) => {
    issuer.responses.set(issuer.discovery, response())
    await expect(tokenVerifier(accepting(issuer.url))(await issuer.token(key))).rejects.toMatchObject({ name })
  })

  it('is requested again for the next token', async () => {
    const good = issuer.responses.get(issuer.discovery) ?? text('')
    const verify = tokenVerifier(accepting(issuer.url))
    issuer.responses.set(issuer.discovery, text('', 503))
    await expect(verify(await issuer.token(key))).rejects.toThrow()
    issuer.responses.set(issuer.discovery, good)
    expect((await verify(await issuer.token(key))).user).toBe('ana')
  })
})

describe('missing keys', () => {
  it.each([
    ['an error', () => text('', 500), 'ERR_JOSE_GENERIC'],
    ['not found', () => text('', 404), 'ERR_JOSE_GENERIC'],
    ['no JSON', () => text('<html>'), 'ERR_JOSE_GENERIC'],
    ['no keys', () => json({ keys: 'none' }), 'ERR_JWKS_INVALID'],
    ['an empty list', () => json({ keys: [] }), 'ERR_JWKS_NO_MATCHING_KEY'],
  ])('cause a refusal of the token: %s', async (_, response, code) => {
    issuer.responses.set(issuer.keys, response())
    await expect(tokenVerifier(accepting(issuer.url))(await issuer.token(key))).rejects.toMatchObject({ code })
  })

  it('are requested again for the next token', async () => {
    const verify = tokenVerifier(accepting(issuer.url))
    issuer.responses.set(issuer.keys, text('', 500))
    await expect(verify(await issuer.token(key))).rejects.toThrow()
    issuer.publish([key.publicKey])
    expect((await verify(await issuer.token(key))).user).toBe('ana')
  })
})

describe('an unavailable issuer', () => {
  it('causes a refusal of the token', async () => {
    const { url } = issuer
    const token = await issuer.token(key)
    await issuer.stop()
    await expect(tokenVerifier(accepting(url))(token)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })

  it('does not change its known keys', async () => {
    const verify = tokenVerifier(accepting(issuer.url))
    const [first, second] = [await issuer.token(key), await issuer.token(key, { sub: 'bob' })]
    await verify(first)
    await issuer.stop()
    expect((await verify(second)).user).toBe('bob')
    await expect(verify(`${second}x`)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' })
  })

  it.each([
    ['its document', 'discovery', 0],
    ['its keys', 'keys', 1],
  ] as const)('that never sends %s causes a timeout after five seconds', async (_, silent, wait) => {
    const ends = [new AbortController(), new AbortController()]
    const waits: number[] = []
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const end = ends[waits.push(ms) - 1] ?? new AbortController()
      return end.signal
    })
    const requested = new Promise<void>((resolve) => issuer.responses.set(issuer[silent], () => resolve()))
    const rejected = expect(tokenVerifier(accepting(issuer.url))(await issuer.token(key))).rejects.toMatchObject(
      silent === 'keys' ? { code: 'ERR_JWKS_TIMEOUT' } : { name: 'TimeoutError' },
    )
    await requested
    expect(waits).toEqual(wait === 0 ? [5000] : [5000, 5000])
    ends[wait]?.abort(new DOMException('Timeout.', 'TimeoutError'))
    await rejected
  })
})
