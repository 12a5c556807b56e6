import { once } from 'node:events'
import { request } from 'node:http'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { systemClock } from '../../local/clock.ts'
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
