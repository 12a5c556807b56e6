import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readOrigins } from '../../local/origins.ts'
import { pageAccess } from '../../local/pages.ts'
import type { Addresses } from '../../local/site.ts'
import { type Run, startEcho, stopAll } from './run.ts'

afterAll(stopAll)

interface Response {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

/** Sends a request with exactly these headers; fetch would set Host and Origin itself. */
async function ask(port: number, path: string, headers: Record<string, string>, method = 'GET'): Promise<Response> {
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers })
  outgoing.end()
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of incoming) body += chunk
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body }
}

const preflight = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'x-own' }

describe('a local run with a list of origins', () => {
  let run: Run
  let port = 0
  beforeAll(async () => {
    const site = { folder: 'test/local/handlers', documents: ({ url }: Addresses) => ({ '/config.json': { url } }) }
    run = await startEcho({ origins: readOrigins('http://localhost:5173,https://chat.example.com'), site })
    port = Number(new URL(run.origin).port)
  })

  test.each(['http://localhost:5173', 'https://chat.example.com'])(
    'lets pages of %s read tokens and settings',
    async (origin) => {
      for (const path of ['/token?user=a', '/config.json', '/_local/outputs']) {
        const { status, headers } = await ask(port, path, { origin })
        expect(status).toBe(200)
        expect(headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' })
      }
    },
  )

  test('answers a preflight request with the allowed methods and headers', async () => {
    const response = await ask(port, '/token?user=a', { origin: 'http://localhost:5173', ...preflight }, 'OPTIONS')
    expect(response).toMatchObject({ status: 204, body: '' })
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:5173',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'x-own',
    })
  })

  test.each([
    'http://localhost:5174',
    'https://localhost:5173',
    'http://localhost:5173.evil.example',
    'http://elsewhere',
    'null',
    '',
  ])('refuses pages of %p without a token', async (origin) => {
    for (const [headers, method] of [
      [{ origin }, 'GET'],
      [{ origin, ...preflight }, 'OPTIONS'],
    ] as const) {
      const { status, headers: responseHeaders, body } = await ask(port, '/token?user=a', headers, method)
      expect(status).toBe(403)
      expect(responseHeaders).not.toHaveProperty('access-control-allow-origin')
      expect(body).toContain('ORIGINS')
    }
  })

  test('logs a refused page once', async () => {
    const origin = 'http://refused.example'
    await ask(port, '/token?user=a', { origin })
    await ask(port, '/config.json', { origin })
    expect(run.lines.filter((line) => line.includes(origin))).toEqual([
      'The page "http://refused.example" may not use this run. ORIGINS names the pages that may.',
    ])
  })

  test('refuses requests whose Host is not a loopback name', async () => {
    for (const host of [
      `evil.example:${port}`,
      'evil.example',
      `localhost.evil.example:${port}`,
      `me@localhost:${port}`,
    ]) {
      const { status, body } = await ask(port, '/token?user=a', { host })
      expect(status).toBe(403)
      expect(body).not.toContain('eyJ')
    }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST']) {
      expect(await ask(port, '/token?user=a', { host })).toMatchObject({ status: 200 })
    }
  })

  test('answers its own pages and programs without an origin', async () => {
    expect((await ask(port, '/token?user=a', {})).status).toBe(200)
    for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
      expect((await ask(port, '/token?user=a', { origin })).status).toBe(200)
    }
  })
})

describe('a local run for every page of this machine', () => {
  const own = 'http://127.0.0.1:3000'
  const pages = pageAccess({ own: [own], origins: readOrigins('*'), log: () => {} })
  const server = createServer((incoming, response) => {
    if (pages.guard(incoming, response)) return
    const { headers, rawHeaders } = pages.withOwnOrigin(incoming)
    response.end(
      JSON.stringify([headers.origin, rawHeaders[rawHeaders.findIndex((name) => /^origin$/i.test(name)) + 1]]),
    )
  })
  let port = 0
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })

  test.each(['http://localhost:5173', 'https://localhost', 'http://127.0.0.1:8080', 'http://[::1]:4321'])(
    'allows %s and replaces it by its own origin, which the template lists',
    async (Origin) => {
      const { status, headers, body } = await ask(port, '/', { Origin })
      expect(status).toBe(200)
      expect(headers['access-control-allow-origin']).toBe(Origin)
      expect(JSON.parse(body)).toEqual([own, own])
    },
  )

  test.each([
    'https://chat.example.com',
    'http://localhost.example.com',
    'http://localhost:5173.example.com',
    'http://127.0.0.1.example.com',
    'http://127.0.0.10',
    'http://xlocalhost:5173',
    'file://localhost',
    'null',
  ])('refuses pages of %s', async (origin) => {
    expect((await ask(port, '/', { origin })).status).toBe(403)
  })
})

test('a request from another machine is refused, even if its Host is a loopback name', () => {
  const { guard } = pageAccess({ own: ['http://127.0.0.1:3000'], origins: readOrigins('*'), log: () => {} })
  const statuses: number[] = []
  const isAnswered = (remoteAddress: string) =>
    guard(
      Object.assign(Object.create(null), { headers: { host: 'localhost:3000' }, socket: { remoteAddress } }),
      Object.assign(Object.create(null), {
        setHeader: () => undefined,
        writeHead: (status: number) => ({ end: () => statuses.push(status) }),
      }),
    )
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(isAnswered)).toEqual([false, false, false])
  expect(['192.168.1.20', 'fe80::1', '::ffff:10.0.0.1', '12.127.0.1'].map(isAnswered)).toEqual([true, true, true, true])
  expect(statuses).toEqual([403, 403, 403, 403])
})
