import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Site, siteHandler } from '../../local/site.ts'

const root = mkdtempSync(join(tmpdir(), 'site-'))
const folder = join(root, 'site')
mkdirSync(join(folder, 'deep'), { recursive: true })
writeFileSync(join(root, 'secret.txt'), 'secret')
writeFileSync(join(folder, 'index.html'), '<p>home</p>')
writeFileSync(join(folder, 'deep', 'index.html'), '<p>deep</p>')
writeFileSync(join(folder, 'page.js'), 'let a')
writeFileSync(join(folder, 'unknown.exe'), 'x')
symlinkSync(join(root, 'secret.txt'), join(folder, 'link.txt'))

const documents: Site['documents'] = ({ url, origin }) => ({ '/config.json': { url, here: `${origin}/x` } })
const addresses = { url: 'ws://chat', origin: 'http://here' }
const serve = (site: Site) => {
  const handler = siteHandler(site, addresses)
  return createServer((request, response) => {
    if (!handler(request, response)) response.writeHead(404).end()
  })
}
const server = serve({ folder, documents })
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

/** Requests a path as it is; fetch would normalize it. */
const raw = (path: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.end(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    )
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk) => (text += chunk))
    socket.on('end', () => resolve(text)).on('error', reject)
  })

test('files have their content types and are never cached', async () => {
  const home = await fetch(`http://127.0.0.1:${port}/`)
  expect(await home.text()).toBe('<p>home</p>')
  expect(home.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(home.headers.get('cache-control')).toBe('no-store')
  const script = await fetch(`http://127.0.0.1:${port}/page.js?v=1`)
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await (await fetch(`http://127.0.0.1:${port}/deep/`)).text()).toBe('<p>deep</p>')
  expect(await (await fetch(`http://127.0.0.1:${port}/page.js`, { method: 'HEAD' })).text()).toBe('')
})

test('a document contains the addresses of the run', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/config.json`)
  expect(await response.json()).toEqual({ url: 'ws://chat', here: 'http://here/x' })
  expect(response.headers.get('content-type')).toBe('application/json')
})

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%2fsecret.txt',
  '/deep/../../secret.txt',
  '/..%5csecret.txt',
  '/link.txt',
  '/unknown.exe',
  '/index.html%00.txt',
  '/%',
  '/nothing.html',
  '//secret.txt',
])('%s is not served', async (path) => {
  const answer = await raw(path)
  expect(answer).toMatch(/^HTTP\/1\.1 404 /)
  expect(answer).not.toContain('secret\n')
})

test('a POST is not served', async () => {
  expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })).status).toBe(404)
})

test('a site without its folder serves only its documents', async () => {
  const bare = serve({ folder: join(root, 'missing'), documents })
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(bare.address() as AddressInfo).port}`
  expect((await fetch(`${origin}/config.json`)).status).toBe(200)
  expect((await fetch(`${origin}/`)).status).toBe(404)
  bare.close()
  bare.closeAllConnections()
})

test('a file name that is too long or leads through a file is not served', async () => {
  expect(await raw(`/${'a'.repeat(300)}.js`)).toMatch(/^HTTP\/1\.1 404 /)
  expect(await raw('/page.js/x.js')).toMatch(/^HTTP\/1\.1 404 /)
})
