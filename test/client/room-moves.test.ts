import type { Frame } from '../support/socket/chat-socket.ts'
import { collected, errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { refused, roomId, ScriptedServer, type ScriptedSocket } from './scripted-server.ts'

/** Failures while rooms move from one connection to the next. */

const askedToMove = { type: 'goaway', reason: 'deploy', reconnectInMs: 0 }

/** Answers a frame that the script held back. */
function answerNow(server: ScriptedServer, socket: ScriptedSocket, frame: Frame | undefined): void {
  if (!frame) throw new Error('There is no such request.')
  server.script = () => undefined
  socket.say({ id: frame.id, ok: true, ...Object(server.answer(frame, socket)) })
}

describe('a new connection that closes before all rooms have moved', () => {
  it('leaves no room without a connection: moved rooms return to the old one', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    const [moved, held] = [client.session(), client.session()]
    await moved.join({ roomId })
    await held.join({ roomId: 'attic' })
    const told = collected(moved, 'live')
    const old = server.newest
    server.script = (frame, socket) =>
      socket !== old && frame.action === 'join' && frame.roomId === 'attic' ? 'nothing' : undefined
    old.say(askedToMove)
    await server.clock.pass(0)
    expect(server.newest.askedFor('join')).toHaveLength(2)
    server.newest.close()
    await settled()
    expect([server.sockets.length, client.state, moved.live, held.live]).toEqual([2, 'connected', true, true])
    expect(told).toEqual([false, true])
    expect(old.askedFor('join').map((frame) => frame.roomId)).toEqual([roomId, 'attic', roomId])
    expect(await moved.send('Still here')).toMatchObject({ text: 'Still here' })
    expect(old.askedFor('send')).toHaveLength(1)
  })
})

describe('a room that was joined on the old connection during a move', () => {
  /** A room on the old connection, which waits for a reply. Its join on the new connection is not answered. */
  async function underway() {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    const old = server.newest
    server.script = ({ action }) => (['join', 'sync'].includes(action) ? 'nothing' : undefined)
    const session = client.session()
    const joining = session.join({ roomId })
    const asking = client.sync({})
    await settled()
    old.say(askedToMove)
    await server.clock.pass(0)
    const [join] = old.askedFor('join')
    old.say({ id: join?.id, ok: true, ...Object(new ScriptedServer().answer(join ?? {}, old)) })
    await joining
    await settled()
    expect([old.readyState, server.newest.askedFor('join').length]).toEqual([1, 1])
    return { server, client, session, asking, old, newest: server.newest }
  }

  it('is joined once on the new connection', async () => {
    const { server, session, old, newest } = await underway()
    old.close()
    answerNow(server, newest, newest.askedFor('join')[0])
    await settled()
    expect([session.live, newest.askedFor('join').length]).toEqual([true, 1])
  })

  it('moves although a request for its rights on the old connection gets no reply', async () => {
    const { server, session, old, newest } = await underway()
    const user = { user: 'alice', name: 'Alice', isManager: true, isPresenter: false }
    old.say({ type: 'participant', roomId, event: 'changed', user })
    await settled()
    expect(old.askedFor('join')).toHaveLength(2)
    server.script = () => undefined
    old.close()
    answerNow(server, newest, newest.askedFor('join')[0])
    await settled()
    expect(session.live).toBe(true)
    expect(await session.send('Here')).toMatchObject({ text: 'Here' })
    expect(newest.askedFor('send')).toHaveLength(1)
  })

  it('moves if the reply about its rights is the last one on the old connection', async () => {
    const { server, client, session, asking, old, newest } = await underway()
    const user = { user: 'alice', name: 'Alice', isManager: true, isPresenter: false }
    old.say({ type: 'participant', roomId, event: 'changed', user })
    await settled()
    const [sync] = old.askedFor('sync')
    old.say({ id: sync?.id, ok: true, rooms: {} })
    await asking
    answerNow(server, old, old.askedFor('join')[1])
    await settled()
    expect([old.readyState, client.state, session.live]).toEqual([3, 'connected', true])
    expect(await session.send('Here')).toMatchObject({ text: 'Here' })
    expect(newest.askedFor('send')).toHaveLength(1)
  })
})

describe('a busy room', () => {
  it('is joined again only after the time that it asked for', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    const session = client.session()
    await session.join({ roomId })
    server.script = ({ action }) =>
      action === 'join'
        ? { ok: false, error: { code: 'unavailable', message: 'Busy.', retryable: true, retryAfterMs: 2000 } }
        : undefined
    server.newest.close()
    await server.clock.pass(500 + 1999)
    expect(server.newest.askedFor('join')).toHaveLength(1)
    server.script = () => undefined
    await server.clock.pass(1)
    expect(session.live).toBe(true)
  })
})

describe('a leave during a move', () => {
  const ofLobby = async (server: ScriptedServer) => {
    const client = server.client()
    await client.connect()
    const [session, other] = [client.session(), client.session()]
    await session.join({ roomId })
    await other.join({ roomId: 'attic' })
    const old = server.newest
    return { client, session, old }
  }
  const roomsAsked = (socket: ScriptedSocket, action: string) => socket.askedFor(action).map((frame) => frame.roomId)

  it('on the old connection prevents a join on the new one', async () => {
    const server = new ScriptedServer()
    const { session, old } = await ofLobby(server)
    server.script = ({ action }) => (action === 'leave' ? 'nothing' : undefined)
    const leaving = session.leave()
    await settled()
    old.say(askedToMove)
    await server.clock.pass(0)
    answerNow(server, old, old.askedFor('leave')[0])
    await leaving
    expect([session.state, old.readyState, roomsAsked(server.newest, 'join')]).toEqual(['idle', 3, ['attic']])
  })

  it('that is refused moves the room to the new connection like the others', async () => {
    const server = new ScriptedServer()
    const { session, old } = await ofLobby(server)
    server.script = ({ action }) => (action === 'leave' ? 'nothing' : undefined)
    const leaving = errorOf(session.leave())
    await settled()
    old.say(askedToMove)
    await server.clock.pass(0)
    old.say({ id: old.askedFor('leave')[0]?.id, ...refused('limit_exceeded') })
    expect(await leaving).toMatchObject({ code: 'limit_exceeded' })
    await settled()
    expect([session.state, session.live, old.readyState]).toEqual(['established', true, 3])
    expect(roomsAsked(server.newest, 'join')).toEqual(['attic', roomId])
    expect(await session.send('Still here')).toMatchObject({ text: 'Still here' })
  })

  it('of a room that has moved before others is sent on both connections', async () => {
    const server = new ScriptedServer()
    const { session, old } = await ofLobby(server)
    server.script = (frame, socket) =>
      socket !== old && frame.action === 'join' && frame.roomId === 'attic' ? 'nothing' : undefined
    old.say(askedToMove)
    await server.clock.pass(0)
    await session.leave()
    expect([roomsAsked(old, 'leave'), roomsAsked(server.newest, 'leave')]).toEqual([[roomId], [roomId]])
    expect(session.state).toBe('idle')
  })
})
