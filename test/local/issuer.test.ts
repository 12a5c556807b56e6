import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { systemClock } from '../../local/clock.ts'
import { seededFaults } from '../../local/faults/faults.ts'
import { startIssuer } from '../../local/issuer.ts'
import { type Run, startEcho, stopAll } from './run.ts'

let run: Run
let issuer: string
let audience: string
beforeAll(async () => {
  run = await startEcho({ clock: systemClock })
  const { variables } = await (await run.open()).ask('environment')
  issuer = variables.ISSUER
  audience = variables.AUDIENCE
})
afterAll(stopAll)

const token = async (query: string) => (await fetch(`${run.origin}/token?${query}`)).text()

test('the issuer of the template signs the tokens', async () => {
  const { jwks_uri, issuer: named } = (await (
    await fetch(`${issuer}/.well-known/openid-configuration`)
  ).json()) as Record<string, string>
  expect(named).toBe(issuer)
  const keys = createRemoteJWKSet(new URL(jwks_uri ?? ''))
  const { payload } = await jwtVerify(await token('user=alice&name=Alice%20A&groups=ops,dev'), keys, {
    issuer,
    audience,
  })
  expect(payload).toMatchObject({ sub: 'alice', name: 'Alice A', 'cognito:groups': ['ops', 'dev'], token_use: 'id' })
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(24 * 3600)
})

test('a token has a name and groups only if the request names them', async () => {
  const claims = decodeJwt(await token('user=bob'))
  expect(claims).not.toHaveProperty('name')
  expect(claims).not.toHaveProperty('cognito:groups')
})

test('a token may be expired when it is issued', async () => {
  const { iat = 0, exp = 0 } = decodeJwt(await token('user=bob&expiresIn=-5'))
  expect(exp - iat).toBe(-5)
})

test('a request without a user gets no token, and a page of another origin may not read one', async () => {
  const refused = await fetch(`${run.origin}/token`)
  expect(refused.status).toBe(400)
  const crossOrigin = await fetch(`${run.origin}/token?user=a`, { headers: { origin: 'http://elsewhere' } })
  expect(crossOrigin.headers.get('access-control-allow-origin')).toBeNull()
})

test.each(['//', '//a:b/token', '/%', '*'])(
  'a request for the invalid address %s gets 404 and does not end the run',
  async (path) => {
    const { port } = new URL(run.origin)
    const asking = request({ host: '127.0.0.1', port, path, headers: { host: `localhost:${port}` } }).end()
    const [{ statusCode }] = await once(asking, 'response')
    expect(statusCode).toBe(404)
    expect((await fetch(`${run.origin}/token?user=a`)).status).toBe(200)
  },
)

describe('a further issuer', () => {
  const other = 'http://127.0.0.1:1/issuer/partner'

  async function ask(path: string): Promise<{ status: number; text: string }> {
    const issuer = await startIssuer({
      origin: 'http://127.0.0.1:1',
      pool: { id: 'pool', clients: ['app'] },
      others: ['partner'],
      clock: systemClock,
      faults: seededFaults(1),
    })
    const server = createServer(
      (request, response) => void (issuer(request, response) || response.writeHead(404).end()),
    )
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const response = await fetch(`http://127.0.0.1:${Object(server.address()).port}${path}`)
    const answer = { status: response.status, text: await response.text() }
    server.closeAllConnections()
    await once(server.close(), 'close')
    return answer
  }

  test('has documents of its own, and signs tokens for an audience of its own name', async () => {
    const document = JSON.parse((await ask('/issuer/partner/.well-known/openid-configuration')).text)
    expect(document).toMatchObject({ issuer: other, jwks_uri: `${other}/.well-known/jwks.json` })
    const claims = decodeJwt((await ask('/token?issuer=partner&user=alice')).text)
    expect(claims).toMatchObject({ iss: other, aud: 'partner', sub: 'alice' })
  })

  test('that the run does not have gives no token', async () => {
    expect(await ask('/token?issuer=elsewhere&user=alice')).toEqual({
      status: 404,
      text: 'The run has no such issuer.\n',
    })
  })

  test.each([
    ['use=access&user=alice&name=al', { token_use: 'access', client_id: 'app', sub: 'alice', username: 'al' }],
    ['service=bot&groups=ops', { token_use: 'access', client_id: 'bot', sub: 'bot', 'cognito:groups': ['ops'] }],
  ])('and the pool give access tokens as Cognito does: %s', async (query, expected) => {
    const claims = decodeJwt((await ask(`/token?${query}`)).text)
    expect(claims).toMatchObject(expected)
    expect(claims).not.toHaveProperty('aud')
  })
})
