import { type TokenClaims, tokenVerifier } from '../../lambdas/tokens.ts'
import { audience, freezeDate, now, type SigningKey, signingKey, TokenIssuer } from '../support/socket/token-issuer.ts'

let issuer: TokenIssuer
let key: SigningKey
let verify: (token: string) => Promise<TokenClaims>

beforeAll(async () => {
  key = await signingKey('ES256')
  issuer = await TokenIssuer.start([key])
  verify = tokenVerifier(issuer.url, audience)
})
beforeEach(() => freezeDate())
afterEach(() => jest.useRealTimers())
afterAll(() => issuer.stop())

type Claims = Record<string, unknown>

const bearerOf = async (claims: Claims) => verify(await issuer.token(key, claims))
const refusal = async (claims: Claims) => {
  const error: unknown = await bearerOf(claims).then(
    (bearer) => expect(bearer).toBe('refused'),
    (reason: unknown) => reason,
  )
  return error as Error & { code?: string; claim?: string }
}

describe('a token of this issuer, for this audience, that has not ended', () => {
  it('says who speaks, and until when', async () => {
    const claims = { name: 'Ana', groups: ['traders'], exp: now + 90, iat: now, nbf: now, token_use: 'id' }
    expect(await bearerOf(claims)).toEqual({ user: 'ana', name: 'Ana', groups: ['traders'], exp: now + 90 })
  })

  it('needs no claims but iss, aud, sub and exp', async () => {
    expect(await bearerOf({})).toEqual({ user: 'ana', name: 'ana', groups: [], exp: now + 60 })
  })
})

describe('the issuer', () => {
  it.each<[string, (url: string) => unknown]>([
    ['another', () => 'https://elsewhere.example/pool'],
    ['one with a slash more', (url) => `${url}/`],
    ['one whose name only begins alike', (url) => `${url}2`],
    ['nobody', () => undefined],
    ['a list', (url) => [url]],
  ])('may not be %s', async (_, iss) => {
    expect(await refusal({ iss: iss(issuer.url) })).toMatchObject({ claim: 'iss' })
  })
})

describe('the audience', () => {
  it.each([
    ['another', 'another-app'],
    ['of another case', 'The-Chat'],
    ['missing', undefined],
    ['empty', []],
    ['a list of others', ['one', 'two']],
    ['no text', 5],
  ])('may not be %s', async (_, aud) => {
    expect(await refusal({ aud })).toMatchObject({ claim: 'aud' })
  })

  it('may be one of several', async () => {
    expect((await bearerOf({ aud: ['one', audience] })).user).toBe('ana')
  })

  it('is not told by client_id, as an access token of Cognito has it', async () => {
    expect(await refusal({ aud: undefined, client_id: audience, token_use: 'access' })).toMatchObject({ claim: 'aud' })
  })
})

describe('the clock', () => {
  it.each([now + 1, now + 2, now + 3600, now + 365 * 86_400])('has not reached the end: exp %i', async (exp) => {
    expect((await bearerOf({ exp })).exp).toBe(exp)
  })

  it.each([now, now - 1, now - 5, now - 60, now - 3599, 0, -1])('has passed the end: exp %i', async (exp) => {
    expect(await refusal({ exp })).toMatchObject({ code: 'ERR_JWT_EXPIRED', claim: 'exp' })
  })

  it.each([undefined, null, '', String(now + 60), true])('needs an end that is a number: exp %p', async (exp) => {
    expect(await refusal({ exp })).toMatchObject({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'exp' })
  })

  it.each([undefined, 0, now - 60, now])('has reached the beginning: nbf %p', async (nbf) => {
    expect((await bearerOf({ nbf })).user).toBe('ana')
  })

  it.each([now + 1, now + 60, now + 3599, 'now'])('has not reached the beginning: nbf %p', async (nbf) => {
    expect(await refusal({ nbf })).toMatchObject({ claim: 'nbf' })
  })

  it.each([undefined, 0, now, now + 300])('does not mind when a token was issued: iat %p', async (iat) => {
    expect((await bearerOf({ iat })).user).toBe('ana')
  })

  it('goes on: a token that was good a second ago may have ended', async () => {
    const token = await issuer.token(key, { exp: now + 1 })
    expect((await verify(token)).exp).toBe(now + 1)
    freezeDate(now + 1)
    await expect(verify(token)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
  })
})

describe('the subject', () => {
  it.each(['a', 'x'.repeat(128), 'auth0|5f7c', 'ünï 😀', '2f1c4e4e-0000-4000-8000-0123456789ab'])(
    'is the user: %s',
    async (sub) => expect((await bearerOf({ sub })).user).toBe(sub),
  )

  it.each([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['longer than 128', 'x'.repeat(129)],
    ['with a line end', 'ana\nbob'],
    ['with a character of no width', 'an\u200ba'],
    ['with a turn of direction', 'an\u202ea'],
    ['a number', 5],
    ['a list', ['ana']],
    ['an object', { length: 3 }],
    ['true', true],
  ])('may not be %s', async (_, sub) => {
    expect(await refusal({ sub })).toMatchObject({ message: 'Unusable claims.' })
  })
})

describe('the name', () => {
  it.each(['Ana', 'x'.repeat(64), '😀'.repeat(64), 'Ana María', '小明'])('is shown as it is: %s', async (name) => {
    expect((await bearerOf({ name })).name).toBe(name)
  })

  it.each([
    ['letters', 'x'.repeat(65), 'x'.repeat(64)],
    ['faces, whole ones', `${'😀'.repeat(64)}a`, '😀'.repeat(64)],
  ])('is cut to 64 characters: %s', async (_, name, shown) => {
    expect((await bearerOf({ name })).name).toBe(shown)
  })

  it.each([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['white', '  '],
    ['invisible', '\u2060'],
    ['a number', 5],
    ['a list', ['Eve']],
    ['turned', 'An\u202ea'],
    ['with a line end', 'Ana\nEve'],
  ])('is that of the subject where it is %s', async (_, name) => {
    expect((await bearerOf({ name })).name).toBe('ana')
  })

  it('of a long subject is cut, and the user is not', async () => {
    const sub = 'x'.repeat(100)
    expect(await bearerOf({ sub })).toMatchObject({ user: sub, name: 'x'.repeat(64) })
  })
})

describe('the groups', () => {
  it.each<[string, Claims, string[]]>([
    ['groups', { groups: ['a', 'b'] }, ['a', 'b']],
    ['cognito:groups', { 'cognito:groups': ['a', 'b'] }, ['a', 'b']],
    ['groups first', { groups: ['a'], 'cognito:groups': ['b'] }, ['a']],
    ['groups first, even none', { groups: [], 'cognito:groups': ['b'] }, []],
    ['the other where groups is null', { groups: null, 'cognito:groups': ['b'] }, ['b']],
    ['texts alone', { groups: ['a', 5, null, ['x'], '', { a: 1 }, true, 'b'] }, ['a', 'b']],
    ['nothing of a text', { groups: 'admins' }, []],
    ['nothing of an object', { groups: { 0: 'admins', length: 1 } }, []],
  ])('are read from %s', async (_, claims, groups) => {
    expect((await bearerOf(claims)).groups).toEqual(groups)
  })

  /** Groups that take exactly so many bytes as JSON. */
  const groupsOf = (bytes: number, letter = 'x') => [letter.repeat((bytes - 4) / Buffer.byteLength(letter))]

  it.each(['x', 'ü', '😀'])('may take 4,096 bytes as JSON: of %s', async (letter) => {
    const groups = groupsOf(4096, letter)
    expect(Buffer.byteLength(JSON.stringify(groups))).toBe(4096)
    expect((await bearerOf({ groups })).groups).toEqual(groups)
  })

  it.each([
    ['one byte more', groupsOf(4097)],
    ['a character of two bytes more', groupsOf(4098, 'ü')],
    ['many short ones', Array.from({ length: 1024 }, () => 'g')],
    ['a hundred times as much', groupsOf(409_600)],
  ])('may not take more: %s', async (_, groups) => {
    expect(await refusal({ groups })).toMatchObject({ message: 'Too many groups.' })
    expect(await refusal({ 'cognito:groups': groups })).toMatchObject({ message: 'Too many groups.' })
  })

  it('that are left out take no room', async () => {
    expect((await bearerOf({ groups: ['a', ...Array.from({ length: 3000 }, () => 5)] })).groups).toEqual(['a'])
  })
})
