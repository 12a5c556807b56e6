import { env } from '../../lambdas/bindings.ts'
import {
  audience,
  freezeDate,
  now,
  type SigningKey,
  signingKey,
  TokenIssuer,
  text,
} from '../support/socket/token-issuer.ts'

type Handler = typeof import('../../lambdas/functions/authorizer.ts').handler

const methodArn = 'arn:aws:execute-api:eu-central-1:123456789012:api-1/chat/$connect'
const page = 'https://chat.example'

let issuer: TokenIssuer
let key: SigningKey
let handler: Handler
let logged: string[]

beforeAll(async () => {
  key = await signingKey('ES256')
  issuer = await TokenIssuer.start([key])
  handler = await started(issuer.url)
})
beforeEach(() => {
  freezeDate()
  logged = []
  jest.spyOn(console, 'log').mockImplementation((line) => void logged.push(String(line)))
})
afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})
afterAll(() => issuer.stop())

/** The function as it starts with these settings: it reads them once. */
async function started(url: string, origins = `${page},http://localhost:5173`): Promise<Handler> {
  Object.assign(process.env, { [env.issuer]: url, [env.audience]: audience, [env.allowedOrigins]: origins })
  jest.resetModules()
  return (await import('../../lambdas/functions/authorizer.ts')).handler
}

const admit = (headers: Record<string, string>, queryStringParameters: Record<string, string> | null = null) =>
  handler({ methodArn, headers, queryStringParameters })
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })
const userOf = async (...given: Parameters<typeof admit>) => (await admit(...given)).principalId

describe('whoever has a good token', () => {
  it('is admitted to the whole stage, and the later events know who it is', async () => {
    const token = await issuer.token(key, { name: 'Ana', groups: ['a', 'b'] })
    expect(await admit(bearer(token))).toEqual({
      principalId: 'ana',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: 'Allow',
            Resource: 'arn:aws:execute-api:eu-central-1:123456789012:api-1/chat/*',
          },
        ],
      },
      context: { user: 'ana', name: 'Ana', groups: '["a","b"]', exp: String(now + 60) },
    })
    expect(logged).toEqual([])
  })
})

describe('a page', () => {
  it.each([page, 'http://localhost:5173'])('of the chat is admitted: %s', async (origin) => {
    expect((await admit({ ...bearer(await issuer.token(key)), Origin: origin })).principalId).toBe('ana')
  })

  it.each([
    'https://elsewhere.example',
    'https://chat.example.org',
    'https://chat.example:8443',
    'http://chat.example',
    'HTTPS://CHAT.EXAMPLE',
    'http://localhost:5174',
    'null',
    '',
    `${page},http://localhost:5173`,
  ])('from elsewhere is denied whatever its token, and told nothing: %p', async (origin) => {
    const verdict = await admit({ ...bearer(await issuer.token(key)), Origin: origin })
    expect(verdict.principalId).toBe('nobody')
    expect(verdict.policyDocument.Statement[0]?.Effect).toBe('Deny')
    expect(verdict).not.toHaveProperty('context')
  })

  it('is denied where none is allowed', async () => {
    const strict = await started(issuer.url, '')
    const token = bearer(await issuer.token(key))
    for (const origin of ['', page]) {
      const verdict = await strict({ methodArn, headers: { ...token, origin } })
      expect(verdict.policyDocument.Statement[0]?.Effect).toBe('Deny')
    }
    expect((await strict({ methodArn, headers: token })).policyDocument.Statement[0]?.Effect).toBe('Allow')
  })
})

describe('the token', () => {
  const tokenOf = (sub: string) => issuer.token(key, { sub })

  it.each<[string, (token: string) => Parameters<typeof admit>]>([
    ['a subprotocol', (token) => [{ 'Sec-WebSocket-Protocol': `bearer.${token}` }]],
    ['a subprotocol among others', (token) => [{ 'sec-websocket-protocol': `chat.v1 , bearer.${token},x` }]],
    ['a header', (token) => [{ authorization: `Bearer ${token}` }]],
    ['a header, of any case and width', (token) => [{ AUTHORIZATION: `bEARER   ${token}` }]],
    ['a query', (token) => [{}, { token }]],
  ])('may be in %s', async (_, given) => expect(await userOf(...given(await tokenOf('ana')))).toBe('ana'))

  it('of a subprotocol counts before that of a header, and that before the one of a query', async () => {
    const [first, second, third] = await Promise.all(['first', 'second', 'third'].map(tokenOf))
    const query = { token: String(third) }
    const offered = { 'Sec-WebSocket-Protocol': `chat.v1, bearer.${first}` }
    expect(await userOf({ ...offered, ...bearer(String(second)) }, query)).toBe('first')
    expect(await userOf(bearer(String(second)), query)).toBe('second')
    expect(await userOf({ 'Sec-WebSocket-Protocol': 'chat.v1' }, query)).toBe('third')
  })

  it('that counts is the only one that is looked at', async () => {
    const good = await tokenOf('ana')
    await expect(admit({ 'Sec-WebSocket-Protocol': 'bearer.bad', ...bearer(good) })).rejects.toThrow('Unauthorized')
    await expect(admit(bearer('bad'), { token: good })).rejects.toThrow('Unauthorized')
  })

  it.each<[string, (token: string) => Parameters<typeof admit>]>([
    ['no place at all', () => [{}]],
    ['a subprotocol without bearer', (token) => [{ 'Sec-WebSocket-Protocol': token }]],
    ['a subprotocol that only ends so', (token) => [{ 'Sec-WebSocket-Protocol': `xbearer.${token}` }]],
    ['an empty subprotocol', () => [{ 'Sec-WebSocket-Protocol': 'bearer.' }]],
    ['a header without Bearer', (token) => [{ Authorization: token }]],
    ['a header of another scheme', (token) => [{ Authorization: `Basic ${token}` }]],
    ['a header that only ends so', (token) => [{ Authorization: `x Bearer ${token}` }]],
    ['a header without a space', (token) => [{ Authorization: `Bearer${token}` }]],
    ['another field of the query', (token) => [{}, { access_token: token }]],
    ['a cookie', (token) => [{ Cookie: `token=${token}` }]],
  ])('is not looked for in %s', async (_, given) => {
    await expect(admit(...given(await tokenOf('ana')))).rejects.toThrow(/^Unauthorized$/)
  })

  it('is missing where an event has neither headers nor query', async () => {
    await expect(handler({ methodArn })).rejects.toThrow('Unauthorized')
    await expect(handler({ methodArn, headers: null, queryStringParameters: null })).rejects.toThrow('Unauthorized')
    expect(logged.map((line) => JSON.parse(line).error)).toEqual(['ERR_JWS_INVALID', 'ERR_JWS_INVALID'])
  })
})

describe('a refusal', () => {
  const bad: [string, string, () => Promise<string>][] = [
    ['an ended token', 'ERR_JWT_EXPIRED', () => issuer.token(key, { exp: now })],
    ['another audience', 'ERR_JWT_CLAIM_VALIDATION_FAILED', () => issuer.token(key, { aud: 'x' })],
    ['a forged token', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', async () => issuer.token(await signingKey('ES256'))],
    ['no token', 'ERR_JWS_INVALID', async () => 'secret.words'],
    ['unusable claims', 'unusable', () => issuer.token(key, { sub: '' })],
    ['too many groups', 'unusable', () => issuer.token(key, { groups: ['x'.repeat(5000)] })],
  ]

  it.each(bad)('of %s says no more than Unauthorized, and the log no more than its kind', async (_, error, make) => {
    const token = await make()
    await expect(admit(bearer(token))).rejects.toThrow(/^Unauthorized$/)
    expect(logged.map((line) => JSON.parse(line))).toEqual([{ route: 'authorizer', outcome: 'refused', error }])
    expect(logged.join()).not.toContain(token)
  })

  it('is no Unauthorized while the issuer is away: a client should come again then', async () => {
    const away = await TokenIssuer.start([key])
    const [token, { url }] = [await away.token(key), away]
    const refusing = async () => {
      const refuse = await started(url)
      await expect(refuse({ methodArn, headers: bearer(token) })).rejects.toThrow(/^The issuer of the token/)
    }
    away.answers.set(away.keys, text('', 500))
    await refusing()
    away.answers.set(away.keys, text('{"keys":"none"}'))
    await refusing()
    await away.stop()
    await refusing()
    const told = { level: 'error', route: 'authorizer', outcome: 'failed' }
    expect(logged.map((line) => JSON.parse(line))).toEqual(
      ['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'unusable'].map((error) => ({ ...told, error })),
    )
    expect(logged.join()).not.toContain(token)
  })

  it('is told from an outage where the key of a token is not among those of the issuer', async () => {
    const unknown = { ...(await signingKey('ES256')), kid: 'unknown' }
    await expect(admit(bearer(await issuer.token(unknown)))).rejects.toThrow(/^Unauthorized$/)
  })
})
