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

let issuer: TokenIssuer
let key: SigningKey
let verify: Verify

beforeAll(async () => {
  key = await signingKey('ES256')
  issuer = await TokenIssuer.start([key])
  verify = tokenVerifier(accepting(issuer.url))
})
beforeEach(() => freezeDate())
afterEach(() => jest.useRealTimers())
afterAll(() => issuer.stop())

type Claims = Record<string, unknown>

const claimsOf = async (claims: Claims) => verify(await issuer.token(key, claims))
const refusal = async (claims: Claims) => {
  const error: unknown = await claimsOf(claims).then(
    (result) => expect(result).toBe('refused'),
    (reason: unknown) => reason,
  )
  return error as Error & { code?: string; claim?: string }
}

describe('a valid token', () => {
  it('contains the user and the time of its end', async () => {
    const claims = { name: 'Ana', groups: ['traders'], exp: now + 90, iat: now, nbf: now, token_use: 'id' }
    expect(await claimsOf(claims)).toEqual({ user: 'ana', name: 'Ana', groups: ['traders'], exp: now + 90 })
  })

  it('needs only the claims iss, aud, sub and exp', async () => {
    expect(await claimsOf({})).toEqual({ user: 'ana', name: 'ana', groups: [], exp: now + 60 })
  })
})

describe('the issuer', () => {
  it.each<[string, (url: string) => unknown]>([
    ['another one', () => 'https://elsewhere.example/pool'],
    ['one with an extra slash', (url) => `${url}/`],
    ['one with the same beginning', (url) => `${url}2`],
    ['missing', () => undefined],
    ['a list', (url) => [url]],
  ])('cannot be %s', async (_, iss) => {
    expect(await refusal({ iss: iss(issuer.url) })).toMatchObject({ claim: 'iss' })
  })
})

describe('the audience', () => {
  it.each([
    ['another one', 'another-app'],
    ['in other case', 'The-Chat'],
    ['missing', undefined],
    ['null', null],
    ['empty', []],
    ['a list of others', ['one', 'two']],
    ['a number', 5],
    ['an object', { 0: 'the-chat', length: 1 }],
  ])('cannot be %s', async (_, aud) => {
    expect(await refusal({ aud })).toMatchObject({ claim: 'aud' })
  })

  it('can be one of several', async () => {
    expect((await claimsOf({ aud: ['one', audience] })).user).toBe('ana')
  })
})

describe('a token', () => {
  it.each([now + 1, now + 2, now + 3600, now + 365 * 86_400])('is valid before its end: exp %i', async (exp) => {
    expect((await claimsOf({ exp })).exp).toBe(exp)
  })

  it.each([now, now - 1, now - 5, now - 60, now - 3599, 0, -1])('is refused after its end: exp %i', async (exp) => {
    expect(await refusal({ exp })).toMatchObject({ code: 'ERR_JWT_EXPIRED', claim: 'exp' })
  })

  it.each([undefined, null, '', String(now + 60), true])('needs a number as its end: exp %p', async (exp) => {
    expect(await refusal({ exp })).toMatchObject({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'exp' })
  })

  it.each([undefined, 0, now - 60, now])('is valid from its start: nbf %p', async (nbf) => {
    expect((await claimsOf({ nbf })).user).toBe('ana')
  })

  it.each([now + 1, now + 60, now + 3599, 'now'])('is refused before its start: nbf %p', async (nbf) => {
    expect(await refusal({ nbf })).toMatchObject({ claim: 'nbf' })
  })

  it.each([undefined, 0, now, now + 300])('is valid with any time of issue: iat %p', async (iat) => {
    expect((await claimsOf({ iat })).user).toBe('ana')
  })

  it('is refused as soon as it ends', async () => {
    const token = await issuer.token(key, { exp: now + 1 })
    expect((await verify(token)).exp).toBe(now + 1)
    freezeDate(now + 1)
    await expect(verify(token)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
  })
})

describe('the subject', () => {
  it.each(['a', 'x'.repeat(128), 'auth0|5f7c', 'ünï 😀', '2f1c4e4e-0000-4000-8000-0123456789ab'])(
    'becomes the user: %s',
    async (sub) => expect((await claimsOf({ sub })).user).toBe(sub),
  )

  it.each([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['longer than 128', 'x'.repeat(129)],
    ['a text with a line end', 'ana\nbob'],
    ['a text with a zero-width character', 'an\u200ba'],
    ['a text with a change of direction', 'an\u202ea'],
    ['a number', 5],
    ['a list', ['ana']],
    ['an object', { length: 3 }],
    ['true', true],
  ])('cannot be %s', async (_, sub) => {
    expect(await refusal({ sub })).toMatchObject({ code: 'unusable_subject', message: 'Unusable claims.' })
  })
})

describe('the name', () => {
  it.each(['Ana', 'x'.repeat(64), '😀'.repeat(64), 'Ana María', '小明'])('is not changed: %s', async (name) => {
    expect((await claimsOf({ name })).name).toBe(name)
  })

  it.each([
    ['letters', 'x'.repeat(65), 'x'.repeat(64)],
    ['emoji', `${'😀'.repeat(64)}a`, '😀'.repeat(64)],
  ])('is cut to 64 characters: %s', async (_, name, shown) => {
    expect((await claimsOf({ name })).name).toBe(shown)
  })

  it.each([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['white space', '  '],
    ['invisible', '\u2060'],
    ['a number', 5],
    ['a list', ['Eve']],
    ['a text with a change of direction', 'An\u202ea'],
    ['a text with a line end', 'Ana\nEve'],
  ])('is taken from the subject if it is %s', async (_, name) => {
    expect((await claimsOf({ name })).name).toBe('ana')
  })

  it('from a long subject is cut, but the user is not', async () => {
    const sub = 'x'.repeat(100)
    expect(await claimsOf({ sub })).toMatchObject({ user: sub, name: 'x'.repeat(64) })
  })
})

describe('the groups', () => {
  it.each<[string, Claims, string[]]>([
    ['groups', { groups: ['a', 'b'] }, ['a', 'b']],
    ['cognito:groups', { 'cognito:groups': ['a', 'b'] }, ['a', 'b']],
    ['groups rather than cognito:groups', { groups: ['a'], 'cognito:groups': ['b'] }, ['a']],
    ['groups rather than cognito:groups, even an empty list', { groups: [], 'cognito:groups': ['b'] }, []],
    ['cognito:groups if groups is null', { groups: null, 'cognito:groups': ['b'] }, ['b']],
    ['only the texts of a list', { groups: ['a', 5, null, ['x'], '', { a: 1 }, true, 'b'] }, ['a', 'b']],
    ['no text', { groups: 'admins' }, []],
    ['no object', { groups: { 0: 'admins', length: 1 } }, []],
  ])('are read from %s', async (_, claims, groups) => {
    expect((await claimsOf(claims)).groups).toEqual(groups)
  })

  it('can be any number, since only the authorizer has to choose among them', async () => {
    const groups = Array.from({ length: 3000 }, (_, at) => `group ${at}`)
    expect((await claimsOf({ groups })).groups).toEqual(groups)
  })
})
