import { settled } from './manual-clock.ts'
import { memoryStorage } from './memory-storage.ts'
import { message, roomId, ScriptedServer } from './scripted-server.ts'
import { withGlobal } from './with-global.ts'

/** Storages outlive updates of a program, so keys and texts must stay as earlier versions wrote them. */

const key = 'persistent-chat/outbox/alice/lobby'

describe('the texts in a storage', () => {
  it('have the keys and the fields of earlier versions', async () => {
    const server = new ScriptedServer()
    const storage = memoryStorage()
    server.log = [message(1), message(2)]
    let ids = 0
    const { client, session } = await server.joined({ storage, newId: () => `id${++ids}` })
    server.script = ({ action }) => (action === 'send' ? 'nothing' : undefined)
    const invitation = { invitationId: 1, room: { roomId: 'attic', name: 'Attic' }, createdAt: '2026-11-22T22:33:01Z' }
    server.newest.say({ type: 'invitation', ...invitation })
    session.send('Hello', { alert: true, ifHead: 2 }).catch(() => undefined)
    session.send({ title: 'A story', text: 'Once', parts: [{ type: 'text', text: 'Once' }] }).catch(() => undefined)
    await settled()
    expect([...storage.kept]).toEqual([
      ['persistent-chat/invitations/alice', '1'],
      [
        key,
        '[{"clientMessageId":"id2","body":{"text":"Hello","alert":true},"ifHead":2,"since":2,"after":2,"undecided":true,"owner":"id1"},' +
          '{"clientMessageId":"id3","body":{"text":"Once","parts":[{"type":"text","text":"Once"}],"title":"A story"},"since":2,"owner":"id1"}]',
      ],
    ])
    client.close()
  })

  it('are read as earlier versions wrote them', async () => {
    const server = new ScriptedServer()
    const storage = memoryStorage()
    server.log = [message(1), message(2), message(3)]
    storage.kept.set(
      key,
      '[{"clientMessageId":"tried","body":{"text":"Tried"},"ifHead":2,"since":1,"after":2,"undecided":true,"owner":"gone"},' +
        '{"clientMessageId":"new","body":{"text":"New","alert":true},"since":3,"owner":"gone"}]',
    )
    storage.kept.set('persistent-chat/invitations/alice', '7')
    const { client } = await server.joined({ storage })
    await server.clock.pass(1000)
    expect(server.newest.askedFor('send')).toMatchObject([
      { roomId, clientMessageId: 'tried', text: 'Tried', ifHead: 2, after: 2 },
      { roomId, clientMessageId: 'new', text: 'New', alert: true, after: 3 },
    ])
    expect(server.newest.askedFor('invitations')).toMatchObject([{ after: 7 }])
    expect(storage.kept.has(key)).toBe(false)
    client.close()
  })

  it('are guarded by locks with the names of earlier versions, which other tabs may run', async () => {
    const taken: string[] = []
    const locks = {
      async request(name: string, _: object, run: (lock: object) => Promise<unknown>) {
        taken.push(name)
        return run({ name })
      },
    }
    const server = new ScriptedServer()
    const storage = memoryStorage()
    storage.kept.set(key, '[{"clientMessageId":"a","body":{"text":"A"},"owner":"gone"}]')
    await withGlobal('navigator', { locks }, async () => {
      const { client } = await server.joined({ storage, newId: () => 'me' })
      await settled()
      client.close()
    })
    expect([...new Set(taken)]).toEqual([
      'persistent-chat/client/me',
      `${key}/change`,
      'persistent-chat/client/gone/look',
      'persistent-chat/client/gone',
    ])
  })
})
