import type { Storage } from '../../client/index.ts'
import { localLocks } from '../../client/locks.ts'
import { PendingStore } from '../../client/pending-store.ts'
import { collected, errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { memoryStorage } from './memory-storage.ts'
import { message, roomId, ScriptedServer } from './scripted-server.ts'

/** Pending messages in a storage that several clients share, like tabs of a browser. Each has one owner at a time. */

const key = `persistent-chat/outbox/alice/${roomId}`
const own = { from: { user: 'alice', name: 'Alice' } }

/** A storage, and the texts of the pending messages in it. */
function memory() {
  const storage = memoryStorage()
  const texts = (): string[] =>
    JSON.parse(storage.kept.get(key) ?? '[]').map(({ body }: { body: { text: string } }) => body.text)
  return { ...storage, texts }
}

/** A client in the room that has read its pending messages from the storage. */
async function tab(server: ScriptedServer, storage: Storage) {
  const opened = await server.joined({ storage })
  await settled()
  return opened
}

/** Makes the server ignore each send. */
function holdSends(server: ScriptedServer): void {
  server.script = ({ action }) => (action === 'send' ? 'nothing' : undefined)
}
const sends = (server: ScriptedServer) => server.sockets.flatMap((socket) => socket.askedFor('send'))

describe('two clients with one storage', () => {
  it('keep the pending messages of both, and each sends its own', async () => {
    const server = new ScriptedServer()
    const storage = memory()
    const [one, other] = [await tab(server, storage), await tab(server, storage)]
    holdSends(server)
    for (const [{ session }, text] of [
      [one, 'from one'],
      [other, 'from the other'],
    ] as const) {
      session.send(text).catch(() => undefined)
    }
    await settled()
    expect(storage.texts().sort()).toEqual(['from one', 'from the other'])
    expect(sends(server).map(({ text }) => text)).toEqual(['from one', 'from the other'])
    server.script = () => undefined
    await server.clock.pass(60_000)
    expect(server.log.map(({ text }) => text).sort()).toEqual(['from one', 'from the other'])
    expect([storage.texts(), one.session.outbox, other.session.outbox]).toEqual([[], [], []])
    for (const { client } of [one, other]) client.close()
  })

  it('do not take the pending messages of an open client, but those of a closed one', async () => {
    const server = new ScriptedServer()
    const storage = memory()
    const one = await tab(server, storage)
    holdSends(server)
    const sending = errorOf(one.session.send('Mine'))
    await settled()
    const other = await tab(server, storage)
    expect(other.session.outbox).toEqual([])
    one.client.close()
    await sending
    await settled()
    server.script = () => undefined
    server.newest.say({ type: 'goaway', reason: 'age', reconnectInMs: 0 })
    await server.clock.pass(1000)
    expect(server.log.map(({ text }) => text)).toEqual(['Mine'])
    expect(storage.texts()).toEqual([])
    other.client.close()
  })
})

describe('a pending message', () => {
  it('that a copied tab may have sent is sent with the position at which it was written', async () => {
    const server = new ScriptedServer()
    const storage = memory()
    const one = await tab(server, storage)
    holdSends(server)
    const sending = errorOf(one.session.send('Once', { clientMessageId: 'once' }))
    await settled()
    const [{ after: _, ...untried }] = JSON.parse(storage.kept.get(key) ?? '')
    one.client.close()
    await sending
    // The copy was made before the first attempt, and the room has newer messages.
    storage.kept.set(key, JSON.stringify([{ ...untried, undecided: undefined, owner: 'gone' }]))
    server.log = Array.from({ length: 40 }, (_, index) => message(index + 1))
    const before = sends(server).length
    server.script = () => undefined
    const other = await tab(server, storage)
    await server.clock.pass(1000)
    expect(sends(server)[before]).toMatchObject({ text: 'Once', clientMessageId: 'once', after: 0 })
    other.client.close()
  })

  it.each([
    ['a push', (server: ScriptedServer, entry: object) => server.newest.say({ type: 'message', ...entry })],
    [
      'the next connection',
      async (server: ScriptedServer) => {
        server.newest.say({ type: 'goaway', reason: 'age', reconnectInMs: 0 })
        await server.clock.pass(0)
      },
    ],
  ])('is sent, once, when its own message arrives by %s', async (_, bring) => {
    const server = new ScriptedServer()
    const storage = memory()
    const { client, session } = await tab(server, storage)
    const [sent, heard] = [collected(session, 'sent'), collected(session, 'message')]
    holdSends(server)
    const sending = session.send('Seen', { clientMessageId: 'seen' })
    await settled()
    const entry = message(1, { ...own, clientMessageId: 'seen', text: 'Seen' })
    server.log = [entry]
    await bring(server, entry)
    expect(await sending).toEqual(entry)
    await settled()
    expect([sent, heard.length]).toEqual([[{ clientMessageId: 'seen', message: entry, duplicate: true }], 1])
    expect([session.outbox, storage.texts()]).toEqual([[], []])
    const [asked] = server.sockets[0]?.askedFor('send') ?? []
    server.sockets[0]?.say({ id: asked?.id, ok: true, message: entry, duplicate: false })
    await server.clock.pass(60_000)
    expect([sent.length, sends(server).length]).toEqual([1, 1])
    client.close()
  })

  it('stays pending when another user’s message with the same id arrives', async () => {
    const server = new ScriptedServer()
    const { client, session } = await tab(server, memory())
    holdSends(server)
    session.send('Mine', { clientMessageId: 'same' }).catch(() => undefined)
    await settled()
    server.newest.say({ type: 'message', ...message(1, { clientMessageId: 'same' }) })
    await settled()
    expect(session.outbox).toHaveLength(1)
    client.close()
  })

  it('that is already in the first page of the room is not sent', async () => {
    const server = new ScriptedServer()
    const storage = memory()
    storage.kept.set(key, JSON.stringify([{ clientMessageId: 'old', body: { text: 'Old' }, owner: 'gone' }]))
    server.log = [message(1, { ...own, clientMessageId: 'old', text: 'Old' }), message(2)]
    const { client } = await tab(server, storage)
    await server.clock.pass(1000)
    expect([sends(server), storage.texts()]).toEqual([[], []])
    client.close()
  })

  it('without an owner, as earlier versions stored it, is sent', async () => {
    const server = new ScriptedServer()
    const storage = memory()
    storage.kept.set(key, JSON.stringify([{ clientMessageId: 'old', body: { text: 'Old' } }]))
    const { client } = await tab(server, storage)
    await server.clock.pass(1000)
    expect(server.log.map(({ text }) => text)).toEqual(['Old'])
    client.close()
  })
})

describe('the pending messages of a client that is closed while it reads them', () => {
  it('stay in the storage', async () => {
    const server = new ScriptedServer()
    const storage = memory()
    storage.kept.set(key, JSON.stringify([{ clientMessageId: 'old', body: { text: 'Old' }, owner: 'gone' }]))
    const client = server.client({ storage })
    await client.connect()
    await client.session().join({ roomId })
    client.close()
    await settled()
    expect([storage.texts(), sends(server)]).toEqual([['Old'], []])
  })
})

describe('locks', () => {
  it('that the platform refuses do not prevent reading and storing pending messages', async () => {
    const broken = { take: () => Promise.reject(new Error('No.')), exclusively: () => Promise.reject(new Error('No.')) }
    const store = new PendingStore(memory(), broken, 'me')
    expect(await store.adopt(key)).toEqual([])
    await store.save(key, [{ clientMessageId: 'one', body: { text: 'One' } }])
    await store.close()
  })

  it('have one holder per name and run exclusive work one after the other', async () => {
    const locks = localLocks()
    const release = await locks.take('a')
    expect(await locks.take('a')).toBeUndefined()
    release?.()
    expect(await locks.take('a')).toBeDefined()
    const order: string[] = []
    const work = (name: string) => async () => {
      order.push(`${name} begins`)
      await settled()
      order.push(`${name} ends`)
    }
    await Promise.all([
      locks.exclusively('b', work('first')),
      locks.exclusively('b', () => Promise.reject(new Error('It fails.'))).catch(() => undefined),
      locks.exclusively('b', work('second')),
    ])
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
  })
})

describe('the pending messages of a closed client', () => {
  it('are taken over in all rooms that are joined at the same time', async () => {
    const storage = memory()
    const draft = { clientMessageId: 'left', body: { text: 'Left' }, owner: 'gone' }
    for (const room of ['a', 'b', 'c']) storage.kept.set(room, JSON.stringify([draft]))
    const store = new PendingStore(storage, localLocks(), 'new')
    const adopted = await Promise.all(['a', 'b', 'c'].map((room) => store.adopt(room)))
    expect(adopted.map((drafts) => drafts.map(({ body }) => body.text))).toEqual([['Left'], ['Left'], ['Left']])
  })
})
