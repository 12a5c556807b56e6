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
  handler = await loadHandler(issuer.url)
})
beforeEach(() => {
  freezeDate()
  logged = []
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => logged.push(String(line)) > 0)
})
afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})
afterAll(() => issuer.stop())

/** Loads the function with these settings, which it reads once. */
async function loadHandler(url: string, origins = `${page},http://localhost:5173`): Promise<Handler> {
  Object.assign(process.env, {
    [env.issuer]: url,
    [env.audience]: audience,
    [env.allowedOrigins]: origins,
    [env.stackName]: 'Chat',
  })
  jest.resetModules()
  return (await import('../../lambdas/functions/authorizer.ts')).handler
}

const admit = (headers: Record<string, string>, queryStringParameters: Record<string, string> | null = null) =>
  handler({ methodArn, headers, queryStringParameters })
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })
const userOf = async (...args: Parameters<typeof admit>) => (await admit(...args)).principalId

describe('a user with a valid token', () => {
  it('is admitted to the whole stage, and the context identifies the user', async () => {
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
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ verb: 'authorizer', outcome: 'ok' }])
    expect(logged.join()).not.toContain(token)
  })
})

describe('a web page', () => {
  it.each([page, 'http://localhost:5173'])('with the allowed origin %s is admitted', async (origin) => {
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
  ])('with the origin %p is denied even with a valid token', async (origin) => {
    const policy = await admit({ ...bearer(await issuer.token(key)), Origin: origin })
    expect(policy.principalId).toBe('nobody')
    expect(policy.policyDocument.Statement[0]?.Effect).toBe('Deny')
    expect(policy).not.toHaveProperty('context')
  })

  it('is denied if no origin is allowed', async () => {
    const withoutOrigins = await loadHandler(issuer.url, '')
    const token = bearer(await issuer.token(key))
    for (const origin of ['', page]) {
      const policy = await withoutOrigins({ methodArn, headers: { ...token, origin } })
      expect(policy.policyDocument.Statement[0]?.Effect).toBe('Deny')
    }
    expect((await withoutOrigins({ methodArn, headers: token })).policyDocument.Statement[0]?.Effect).toBe('Allow')
  })
})

describe('the token', () => {
  const tokenOf = (sub: string) => issuer.token(key, { sub })

  it.each<[string, (token: string) => Parameters<typeof admit>]>([
    ['a subprotocol', (token) => [{ 'Sec-WebSocket-Protocol': `bearer.${token}` }]],
    ['one of several subprotocols', (token) => [{ 'sec-websocket-protocol': `chat.v1 , bearer.${token},x` }]],
    ['a header', (token) => [{ authorization: `Bearer ${token}` }]],
    ['a header with other case and spaces', (token) => [{ AUTHORIZATION: `bEARER   ${token}` }]],
    ['the query', (token) => [{}, { token }]],
  ])('can be in %s', async (_, argsOf) => expect(await userOf(...argsOf(await tokenOf('ana')))).toBe('ana'))

  it('of a subprotocol is preferred to that of a header, and that to the one of the query', async () => {
    const [first, second, third] = await Promise.all(['first', 'second', 'third'].map(tokenOf))
    const query = { token: String(third) }
    const offered = { 'Sec-WebSocket-Protocol': `chat.v1, bearer.${first}` }
    expect(await userOf({ ...offered, ...bearer(String(second)) }, query)).toBe('first')
    expect(await userOf(bearer(String(second)), query)).toBe('second')
    expect(await userOf({ 'Sec-WebSocket-Protocol': 'chat.v1' }, query)).toBe('third')
  })

  it('of lower preference is not used if the preferred one is invalid', async () => {
    const good = await tokenOf('ana')
    await expect(admit({ 'Sec-WebSocket-Protocol': 'bearer.bad', ...bearer(good) })).rejects.toThrow('Unauthorized')
    await expect(admit(bearer('bad'), { token: good })).rejects.toThrow('Unauthorized')
  })

  it.each<[string, (token: string) => Parameters<typeof admit>]>([
    ['an event without headers', () => [{}]],
    ['a subprotocol without bearer', (token) => [{ 'Sec-WebSocket-Protocol': token }]],
    ['a subprotocol with another prefix', (token) => [{ 'Sec-WebSocket-Protocol': `xbearer.${token}` }]],
    ['an empty subprotocol', () => [{ 'Sec-WebSocket-Protocol': 'bearer.' }]],
    ['a header without Bearer', (token) => [{ Authorization: token }]],
    ['a header of another scheme', (token) => [{ Authorization: `Basic ${token}` }]],
    ['a header with text before Bearer', (token) => [{ Authorization: `x Bearer ${token}` }]],
    ['a header without a space', (token) => [{ Authorization: `Bearer${token}` }]],
    ['another field of the query', (token) => [{}, { access_token: token }]],
    ['a cookie', (token) => [{ Cookie: `token=${token}` }]],
  ])('is not read from %s', async (_, argsOf) => {
    await expect(admit(...argsOf(await tokenOf('ana')))).rejects.toThrow(/^Unauthorized$/)
  })

  it('is missing if an event has neither headers nor query', async () => {
    await expect(handler({ methodArn })).rejects.toThrow('Unauthorized')
    await expect(handler({ methodArn, headers: null, queryStringParameters: null })).rejects.toThrow('Unauthorized')
    expect(logged.map((line) => JSON.parse(line).reason)).toEqual(['ERR_JWS_INVALID', 'ERR_JWS_INVALID'])
  })
})

describe('a refusal', () => {
  const refused: [string, string, () => Promise<string>][] = [
    ['an expired token', 'ERR_JWT_EXPIRED', () => issuer.token(key, { exp: now })],
    ['another audience', 'ERR_JWT_CLAIM_VALIDATION_FAILED', () => issuer.token(key, { aud: 'x' })],
    ['a forged token', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', async () => issuer.token(await signingKey('ES256'))],
    ['no token', 'ERR_JWS_INVALID', async () => 'secret.words'],
    ['unusable claims', 'unusable_subject', () => issuer.token(key, { sub: '' })],
    ['a reserved id', 'reserved_subject', () => issuer.token(key, { sub: 'service:bot' })],
    ['a guest, of whom none are admitted', 'ERR_JWS_INVALID', async () => `guest.${'g'.repeat(43)}`],
  ]

  it('of a token of the wrong kind has in the log which claim is at fault and which token works', async () => {
    const accepted = expect.stringMatching(/^an ID token .*, or an access token of Cognito/)
    const ofOthers = await issuer.token(key, { aud: 'x', token_use: 'access', client_id: 'another program' })
    for (const token of [ofOthers, await issuer.token(key, { aud: 'x' }), 'opaque-token']) {
      await expect(admit(bearer(token))).rejects.toThrow(/^Unauthorized$/)
    }
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { claim: 'aud', accepted },
      { claim: 'aud', accepted },
      { reason: 'ERR_JWS_INVALID', accepted },
    ])
    expect(logged.join()).not.toContain('another program')
  })

  it.each(refused)('of %s contains only "Unauthorized", and the log only the kind of error', async (_, error, make) => {
    const token = await make()
    await expect(admit(bearer(token))).rejects.toThrow(/^Unauthorized$/)
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { verb: 'authorizer', outcome: 'bad_token', reason: error, HandshakesRefused: 1, Internal: 0 },
    ])
    expect(logged.join()).not.toContain(token)
  })

  it('is not "Unauthorized" while the issuer is unavailable, so that clients retry', async () => {
    const unavailable = await TokenIssuer.start([key])
    const [token, { url }] = [await unavailable.token(key), unavailable]
    const expectFailure = async () => {
      const handle = await loadHandler(url)
      await expect(handle({ methodArn, headers: bearer(token) })).rejects.toThrow(/^The issuer of the token/)
    }
    unavailable.responses.set(unavailable.keys, text('', 500))
    await expectFailure()
    unavailable.responses.set(unavailable.keys, text('{"keys":"none"}'))
    await expectFailure()
    await unavailable.stop()
    await expectFailure()
    const fields = { level: 'ERROR', outcome: 'issuer_unreachable', issuer: url, IssuerUnreachable: 1, Internal: 0 }
    expect(logged.map((line) => JSON.parse(line))).toMatchObject(
      ['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', expect.stringMatching(/^ECONN|^UND_ERR_SOCKET$/)].map((reason) => ({
        ...fields,
        reason,
      })),
    )
    expect(logged.join()).not.toContain(token)
  })

  it('is "Unauthorized" if the issuer does not publish the key of the token', async () => {
    const unknown = { ...(await signingKey('ES256')), kid: 'unknown' }
    await expect(admit(bearer(await issuer.token(unknown)))).rejects.toThrow(/^Unauthorized$/)
  })
})
