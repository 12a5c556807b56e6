import { tokenVerifier } from '../../lambdas/tokens.ts'
import {
  audience,
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
  it('is asked once where its keys are, and once for them, however many tokens come', async () => {
    const verify = tokenVerifier(issuer.url, audience)
    const token = await issuer.token(key)
    await Promise.all([verify(token), verify(token), verify(token)])
    await verify(token)
    expect(issuer.asked).toEqual([issuer.discovery, issuer.keys])
  })

  it('is not asked before a token comes', async () => {
    tokenVerifier(issuer.url, audience)
    await tokenVerifier(issuer.url, audience)(await issuer.token(key))
    expect(issuer.asked).toHaveLength(2)
  })

  it('whose name ends in a slash is asked at the same place', async () => {
    const iss = `${issuer.url}/`
    expect((await tokenVerifier(iss, audience)(await issuer.token(key, { iss }))).user).toBe('ana')
    expect(issuer.asked[0]).toBe(issuer.discovery)
  })

  it('may have its keys in another place', async () => {
    issuer.answers.set(issuer.discovery, json({ jwks_uri: `${issuer.url}/elsewhere` }))
    issuer.answers.set('/pool/elsewhere', json({ keys: [key.open] }))
    expect((await tokenVerifier(issuer.url, audience)(await issuer.token(key))).user).toBe('ana')
  })

  it('may take a new key, which is found half a minute later at the latest', async () => {
    const verify = tokenVerifier(issuer.url, audience)
    await verify(await issuer.token(key))
    const next = await signingKey('ES256', 'next')
    issuer.publish([key.open, next.open])
    freezeDate(now + 31)
    expect((await verify(await issuer.token(next))).user).toBe('ana')
  })
})

describe('a document that does not say where the keys are', () => {
  it.each([
    ['an error', () => json({ jwks_uri: `${issuer.url}/keys` }, 500)],
    ['not found', () => json({ jwks_uri: `${issuer.url}/keys` }, 404)],
    ['null', () => json(null)],
    ['a text', () => json('jwks_uri')],
    ['an empty object', () => json({})],
    ['a number for a place', () => json({ jwks_uri: 5 })],
    ['a list for a place', () => json({ jwks_uri: [`${issuer.url}/keys`] })],
  ])('refuses the token: %s', async (_, answer) => {
    issuer.answers.set(issuer.discovery, answer())
    await expect(tokenVerifier(issuer.url, audience)(await issuer.token(key))).rejects.toThrow(
      'The issuer does not say where its keys are.',
    )
  })

  it.each([
    ['no JSON', () => text('<html>'), 'SyntaxError'],
    ['a place that is no URL', () => json({ jwks_uri: 'nowhere' }), 'TypeError'],
  ])('refuses the token: %s', async (_, answer, name) => {
    issuer.answers.set(issuer.discovery, answer())
    await expect(tokenVerifier(issuer.url, audience)(await issuer.token(key))).rejects.toMatchObject({ name })
  })

  it('is asked for again with the next token', async () => {
    const good = issuer.answers.get(issuer.discovery) ?? text('')
    const verify = tokenVerifier(issuer.url, audience)
    issuer.answers.set(issuer.discovery, text('', 503))
    await expect(verify(await issuer.token(key))).rejects.toThrow()
    issuer.answers.set(issuer.discovery, good)
    expect((await verify(await issuer.token(key))).user).toBe('ana')
  })
})

describe('keys that do not come', () => {
  it.each([
    ['an error', () => text('', 500), 'ERR_JOSE_GENERIC'],
    ['not found', () => text('', 404), 'ERR_JOSE_GENERIC'],
    ['no JSON', () => text('<html>'), 'ERR_JOSE_GENERIC'],
    ['no keys', () => json({ keys: 'none' }), 'ERR_JWKS_INVALID'],
    ['an empty list', () => json({ keys: [] }), 'ERR_JWKS_NO_MATCHING_KEY'],
  ])('refuse the token: %s', async (_, answer, code) => {
    issuer.answers.set(issuer.keys, answer())
    await expect(tokenVerifier(issuer.url, audience)(await issuer.token(key))).rejects.toMatchObject({ code })
  })

  it('are asked for again with the next token', async () => {
    const verify = tokenVerifier(issuer.url, audience)
    issuer.answers.set(issuer.keys, text('', 500))
    await expect(verify(await issuer.token(key))).rejects.toThrow()
    issuer.publish([key.open])
    expect((await verify(await issuer.token(key))).user).toBe('ana')
  })
})

describe('an issuer that is away', () => {
  it('refuses the token', async () => {
    const { url } = issuer
    const token = await issuer.token(key)
    await issuer.stop()
    await expect(tokenVerifier(url, audience)(token)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })

  it('does not change what was learnt of its keys', async () => {
    const verify = tokenVerifier(issuer.url, audience)
    const [first, second] = [await issuer.token(key), await issuer.token(key, { sub: 'bob' })]
    await verify(first)
    await issuer.stop()
    expect((await verify(second)).user).toBe('bob')
    await expect(verify(`${second}x`)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' })
  })

  it.each([
    ['where its keys are', 'discovery', 0],
    ['its keys', 'keys', 1],
  ] as const)('and never says %s is given up after five seconds', async (_, silent, wait) => {
    const ends = [new AbortController(), new AbortController()]
    const waits: number[] = []
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const end = ends[waits.push(ms) - 1] ?? new AbortController()
      return end.signal
    })
    const heard = new Promise<void>((resolve) => issuer.answers.set(issuer[silent], () => resolve()))
    const verdict = expect(tokenVerifier(issuer.url, audience)(await issuer.token(key))).rejects.toMatchObject(
      silent === 'keys' ? { code: 'ERR_JWKS_TIMEOUT' } : { name: 'TimeoutError' },
    )
    await heard
    expect(waits).toEqual(wait === 0 ? [5000] : [5000, 5000])
    ends[wait]?.abort(new DOMException('It took too long.', 'TimeoutError'))
    await verdict
  })
})
