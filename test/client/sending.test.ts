import type { ChatRoomSession, Storage } from '../../client/index.ts'
import type { Frame } from '../support/socket/chat-socket.ts'
import { collected, errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { memoryStorage } from './memory-storage.ts'
import { message, refused, roomId, ScriptedServer, type ScriptedSocket } from './scripted-server.ts'

const minute = 60_000
const own = { from: { user: 'alice', name: 'Alice' } }

const joined = async (server: ScriptedServer, storage?: Storage): Promise<ChatRoomSession> =>
  (await server.joined({ storage })).session

/** All attempts on all sockets. */
const triesOf = (server: ScriptedServer): Frame[] => server.sockets.flatMap((socket) => socket.askedFor('send'))

/** A script that replaces the reply to the first attempt only. */
const firstTry =
  (server: ScriptedServer, happen: (frame: Frame, socket: ScriptedSocket) => object | 'nothing') =>
  (frame: Frame, socket: ScriptedSocket) =>
    frame.action === 'send' && triesOf(server).length === 1 ? happen(frame, socket) : undefined

describe('a message', () => {
  it('is sent only after the reply to the one before, which keeps their order', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    server.script = firstTry(server, () => 'nothing')
    const sending = [session.send('one'), session.send('two')]
    await settled()
    expect(triesOf(server)).toHaveLength(1)
    expect(session.outbox).toHaveLength(2)
    await server.clock.pass(minute)
    expect((await Promise.all(sending)).map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ])
  })

  it.each<[string, (frame: Frame, socket: ScriptedSocket) => object | 'nothing']>([
    ['gets no reply', () => 'nothing'],
    [
      'fails in the gateway',
      (_, socket) => {
        setImmediate(() => socket.say({ message: 'Internal server error', connectionId: 'c', requestId: 'r' }))
        return 'nothing'
      },
    ],
    [
      'loses its connection',
      (_, socket) => {
        setImmediate(() => socket.close())
        return 'nothing'
      },
    ],
    ['has no session', () => refused('not_joined')],
  ])('that %s is sent again unchanged, although the room has newer messages', async (_, happen) => {
    const server = new ScriptedServer()
    server.log = [message(1)]
    const session = await joined(server)
    server.script = firstTry(server, (frame, socket) => {
      server.log.push(message(2))
      socket.say({ type: 'message', ...message(2) })
      return happen(frame, socket)
    })
    const sent = collected(session, 'sent')
    const sending = session.send('Once')
    await server.clock.pass(minute)
    expect(await sending).toMatchObject({ seq: 3, text: 'Once' })
    const [first, second, ...more] = triesOf(server).map(({ id: _, ...frame }) => frame)
    expect(first).toMatchObject({ after: 1, text: 'Once' })
    expect(second).toEqual(first)
    expect([more, sent.length]).toEqual([[], 1])
  })

  it('that exceeds the rate is sent again at the time that the server gave, before later ones', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const tooFast = refused('rate_limited', { retryable: true, retryAfterMs: 200 })
    server.script = ({ action }) => (action === 'send' && triesOf(server).length % 2 === 1 ? tooFast : undefined)
    const sending = ['one', 'two', 'three'].map((text) => session.send(text))
    await settled()
    await server.clock.pass(199)
    expect(triesOf(server)).toHaveLength(1)
    await server.clock.pass(1)
    expect(triesOf(server)).toHaveLength(3)
    await server.clock.pass(400)
    expect((await Promise.all(sending)).map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ])
    expect(triesOf(server).map(({ text }) => text)).toEqual(['one', 'one', 'two', 'two', 'three', 'three'])
  })

  it.each([
    ['was certainly not stored gets the current position as after', false, 2],
    ['may have been stored keeps its first after', true, 1],
  ])('that exceeds the rate and %s', async (_, isLostFirst, after) => {
    const server = new ScriptedServer()
    server.log = [message(1)]
    const session = await joined(server)
    server.script = ({ action }, socket) => {
      if (action !== 'send' || triesOf(server).length > 2) return undefined
      if (isLostFirst && triesOf(server).length === 1) return 'nothing'
      if (server.log.length === 1) {
        server.log.push(message(2))
        socket.say({ type: 'message', ...message(2) })
      }
      return refused('rate_limited', { retryable: true, retryAfterMs: 200 })
    }
    const sending = session.send('Once')
    await server.clock.pass(minute)
    expect(await sending).toMatchObject({ seq: 3, text: 'Once' })
    expect(triesOf(server).at(-1)).toMatchObject({ after })
  })

  it('that was stored without a reply is found in the history if a resync is required', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    server.script = (frame, socket) => {
      if (frame.action !== 'send') return undefined
      if (triesOf(server).length > 1) return refused('resync_required', { details: { head: 203, floor: 1 } })
      server.log = [message(1, { ...own, clientMessageId: frame.clientMessageId, text: 'Once' })]
      server.log.push(...Array.from({ length: 202 }, (_, at) => message(at + 2)))
      setImmediate(() => socket.close())
      return 'nothing'
    }
    const sending = session.send('Once')
    await server.clock.pass(minute)
    expect(await sending).toMatchObject({ seq: 1 })
    expect(session.last).toBe(203)
  })

  it('that is not in the history is sent with a later after, once the history is read', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    server.script = ({ action }) => {
      if (action !== 'send' || triesOf(server).length > 1) return undefined
      server.log = Array.from({ length: 202 }, (_, at) => message(at + 1))
      return refused('resync_required', { details: { head: 202, floor: 1 } })
    }
    expect(await session.send('Once')).toMatchObject({ seq: 203 })
    expect(server.newest.askedFor('history')[0]).toMatchObject({ after: 0 })
    expect(triesOf(server).map(({ after }) => after)).toEqual([0, 202])
  })

  it('fails after a purge if it may have been stored, and else is sent again', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const purged = refused('resync_required', { details: { head: 400, floor: 300 } })
    server.script = ({ action }, socket) => {
      if (action === 'history') return purged
      if (action !== 'send') return undefined
      if (triesOf(server).length > 1) return purged
      setImmediate(() => socket.close())
      return 'nothing'
    }
    const sending = session.send('Stored?')
    await server.clock.pass(minute)
    expect(await errorOf(sending)).toMatchObject({ code: 'resync_required' })
    const before = triesOf(server).length
    server.script = ({ action }) =>
      action === 'history' || (action === 'send' && triesOf(server).length === before + 1) ? purged : undefined
    expect(await session.send('Surely not')).toMatchObject({ seq: 1 })
  })

  it('that is refused fails, and the next one is sent', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    server.script = firstTry(server, () => refused('invalid', { details: { field: 'text' } }))
    const failed = collected(session, 'failed')
    const sending = [session.send('Bad', { clientMessageId: 'bad' }), session.send('Good')] as const
    expect(await errorOf(sending[0])).toMatchObject({ code: 'invalid', details: { field: 'text' } })
    expect(await sending[1]).toMatchObject({ seq: 1 })
    expect(failed).toMatchObject([{ clientMessageId: 'bad', error: { code: 'invalid' } }])
  })

  it.each([
    ['', TypeError],
    [' ', TypeError],
    ['ä'.repeat(2049), RangeError],
  ])('that is empty or too long is not sent', async (text, error) => {
    const server = new ScriptedServer()
    const session = await joined(server)
    expect(await errorOf(session.send(text))).toBeInstanceOf(error)
    expect(triesOf(server)).toEqual([])
  })

  it('fails as undecided when the client closes, if it was sent', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    const session = client.session()
    await session.join({ roomId })
    server.script = firstTry(server, () => 'nothing')
    const sending = [session.send('Tried'), session.send('Not tried')] as const
    await settled()
    client.close()
    expect(await errorOf(sending[0])).toMatchObject({ name: 'ConnectionError', undecided: true })
    expect(await errorOf(sending[1])).toMatchObject({ name: 'ConnectionError', undecided: false })
  })
})

describe('an outbox in a storage', () => {
  it('survives the end of the program and sends with the same id and the same after', async () => {
    const server = new ScriptedServer()
    const storage = memoryStorage()
    const client = server.client({ storage })
    await client.connect()
    const session = client.session()
    await session.join({ roomId })
    server.script = firstTry(server, () => 'nothing')
    void session.send('Before', { clientMessageId: 'before' })
    await settled()
    client.close()
    expect([...storage.kept.keys()]).toEqual(['persistent-chat/outbox/alice/lobby'])
    server.log = [message(1), message(2)]
    const again = await joined(server, storage)
    const sent = collected(again, 'sent')
    await settled()
    expect(sent).toMatchObject([{ clientMessageId: 'before', message: { seq: 3, text: 'Before' } }])
    expect(triesOf(server).map(({ clientMessageId, after }) => [clientMessageId, after])).toEqual([
      ['before', 0],
      ['before', 0],
    ])
    expect(storage.kept.size).toBe(0)
  })
})

describe('leaving', () => {
  it('waits until earlier messages are sent', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    server.script = firstTry(server, () => 'nothing')
    const sending = session.send('Last words')
    const leaving = session.leave()
    await settled()
    expect([session.state, server.newest.askedFor('leave')]).toEqual(['terminating', []])
    await server.clock.pass(minute)
    expect(await sending).toMatchObject({ seq: 1 })
    await leaving
    expect([session.state, server.newest.askedFor('leave').length]).toEqual(['idle', 1])
  })

  it('waits for the end of a move to another connection, so that no session is left', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    server.script = ({ action }) => (action === 'join' ? 'nothing' : undefined)
    server.newest.close()
    await server.clock.pass(500)
    const { newest } = server
    const leaving = session.leave()
    await settled()
    expect(newest.askedFor('leave')).toEqual([])
    server.script = () => undefined
    const [join] = newest.askedFor('join')
    if (!join) throw new Error('The room has not moved.')
    newest.say(Object.assign({ id: join.id, ok: true }, server.answer(join, newest)))
    await leaving
    expect([session.state, newest.askedFor('leave').length]).toEqual(['idle', 1])
  })

  it('sends nothing without a connection, and the room is not joined again', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    server.newest.close()
    await session.leave()
    expect(session.state).toBe('idle')
    await server.clock.pass(minute)
    expect(server.newest.asked.map(({ action }) => action)).toEqual(['hello', 'invitations'])
  })
})
