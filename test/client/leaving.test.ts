import { collected, errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { connected, joinsAndLeaves, roomId, ScriptedServer } from './scripted-server.ts'

/** Leaving in each state, and cancelling joins and sends. */

/** Makes the server answer its first join. */
function answerJoin(server: ScriptedServer): void {
  const [join] = server.newest.askedFor('join')
  server.script = () => undefined
  server.newest.say({ id: join?.id, ok: true, ...Object(server.answer(join ?? {}, server.newest)) })
}

describe('leaving during a join', () => {
  it('ends the join at once, and the session on the server when the join is answered', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    server.script = ({ action }) => (action === 'join' ? 'nothing' : undefined)
    const session = client.session()
    const states = collected(session, 'state')
    const joining = errorOf(session.join({ roomId }))
    await settled()
    const leaving = session.leave()
    expect(await joining).toMatchObject({ name: 'InvalidOperationError' })
    expect([session.state, joinsAndLeaves(server)]).toEqual(['idle', ['join']])
    answerJoin(server)
    await leaving
    expect([joinsAndLeaves(server), client.rooms]).toEqual([['join', 'leave'], []])
    expect(states.map(({ state }) => state)).toEqual(['establishing', 'idle'])
  })

  it('leaves a room by its id if the join is never answered', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    server.script = ({ action }) => (action === 'join' ? 'nothing' : undefined)
    const session = client.session()
    const joining = errorOf(session.join({ roomId }))
    await settled()
    const leaving = session.leave()
    await joining
    await server.clock.pass(15_000)
    await leaving
    expect(joinsAndLeaves(server)).toEqual(['join', 'leave'])
  })

  it('sends nothing if the join was not sent yet', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    server.mute = true
    server.newest.close()
    const session = client.session()
    const joining = errorOf(session.join({ roomId }))
    await session.leave()
    await joining
    server.mute = false
    await server.clock.pass(60_000)
    expect([client.state, joinsAndLeaves(server)]).toEqual(['connected', []])
  })

  it.each([
    ['another session of the client', true],
    ['the same session', false],
  ])('allows %s to join the same room', async (_, isOther) => {
    const server = new ScriptedServer()
    const client = await connected(server)
    server.script = ({ action }) => (action === 'join' ? 'nothing' : undefined)
    // Like a React component that is mounted twice: an effect, its clean-up and the effect again.
    const first = client.session()
    const joining = errorOf(first.join('Lobby'))
    const leaving = first.leave()
    const second = isOther ? client.session() : first
    const again = second.join('Lobby')
    await joining
    await settled()
    answerJoin(server)
    await Promise.all([leaving, again])
    expect(joinsAndLeaves(server).at(-1)).toBe('join')
    expect([second.state, second.live, client.rooms]).toEqual(['established', true, [roomId]])
    server.newest.say({
      type: 'message',
      ...Object(server.answer({ action: 'send', text: 'Heard' }, server.newest)).message,
    })
    expect(second.last).toBe(1)
  })
})

describe('leaving', () => {
  it('has no effect without a joined room', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const session = client.session()
    await session.leave()
    await session.join({ roomId })
    await Promise.all([session.leave(), session.leave()])
    await session.leave()
    expect(joinsAndLeaves(server)).toEqual(['join', 'leave'])
    await session.join({ roomId })
    client.close()
    await session.leave()
    expect(session.state).toBe('terminated')
  })

  it('delays a join of the same room by another session, but not of other rooms', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const first = client.session()
    await first.join('Lobby')
    server.script = ({ action }) => (action === 'leave' ? 'nothing' : undefined)
    const leaving = first.leave()
    const again = client.session().join('lobby')
    await client.session().join({ roomId: 'attic' })
    await settled()
    expect(joinsAndLeaves(server).sort()).toEqual(['join', 'join', 'leave'])
    server.newest.say({ id: server.newest.askedFor('leave')[0]?.id, ok: true })
    await leaving
    expect((await again).room.roomId).toBe(roomId)
    expect(client.rooms.sort()).toEqual(['attic', roomId])
  })
})

describe('leaving with unsent messages', () => {
  it('waits for the next connection, and reports the messages as failed if there will be none', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const session = client.session()
    await session.join({ roomId })
    const failed = collected(session, 'failed')
    server.mute = true
    server.newest.close()
    session.send('Unsent', { clientMessageId: 'unsent' }).catch(() => undefined)
    const leaving = session.leave()
    await settled()
    expect(session.state).toBe('terminating')
    server.mute = false
    server.refusal = { message: 'Unexpected server response: 401' }
    await server.clock.pass(60_000)
    await leaving
    expect([client.state, session.state]).toEqual(['unauthorized', 'idle'])
    expect(failed).toMatchObject([{ clientMessageId: 'unsent', body: { text: 'Unsent' } }])
  })
})

describe('a signal', () => {
  it('ends a join with its reason; if it is aborted already, the join sends nothing', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    server.script = ({ action }) => (action === 'join' ? 'nothing' : undefined)
    const abort = new AbortController()
    const session = client.session()
    const joining = errorOf(session.join({ roomId }, { signal: abort.signal }))
    await settled()
    abort.abort(new RangeError('The window was closed.'))
    expect(await joining).toMatchObject({ message: 'The window was closed.' })
    answerJoin(server)
    await settled()
    expect([session.state, joinsAndLeaves(server)]).toEqual(['idle', ['join', 'leave']])
    expect(await errorOf(session.join({ roomId }, { signal: abort.signal }))).toMatchObject({ name: 'RangeError' })
    expect(joinsAndLeaves(server)).toEqual(['join', 'leave'])
  })

  it('has no effect on a join that is complete', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const abort = new AbortController()
    const session = client.session()
    await session.join({ roomId }, { signal: abort.signal })
    abort.abort()
    await settled()
    expect([session.state, joinsAndLeaves(server)]).toEqual(['established', ['join']])
  })

  it('cancels a waiting message, and the messages after it are sent', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const session = client.session()
    await session.join({ roomId })
    const failed = collected(session, 'failed')
    server.script = ({ action }) => (action === 'send' ? 'nothing' : undefined)
    const [first, abort] = [session.send('one'), new AbortController()]
    const second = errorOf(session.send('two', { signal: abort.signal, clientMessageId: 'second' }))
    const third = session.send('three')
    await settled()
    abort.abort(new RangeError('Never mind.'))
    expect(await second).toMatchObject({ message: 'Never mind.' })
    expect(failed).toMatchObject([{ clientMessageId: 'second', error: { message: 'Never mind.' } }])
    server.script = () => undefined
    await server.clock.pass(60_000)
    expect((await Promise.all([first, third])).map(({ text }) => text)).toEqual(['one', 'three'])
    expect(server.log.map(({ text }) => text)).toEqual(['one', 'three'])
  })

  it('ends the attempts for a message that was sent; if it was stored, it is raised like any other', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const session = client.session()
    await session.join({ roomId })
    const [sent, heard] = [collected(session, 'sent'), collected(session, 'message')]
    server.script = ({ action }) => (action === 'send' ? 'nothing' : undefined)
    const abort = new AbortController()
    const sending = errorOf(session.send('one', { signal: abort.signal }))
    await settled()
    abort.abort(new RangeError('Too slow.'))
    await sending
    server.script = () => undefined
    const [asked] = server.newest.askedFor('send')
    server.newest.say({
      id: asked?.id,
      ok: true,
      ...Object(server.answer({ ...asked, action: 'send' }, server.newest)),
    })
    await server.clock.pass(60_000)
    expect(heard.map(({ text }) => text)).toEqual(['one'])
    expect([sent, session.outbox, server.newest.askedFor('send').length]).toEqual([[], [], 1])
    expect(await errorOf(session.send('two', { signal: abort.signal }))).toMatchObject({ message: 'Too slow.' })
  })
})
