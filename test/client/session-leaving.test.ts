import { collected, errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { memoryStorage } from './memory-storage.ts'
import { outcomeOf } from './outcome.ts'
import { joinsAndLeaves, refused, roomId, ScriptedServer } from './scripted-server.ts'

/** The ends of a leave, and what happens during it. */

/** A joined session on a server that answers none of these requests. */
async function joinedWithout(...silent: string[]) {
  const server = new ScriptedServer()
  const made = await server.joined()
  server.script = ({ action }) => (silent.includes(action) ? 'nothing' : undefined)
  const states = collected(made.session, 'state')
  /** Answers the newest request with this verb. */
  const answer = (verb: string, reply: object = { ok: true }) =>
    server.newest.say({ id: server.newest.askedFor(verb).at(-1)?.id, ...reply })
  return { ...made, server, states, answer }
}

/** Starts to leave, and returns the promise and the outcome so far. */
async function startLeaving({ session }: { session: { leave(): Promise<void> } }) {
  const leaving = session.leave()
  return { leaving, first: await outcomeOf(leaving) }
}

describe('a leave', () => {
  it('sends the room once and ends when the server has answered', async () => {
    const world = await joinedWithout('leave')
    const { server, client, session, states, answer } = world
    const { leaving, first } = await startLeaving(world)
    expect([first, await outcomeOf(session.leave())]).toEqual(['pending', 'pending'])
    expect(server.newest.askedFor('leave').map(({ id: _, ...frame }) => frame)).toEqual([{ action: 'leave', roomId }])
    answer('leave')
    expect(await outcomeOf(leaving)).toBeUndefined()
    expect(states).toStrictEqual([{ state: 'terminating' }, { state: 'idle' }])
    expect(client.rooms).toEqual([])
    client.close()
  })

  it('waits until the messages of the outbox are answered', async () => {
    const world = await joinedWithout('send')
    const { server, client, session, answer } = world
    const sending = session.send('Last', { clientMessageId: 'last' })
    const { leaving, first } = await startLeaving(world)
    expect([first, joinsAndLeaves(server)]).toEqual(['pending', ['join']])
    const more = session.send('Later', { clientMessageId: 'later' })
    const message = { roomId, seq: 1, sentAt: 'now', from: { user: 'alice', name: 'Alice' }, text: 'Last' }
    answer('send', { ok: true, message, duplicate: false })
    expect([await outcomeOf(sending), await outcomeOf(leaving)]).toEqual([message, 'pending'])
    answer('send', { ok: true, message: { ...message, seq: 2, text: 'Later' }, duplicate: false })
    expect(await outcomeOf(more)).toMatchObject({ seq: 2 })
    expect([await outcomeOf(leaving), joinsAndLeaves(server)]).toEqual([undefined, ['join', 'leave']])
    client.close()
  })

  it('that is not answered is sent again', async () => {
    const world = await joinedWithout('leave')
    const { leaving } = await startLeaving(world)
    await world.server.clock.pass(15_000 + 100)
    expect(world.server.newest.askedFor('leave')).toMatchObject([{ roomId }, { roomId }])
    world.answer('leave')
    expect(await outcomeOf(leaving)).toBeUndefined()
    world.client.close()
  })

  it('that finds no session on the server has succeeded', async () => {
    const world = await joinedWithout('leave')
    const { leaving } = await startLeaving(world)
    world.answer('leave', refused('not_joined'))
    expect([await outcomeOf(leaving), world.session.state]).toEqual([undefined, 'idle'])
    world.client.close()
  })

  it('that is refused leaves the session as it was, and can be repeated', async () => {
    const world = await joinedWithout('leave')
    const { server, client, session, states, answer } = world
    const { leaving } = await startLeaving(world)
    answer('leave', refused('limit_exceeded'))
    expect(await outcomeOf(leaving)).toMatchObject({ name: 'ChatError', code: 'limit_exceeded' })
    expect(await session.send('Still here')).toMatchObject({ text: 'Still here' })
    const again = session.leave()
    await settled()
    answer('leave')
    expect(await outcomeOf(again)).toBeUndefined()
    expect(states.map(({ state }) => state)).toEqual(['terminating', 'established', 'terminating', 'idle'])
    expect(server.newest.askedFor('leave')).toHaveLength(2)
    client.close()
  })

  it('ends with the client, and the session stays terminated', async () => {
    const world = await joinedWithout('leave')
    const { leaving } = await startLeaving(world)
    world.client.close()
    expect(await outcomeOf(leaving)).toBeUndefined()
    expect(world.states).toMatchObject([
      { state: 'terminating' },
      { state: 'terminated', reason: { name: 'ConnectionError', code: 'closed' } },
    ])
    expect(world.session.state).toBe('terminated')
  })

  it('sends nothing if the server ends the session while messages are sent', async () => {
    const world = await joinedWithout('send')
    const { server, client, session, states } = world
    const sending = errorOf(session.send('Last'))
    const { leaving } = await startLeaving(world)
    server.newest.say({ type: 'kicked', roomId, reason: 'revoked' })
    expect(await outcomeOf(leaving)).toBeUndefined()
    expect(await sending).toMatchObject({ name: 'ConnectionError' })
    expect(states).toEqual([{ state: 'terminating' }, { state: 'terminated', reason: 'revoked' }])
    expect(joinsAndLeaves(server)).toEqual(['join'])
    client.close()
  })

  it('without a connection waits for the next one only if messages wait, and sends no leave on a lost one', async () => {
    const world = await joinedWithout()
    const { server, client, session } = world
    server.mute = true
    server.newest.close()
    const { first } = await startLeaving(world)
    expect([first, session.state, server.sockets[0]?.askedFor('leave')]).toEqual([undefined, 'idle', []])
    client.close()
  })

  it('of a client that has stopped gives the messages back, and keeps them in the storage', async () => {
    const [server, storage] = [new ScriptedServer(), memoryStorage()]
    const { client, session } = await server.joined({ storage })
    const failed = collected(session, 'failed')
    server.newest.say({ type: 'goaway', reason: 'replaced', reconnectInMs: 0 })
    const sending = session.send('Unsent', { clientMessageId: 'unsent' })
    sending.catch(() => undefined)
    await settled()
    const { first } = await startLeaving({ session })
    expect([first, session.state, [...storage.kept.values()].join()]).toEqual([
      undefined,
      'idle',
      expect.stringContaining('unsent'),
    ])
    const error = await outcomeOf(sending)
    expect(error).toMatchObject({ name: 'SessionStateError', state: 'idle', message: expect.stringContaining('send') })
    expect(failed).toMatchObject([{ clientMessageId: 'unsent', error }])
    client.close()
  })
})

describe('a leave during a later join', () => {
  it('cancels that join, and ends when the server has no session of it', async () => {
    const { server, client, session, answer } = await joinedWithout()
    await session.leave()
    server.script = ({ action }) => (['join', 'leave'].includes(action) ? 'nothing' : undefined)
    const joining = session.join({ roomId })
    joining.catch(() => undefined)
    await settled()
    const leaving = session.leave()
    expect(await outcomeOf(joining)).toMatchObject({ name: 'InvalidOperationError' })
    answer('join', { ok: true, ...Object(new ScriptedServer().answer({ action: 'join', roomId }, server.newest)) })
    expect(await outcomeOf(leaving)).toBe('pending')
    answer('leave')
    expect([await outcomeOf(leaving), session.state]).toEqual([undefined, 'idle'])
    expect(joinsAndLeaves(server)).toEqual(['join', 'leave', 'join', 'leave'])
    client.close()
  })
})

describe('a change of rooms', () => {
  it('leaves the room first and joins the next one with its options', async () => {
    const { server, client, session } = await joinedWithout()
    const result = await session.switchTo({ roomId: 'attic' }, { limit: 3 })
    expect(result).toMatchObject({ room: { roomId: 'attic' } })
    expect(joinsAndLeaves(server)).toEqual(['join', 'leave', 'join'])
    expect(server.newest.askedFor('join').at(-1)).toMatchObject({ roomId: 'attic', limit: 3 })
    expect([session.state, client.rooms]).toEqual(['established', ['attic']])
    client.close()
  })

  it('to no room only leaves', async () => {
    const { server, client, session } = await joinedWithout()
    expect(await session.switchTo()).toBeUndefined()
    expect([session.state, joinsAndLeaves(server)]).toEqual(['idle', ['join', 'leave']])
    client.close()
  })
})
