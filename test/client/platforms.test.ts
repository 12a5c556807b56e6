import { readFile } from 'node:fs/promises'
import { randomId, webStorage } from '../../client/index.ts'
import { platformLocks } from '../../client/locks.ts'
import { compilerErrors } from './compiler.ts'
import { collected } from './listening.ts'
import { settled } from './manual-clock.ts'
import { message, roomId, ScriptedServer } from './scripted-server.ts'
import { withGlobal } from './with-global.ts'

/** Platforms without some features, and a server with newer features than this client. */

describe('ids', () => {
  it('are different and have 32 digits, from random numbers of the platform', () => {
    const ids = Array.from({ length: 1000 }, () => randomId(() => 0))
    expect(new Set(ids).size).toBe(1000)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each([
    ['without randomUUID, as on pages without TLS', { getRandomValues: crypto.getRandomValues.bind(crypto) }],
    ['without any crypto', undefined],
  ])('are generated %s, and messages can be sent', (_, replaced) =>
    withGlobal('crypto', replaced, async () => {
      const server = new ScriptedServer()
      const client = server.client({ random: Math.random })
      await client.connect()
      const session = client.session()
      await session.join({ roomId })
      await Promise.all([session.send('one'), session.send('two')])
      const ids = server.newest.askedFor('send').map(({ clientMessageId }) => clientMessageId)
      expect(new Set(ids).size).toBe(2)
      client.close()
    }),
  )
})

describe('a storage', () => {
  const denied = () => {
    throw Object.assign(new Error('Denied.'), { name: 'SecurityError' })
  }
  const full = { getItem: () => null, setItem: denied, removeItem: denied }

  it.each([
    ['that the browser blocks', () => webStorage(denied)],
    ['that is full', () => webStorage(() => full)],
    ['that throws at each access', () => ({ get: denied, set: denied, remove: denied })],
    ['that contains other data', () => ({ get: () => '{"no":"list"}', set: () => undefined, remove: () => undefined })],
  ])('%s does not prevent sending', async (_, open) => {
    const server = new ScriptedServer()
    const client = server.client({ storage: open() })
    await client.connect()
    const session = client.session()
    await session.join({ roomId })
    expect(await session.send('Sent')).toMatchObject({ text: 'Sent' })
    client.close()
  })

  it('of the browser keeps values until they are removed', () => {
    const map = new Map<string, string>()
    const storage = webStorage(() => ({
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
      removeItem: (key) => void map.delete(key),
    }))
    void storage.set('a', '1')
    expect(storage.get('a')).toBe('1')
    void storage.remove('a')
    expect(storage.get('a')).toBeNull()
  })
})

describe('the client', () => {
  it('uses the Web Locks of the platform', async () => {
    const held = new Set<string>()
    const locks = {
      async request(name: string, options: { ifAvailable?: boolean }, run: (lock: object | null) => Promise<unknown>) {
        if (options.ifAvailable && held.has(name)) return run(null)
        held.add(name)
        return run({ name }).finally(() => held.delete(name))
      },
    }
    await withGlobal('navigator', { locks }, async () => {
      const one = platformLocks()
      const release = await one.take('a')
      expect(await platformLocks().take('a')).toBeUndefined()
      expect(await one.exclusively('b', async () => [...held])).toEqual(['a', 'b'])
      release?.()
      await settled()
      expect([...held]).toEqual([])
    })
  })
})

describe('entries of unknown kinds', () => {
  const change = (seq: number) => ({
    roomId,
    seq,
    sentAt: '2026-11-22T22:33:01.123Z',
    by: 'bob',
    removes: [],
    changes: 1,
    what: 'edit',
  })

  it('advance the position, but appear neither as events nor in pages', async () => {
    const server = new ScriptedServer()
    server.log = [message(1), change(2)]
    const client = server.client()
    await client.connect()
    const session = client.session()
    const [heard, removals, gaps] = [
      collected(session, 'message'),
      collected(session, 'removal'),
      collected(session, 'gap'),
    ]
    const joined = await session.join({ roomId })
    expect([joined.messages.map(({ seq }) => seq), session.last]).toEqual([[1], 2])
    server.newest.say({ type: 'message', ...change(3) })
    server.newest.say({ type: 'messages', roomId, messages: [change(4), message(5)] })
    server.newest.say({ type: 'message', roomId, seq: 6, sentAt: '', by: 'root', removes: [1] })
    server.newest.say({ type: 'message', roomId, seq: 7, sentAt: '' })
    expect([heard.map(({ seq }) => seq), removals.map(({ seq }) => seq), gaps, session.last]).toEqual([[5], [6], [], 7])
    const page = await session.historyPage()
    expect(page.messages.map(({ seq }) => seq)).toEqual([1])
    client.close()
  })
})

describe('the README', () => {
  it('contains only programs that compile under the strictest settings', async () => {
    const text = await readFile('client/README.md', 'utf8')
    const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
    expect(blocks.length).toBeGreaterThan(2)
    const given = 'declare function signIn(): Promise<string>\ndeclare function show(...said: unknown[]): void\n'
    expect(await compilerErrors(blocks.map((block) => `${given}${block}`))).toBe('')
  })
})
