import type { Storage } from '../../client/index.ts'
import { settled } from './manual-clock.ts'
import { memoryStorage } from './memory-storage.ts'
import { roomId, ScriptedServer } from './scripted-server.ts'

const key = `persistent-chat/outbox/alice/${roomId}`

/** A storage whose accesses hang while a test says so, and end when `release` is called. */
function hangingStorage(...hanging: (keyof Storage)[]) {
  const storage = memoryStorage()
  const names = new Set(hanging)
  let waiting: (() => void)[] = []
  const passes = (name: keyof Storage) =>
    names.has(name) ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve()
  return {
    kept: storage.kept,
    get: (name: string) => passes('get').then(() => storage.get(name)),
    set: (name: string, value: string) => passes('set').then(() => storage.set(name, value)),
    remove: (name: string) => passes('remove').then(() => storage.remove(name)),
    release() {
      names.clear()
      for (const resolve of waiting) resolve()
      waiting = []
    },
  }
}

const texts = (server: ScriptedServer) => server.log.map(({ text }) => text)

describe('a storage that does not answer', () => {
  it.each<(keyof Storage)[]>([['get'], ['set'], ['remove'], ['get', 'set', 'remove']])(
    '(%s) delays messages by five seconds at most, and only once',
    async (...hanging) => {
      const server = new ScriptedServer()
      const { client, session } = await server.joined({ storage: hangingStorage(...hanging) })
      const first = session.send('first')
      await server.clock.pass(5000)
      expect(texts(server)).toEqual(['first'])
      const others = ['second', 'third'].map((text) => session.send(text))
      await server.clock.pass(5000)
      expect(await Promise.all([first, ...others])).toHaveLength(3)
      const more = session.send('fourth')
      await settled()
      expect(await more).toMatchObject({ seq: 4 })
      client.close()
      await server.clock.pass(5000)
      expect(server.clock.due).toEqual([])
    },
  )

  it('delays invitations no longer, and raises each of them', async () => {
    const server = new ScriptedServer()
    const invitation = { invitationId: 1, room: { roomId: 'attic', name: 'Attic' }, createdAt: '2026-11-22T22:33:01Z' }
    server.script = ({ action, after }) =>
      action === 'invitations' ? { invitations: after === 0 ? [invitation] : [], last: 1 } : undefined
    const client = server.client({ storage: hangingStorage('get', 'set') })
    const raised: unknown[] = []
    client.on('invitation', (one) => raised.push(one))
    await client.connect()
    await settled()
    expect(raised).toEqual([])
    await server.clock.pass(5000)
    expect(raised).toEqual([invitation])
    client.close()
  })

  it('is used again when it answers', async () => {
    const server = new ScriptedServer()
    const storage = hangingStorage('get')
    storage.kept.set(key, '[{"clientMessageId":"old","body":{"text":"old"},"owner":"gone"}]')
    const { client, session } = await server.joined({ storage })
    await server.clock.pass(5000)
    await session.send('without it')
    storage.release()
    await settled()
    // The next connection takes over the messages that are in it.
    server.newest.close()
    await server.clock.pass(60_000)
    expect(texts(server)).toEqual(['without it', 'old'])
    server.script = ({ action }) => (action === 'send' ? 'nothing' : undefined)
    session.send('kept').catch(() => undefined)
    await settled()
    expect(storage.kept.get(key)).toContain('"text":"kept"')
    client.close()
  })

  it('is not overwritten with less than it holds', async () => {
    const server = new ScriptedServer()
    const storage = hangingStorage('get')
    const before = '[{"clientMessageId":"old","body":{"text":"old"},"owner":"gone"}]'
    storage.kept.set(key, before)
    const { client, session } = await server.joined({ storage })
    await server.clock.pass(5000)
    await session.send('without it')
    expect(storage.kept.get(key)).toBe(before)
    client.close()
  })
})
