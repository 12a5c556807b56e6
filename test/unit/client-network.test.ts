import { randomId } from '../../client/ids.ts'
import { isReachable } from '../../client/network.ts'
import { withGlobal } from '../client/with-global.ts'

/** What the client asks of the platform itself. */

describe('the check whether the server is reachable', () => {
  it.each([
    ['wss://chat.example.org/chat?token=secret', 'https://chat.example.org/chat'],
    ['wss://chat.example.org/chat?', 'https://chat.example.org/chat'],
    ['ws://localhost:8080/ws?a=b?c=ws', 'http://localhost:8080/ws'],
    ['WSS://chat.example.org', 'httpS://chat.example.org'],
    ['https://ws.example.org/wss', 'https://ws.example.org/wss'],
  ])('of %s fetches %s without a token and without a cache', async (url, fetched) => {
    const asked: unknown[] = []
    const fetch = async (...call: unknown[]) => void asked.push(call)
    await withGlobal('fetch', fetch, async () => expect(await isReachable(url)).toBe(true))
    const options = { mode: 'no-cors', cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' }
    expect(asked).toEqual([[fetched, options]])
  })

  it('finds no server without fetch, and fails as fetch does', async () => {
    await withGlobal('fetch', undefined, async () => expect(await isReachable('wss://here')).toBe(false))
    const offline = () => Promise.reject(new TypeError('Offline.'))
    await withGlobal('fetch', offline, () => expect(isReachable('wss://here')).rejects.toThrow('Offline.'))
  })
})

describe('an id', () => {
  it.each([
    [0, '00'],
    [0.05, '0c'],
    [0.999, 'ff'],
  ])('on a platform without crypto is made of the numbers drawn (%p)', async (draw, byte) => {
    for (const crypto of [undefined, {}]) {
      await withGlobal('crypto', crypto, () => expect(randomId(() => draw)).toBe(byte.repeat(16)))
    }
  })

  it('is made of the bytes of the platform', async () => {
    const getRandomValues = (bytes: Uint8Array) => void bytes.set([...bytes.keys()].reverse())
    await withGlobal('crypto', { getRandomValues }, () =>
      expect(randomId(() => 0)).toBe('0f0e0d0c0b0a09080706050403020100'),
    )
  })
})
