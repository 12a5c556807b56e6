import { SignJWT } from 'jose'
import { env } from '../../lambdas/bindings.ts'
import type { TokenClaims } from '../../lambdas/tokens/claims.ts'
import { sourcesFrom, type TokenSource } from '../../lambdas/tokens/source.ts'
import { tokenVerifier, type Verify } from '../../lambdas/tokens/verifier.ts'
import { audience, freezeDate, now, type SigningKey, signingKey, TokenIssuer } from '../support/socket/token-issuer.ts'

/** Two issuers whose keys have the same name. */
let firstKey: SigningKey
let partnerKey: SigningKey
let first: TokenIssuer
let partner: TokenIssuer
let verify: Verify

type Claims = Record<string, unknown>

beforeAll(async () => {
  ;[firstKey, partnerKey] = await Promise.all([signingKey('ES256', 'same'), signingKey('ES256', 'same')])
  ;[first, partner] = await Promise.all([TokenIssuer.start([firstKey]), TokenIssuer.start([partnerKey])])
})
beforeEach(() => {
  freezeDate()
  verify = tokenVerifier([
    { issuer: first.url, audience: [audience, 'tool'], services: ['bot'] },
    { name: 'partner', issuer: partner.url, audience: ['theirs'], services: ['feed'] },
  ])
})
afterEach(() => jest.useRealTimers())
afterAll(() => Promise.all([first.stop(), partner.stop()]))

const ofFirst = async (claims: Claims = {}) => verify(await first.token(firstKey, claims))
const ofPartner = async (claims: Claims = {}) => verify(await partner.token(partnerKey, { aud: 'theirs', ...claims }))
const codeOf = (attempt: Promise<TokenClaims>) =>
  attempt.then(
    ({ user }) => `admitted as ${user}`,
    (error: { code?: string }) => error.code,
  )

describe('a token of one issuer of several', () => {
  it('gives the subject as the id for the first, and the name and the subject for another', async () => {
    expect(await ofFirst()).toMatchObject({ user: 'ana', name: 'ana' })
    expect(await ofPartner()).toMatchObject({ user: 'partner|ana', name: 'ana' })
  })

  it('can be for each audience of its issuer, and for none of another', async () => {
    expect((await ofFirst({ aud: 'tool' })).user).toBe('ana')
    expect(await codeOf(ofFirst({ aud: 'theirs' }))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
    expect(await codeOf(ofPartner({ aud: audience }))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
  })

  it('is not valid with the key of another that has the same name', async () => {
    const forged = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'
    expect(await codeOf(first.token(partnerKey).then(verify))).toBe(forged)
    expect(await codeOf(partner.token(firstKey, { aud: 'theirs' }).then(verify))).toBe(forged)
  })

  it('is refused if it names no issuer that is accepted, or one with other letters', async () => {
    for (const iss of ['https://elsewhere.example', `${partner.url}/`, partner.url.toUpperCase(), undefined]) {
      const claims: Claims = { iss, aud: 'theirs' }
      expect(await codeOf(partner.token(partnerKey, claims).then(verify))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED')
      expect(await codeOf(ofFirst({ iss }))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
    }
  })

  it('of the first cannot have an id that begins with the name of another', async () => {
    expect(await codeOf(ofFirst({ sub: 'partner|ana' }))).toBe('subject_of_other_issuer')
    expect(await codeOf(ofFirst({ sub: 'partner|' }))).toBe('subject_of_other_issuer')
    expect((await ofFirst({ sub: 'auth0|ana' })).user).toBe('auth0|ana')
    expect((await ofFirst({ sub: 'partners|ana' })).user).toBe('partners|ana')
    expect((await ofPartner({ sub: 'partner|ana' })).user).toBe('partner|partner|ana')
  })

  it('has groups of its issuer alone, so no other issuer makes an administrator', async () => {
    expect((await ofPartner({ groups: ['chat-admins', 'ops'] })).groups).toEqual(['partner|chat-admins', 'partner|ops'])
    expect((await ofFirst({ groups: ['chat-admins', 'partner|ops'] })).groups).toEqual(['chat-admins'])
  })

  it('has an id of at most 128 characters, with the name of its issuer', async () => {
    expect((await ofPartner({ sub: 'x'.repeat(120) })).user).toHaveLength(128)
    expect(await codeOf(ofPartner({ sub: 'x'.repeat(121) }))).toBe('unusable_subject')
  })

  it('is checked while another issuer is away', async () => {
    const away = await TokenIssuer.start([partnerKey])
    const token = await away.token(partnerKey, { aud: 'theirs' })
    const both = tokenVerifier([
      { issuer: first.url, audience: [audience], services: [] },
      { name: 'partner', issuer: away.url, audience: ['theirs'], services: [] },
    ])
    await away.stop()
    expect((await both(await first.token(firstKey))).user).toBe('ana')
    await expect(both(token)).rejects.toThrow()
  })
})

it.each(['service:bot', 'group:ops', 'guest:abc', 'user:ana', 'everyone', 'Service:bot', 'EVERYONE'])(
  'the subject %s is refused by every issuer, since it means something else here',
  async (sub) => {
    expect(await codeOf(ofFirst({ sub }))).toBe('reserved_subject')
    expect(await codeOf(ofPartner({ sub }))).toBe('reserved_subject')
  },
)

it.each(['services', 'a:service:b', 'everyones', 'users:ana', 'guest'])('the subject %s is an id', async (sub) => {
  expect((await ofFirst({ sub })).user).toBe(sub)
})

describe('an access token of Cognito', () => {
  const access: Claims = { aud: undefined, token_use: 'access', client_id: audience, username: 'ana@example.com' }

  it('is accepted if its client is an audience, and shows the name of the user', async () => {
    expect(await ofFirst(access)).toEqual({ user: 'ana', name: 'ana@example.com', groups: [], exp: now + 60 })
    expect((await ofFirst({ ...access, client_id: 'tool' })).user).toBe('ana')
  })

  it('shows `name` rather than the user name, and the subject where neither can be shown', async () => {
    expect((await ofFirst({ ...access, name: 'Ana' })).name).toBe('Ana')
    expect((await ofFirst({ ...access, username: 'a\u202eb' })).name).toBe('ana')
  })

  it.each<[string, Claims]>([
    ['of another client', { client_id: 'other' }],
    ['of the client of another issuer', { client_id: 'theirs' }],
    ['of a user who signed in by a service', { client_id: 'bot' }],
    ['without a client', { client_id: undefined }],
    ['with a list of clients', { client_id: [audience] }],
    ['with another audience', { aud: 'other' }],
    ['that is an ID token without an audience', { token_use: 'id' }],
    ['that does not say what it is for', { token_use: undefined }],
  ])('is refused: one %s', async (_, claims) => {
    expect(await codeOf(ofFirst({ ...access, ...claims }))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
  })

  it('of a user name, but of no user, is refused, and so is one of a user without a name', async () => {
    expect(await codeOf(ofFirst({ ...access, client_id: 'bot', sub: 'bot' }))).toBe('ambiguous_client')
    expect(await codeOf(ofFirst({ ...access, username: undefined }))).toBe('ambiguous_client')
  })

  it('of another kind of issuer, with an audience and without a user name, is that of a user', async () => {
    expect((await ofFirst({ token_use: 'access', client_id: 'web' })).user).toBe('ana')
  })

  it('does not give an ID token the user name as its name', async () => {
    expect((await ofFirst({ token_use: 'id', username: 'someone' })).name).toBe('ana')
  })
})

describe('a token for a client and no user', () => {
  const machine: Claims = { aud: undefined, token_use: 'access', client_id: 'bot', sub: 'bot' }

  it.each<[string, Claims]>([
    ['of Cognito', machine],
    ['with the client as subject and `azp`', { azp: 'bot', sub: 'bot' }],
    ['with the client as subject and `client_id`', { client_id: 'bot', azp: 'bot', sub: 'bot' }],
    ['with `@clients` behind the client', { azp: 'bot', sub: 'bot@clients' }],
  ])('%s is a service', async (_, claims) => {
    expect(await ofFirst(claims)).toMatchObject({ user: 'service:bot', name: 'bot' })
  })

  it('of another issuer is a service of that issuer', async () => {
    expect((await ofPartner({ azp: 'feed', sub: 'feed' })).user).toBe('service:partner|feed')
    expect(await codeOf(ofPartner({ azp: 'bot', sub: 'bot' }))).toBe('unnamed_service')
  })

  it('can have a name and groups', async () => {
    expect(await ofFirst({ ...machine, name: 'Build bot', groups: ['ops'] })).toMatchObject({
      user: 'service:bot',
      name: 'Build bot',
      groups: ['ops'],
    })
  })

  it('is refused if the client is not named, and is no user either', async () => {
    expect(await codeOf(ofFirst({ azp: 'other', sub: 'other' }))).toBe('unnamed_service')
    expect(await codeOf(ofFirst({ azp: 'other', sub: 'other@clients' }))).toBe('unnamed_service')
    expect(await codeOf(ofFirst({ ...machine, client_id: 'tool', sub: 'tool' }))).toBe('unnamed_service')
  })

  it('is refused if two clients are named', async () => {
    expect(await codeOf(ofFirst({ azp: 'bot', client_id: 'other', sub: 'bot' }))).toBe('ambiguous_client')
  })

  it('still needs an audience where it has one', async () => {
    expect(await codeOf(ofFirst({ aud: 'other', azp: 'bot', sub: 'bot' }))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
  })

  it('is not one of a user who signed in by a service', async () => {
    expect((await ofFirst({ azp: 'bot' })).user).toBe('ana')
    expect((await ofFirst({ client_id: 'bot' })).user).toBe('ana')
  })
})

describe('keys without OpenID Connect', () => {
  const sign = (key: SigningKey, claims: Claims, kid?: string) =>
    new SignJWT({ sub: 'ana', exp: now + 60, ...claims })
      .setProtectedHeader({ alg: key.alg, ...(kid !== undefined && { kid }) })
      .sign(key.privateKey)
  const own = (source: Partial<TokenSource>): Verify => tokenVerifier([{ audience: [], services: [], ...source }])
  const setOf = (...keys: SigningKey[]) => JSON.stringify({ keys: keys.map(({ publicKey }) => publicKey) })
  const namelessOf = (...keys: SigningKey[]) =>
    JSON.stringify({ keys: keys.map(({ publicKey: { kid: _, alg: __, ...rest } }) => rest) })

  it('need neither an issuer nor an audience, but an end', async () => {
    const check = own({ keys: setOf(firstKey) })
    expect((await check(await sign(firstKey, {}, 'same'))).user).toBe('ana')
    expect((await check(await sign(firstKey, { iss: 'anybody', aud: 'anything' }))).user).toBe('ana')
    expect(await codeOf(sign(firstKey, { exp: undefined }).then(check))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
    expect(await codeOf(sign(partnerKey, {}).then(check))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED')
  })

  it('demand the issuer and the audience that are set', async () => {
    const check = own({ keys: setOf(firstKey), issuer: 'us', audience: ['chat'] })
    expect((await check(await sign(firstKey, { iss: 'us', aud: 'chat' }))).user).toBe('ana')
    for (const claims of [{ iss: 'us' }, { aud: 'chat' }, { iss: 'us', aud: 'x' }, { iss: 'x', aud: 'chat' }]) {
      expect(await codeOf(sign(firstKey, claims).then(check))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED')
    }
  })

  it('can be served at an address', async () => {
    const check = own({ keys: `${first.url}/keys` })
    expect((await check(await sign(firstKey, {}, 'same'))).user).toBe('ana')
  })

  it('without a name are each tried, whatever name a token gives its key', async () => {
    const check = own({ keys: namelessOf(firstKey, partnerKey) })
    for (const key of [firstKey, partnerKey]) {
      expect((await check(await sign(key, {}))).user).toBe('ana')
      expect((await check(await sign(key, {}, 'any'))).user).toBe('ana')
      expect(await codeOf(sign(key, { exp: now }).then(check))).toBe('ERR_JWT_EXPIRED')
    }
    const stranger = await signingKey('ES256')
    expect(await codeOf(sign(stranger, {}).then(check))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED')
  })

  it('with a name are found by it alone', async () => {
    const check = own({ keys: setOf(firstKey) })
    expect(await codeOf(sign(firstKey, {}, 'other').then(check))).toBe('ERR_JWKS_NO_MATCHING_KEY')
  })

  it('are no shared secrets: a public key does not check what it signed as one', async () => {
    const { publicKey } = await signingKey('RS256')
    const secret = new TextEncoder().encode(JSON.stringify(publicKey))
    const token = await new SignJWT({ sub: 'ana', exp: now + 60 }).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    const check = own({ keys: JSON.stringify({ keys: [publicKey] }) })
    expect(await codeOf(check(token))).toBe('ERR_JOSE_ALG_NOT_ALLOWED')
  })

  it('say nothing about the users of an issuer beside them', async () => {
    const check = tokenVerifier([
      { keys: setOf(firstKey), audience: [], services: [] },
      { name: 'partner', issuer: partner.url, audience: ['theirs'], services: [] },
    ])
    expect((await check(await partner.token(partnerKey, { aud: 'theirs' }))).user).toBe('partner|ana')
    expect(await codeOf(sign(firstKey, { iss: partner.url, aud: 'theirs' }).then(check))).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    )
    expect(await codeOf(sign(firstKey, { sub: 'partner|ana' }).then(check))).toBe('subject_of_other_issuer')
  })
})

describe('the sources of the environment', () => {
  it('are the first and the others', () => {
    const others = [{ name: 'partner', issuer: 'https://two', audience: ['c'], services: [] }]
    const environment = {
      [env.issuer]: 'https://one',
      [env.audience]: 'a,b',
      [env.services]: 'bot',
      [env.otherIssuers]: JSON.stringify(others),
    }
    expect(sourcesFrom(environment)).toEqual([
      { issuer: 'https://one', audience: ['a', 'b'], services: ['bot'] },
      ...others,
    ])
    expect(sourcesFrom({ [env.tokenKeys]: '{}' })).toEqual([{ keys: '{}', audience: [], services: [] }])
  })

  it.each([
    ['an issuer without an audience', { [env.issuer]: 'https://one' }, 'has no audience'],
    ['nobody', { [env.audience]: 'a' }, 'neither an issuer nor keys'],
  ])('cannot be %s, which would accept tokens for anybody', (_, environment, message) => {
    expect(() => sourcesFrom(environment)).toThrow(message)
  })
})
