import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { aStage, inBrowser } from './visitor.ts'

/** Runs in a page of another origin: it requests the settings and a token, and connects. */
async function sayHello(local: string): Promise<string> {
  const { url, tokens } = JSON.parse(await (await fetch(`${local}/config.json`)).text())
  const token = await (
    await fetch(new URL(`${tokens}?user=alice&name=Alice`, local), { headers: { 'x-own': '1' } })
  ).text()
  const socket = new WebSocket(url, ['chat.v1', `bearer.${token}`])
  return new Promise((resolve, reject) => {
    socket.onopen = () => socket.send(JSON.stringify({ action: 'hello', id: '1' }))
    socket.onmessage = ({ data }) => resolve(JSON.parse(data).user)
    socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`))
  })
}

inBrowser('a page on another port of this machine', () => {
  const pages = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Another page</title>')
  })
  const addressOf = (host: string) => `http://${host}:${(pages.address() as AddressInfo).port}`
  beforeAll(() => new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    pages.close()
    pages.closeAllConnections()
  })
  const stage = aStage(() => ({ ORIGINS: addressOf('localhost') }))

  test('can use the run if ORIGINS names it', async () => {
    const { page } = await stage().visitor()
    await page.goto(addressOf('localhost'))
    expect(await page.evaluate(sayHello, stage().run.origin)).toBe('alice')
  })

  test('gets neither settings nor a token if ORIGINS does not name it', async () => {
    const { page, consoleErrors } = await stage().visitor()
    await page.goto(addressOf('127.0.0.1'))
    await expect(page.evaluate(sayHello, stage().run.origin)).rejects.toThrow('Failed to fetch')
    expect(consoleErrors.join('\n')).toContain('Access-Control-Allow-Origin')
  })
})
