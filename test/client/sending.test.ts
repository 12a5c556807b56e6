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

/** Every try, whichever socket it went through. */
const triesOf = (server: ScriptedServer): Frame[] => server.sockets.flatMap((socket) => socket.askedFor('send'))

/** The first try goes wrong in this way, the others do not. */
const firstTry =
  (server: ScriptedServer, happen: (frame: Frame, socket: ScriptedSocket) => object | 'nothing') =>
  (frame: Frame, socket: ScriptedSocket) =>
    frame.action === 'send' && triesOf(server).length === 1 ? happen(frame, socket) : undefined

describe('a message', () => {
  it('goes out alone: the next one waits for its answer, and their order is kept', async () => {
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
    ['is never answered', () => 'nothing'],
    [
      'is failed by the gateway',
      (_, socket) => {
        setImmediate(() => socket.say({ message: 'Internal server error', connectionId: 'c', requestId: 'r' }))
        return 'nothing'
      },
    ],
    [
      'is cut off',
      (_, socket) => {
        setImmediate(() => socket.close())
        return 'nothing'
      },
    ],
    ['finds the session gone', () => refused('not_joined')],
  ])('that %s is tried again, the same in all, while the room moves on', async (_, happen) => {
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

  it('that comes too fast goes out again when the server said, before those behind it', async () => {
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
    ['is refused so at every try looks back no further than to what was said by then', false, 2],
    ['may have been stored before looks back to where it did at first', true, 1],
  ])('that comes too fast and %s', async (_, isLostFirst, after) => {
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

  it('that was stored though its answer was lost is found when too much was said since', async () => {
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

  it('that is not in the history goes out with a later after, and not before that was read', async () => {
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

  it('whose past was purged is given up when it may have been stored, and goes on when it cannot', async () => {
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

  it('that is refused is refused for good, and the next one goes out', async () => {
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
  ])('that says nothing or too much is not sent at all', async (text, error) => {
    const server = new ScriptedServer()
    const session = await joined(server)
    expect(await errorOf(session.send(text))).toBeInstanceOf(error)
    expect(triesOf(server)).toEqual([])
  })

  it('of which nobody can say what became of it says so when the client closes', async () => {
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
  it('outlives the program, and tries on with the same id and the same after', async () => {
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
  it('waits until everything is sent that was said before', async () => {
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

  it('waits for a move to another connection to end, so that nobody stays behind in the room', async () => {
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

  it('needs no server when there is no connection, and the room is not joined again', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    server.newest.close()
    await session.leave()
    expect(session.state).toBe('idle')
    await server.clock.pass(minute)
    expect(server.newest.asked.map(({ action }) => action)).toEqual(['hello', 'invitations'])
  })
})
