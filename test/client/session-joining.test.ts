import type { JoinOptions, RoomTarget } from '../../client/index.ts'
import { collected, errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { outcomeOf } from './outcome.ts'
import { connected, joinsAndLeaves, message, refused, roomId, ScriptedServer } from './scripted-server.ts'

/** What a join sends, what it returns and how it fails. */

/** A connected client with a session whose join the server does not answer. */
async function joining(target: RoomTarget = { roomId }, options: JoinOptions = {}) {
  const server = new ScriptedServer()
  const client = await connected(server)
  server.script = ({ action }) => (action === 'join' ? 'nothing' : undefined)
  const session = client.session()
  const states = collected(session, 'state')
  const work = session.join(target, options)
  work.catch(() => undefined)
  await settled()
  /** Answers the join. */
  const answer = () => {
    server.script = () => undefined
    const [asked] = server.newest.askedFor('join')
    server.newest.say({ id: asked?.id, ok: true, ...Object(server.answer(asked ?? {}, server.newest)) })
  }
  return { server, client, session, states, work, answer }
}

describe('a join', () => {
  it.each<[RoomTarget, JoinOptions, object]>([
    [{ roomId }, {}, { roomId }],
    ['Lobby', {}, { roomName: 'Lobby' }],
    ['chat://here/lobby', {}, { roomUri: 'chat://here/lobby' }],
    [{ roomId }, { limit: 0 }, { roomId, limit: 0 }],
    [{ roomId }, { after: 0 }, { roomId, after: 0 }],
    [{ roomId }, { after: 4, limit: 9, epoch: 'first' }, { roomId, after: 4 }],
  ])('of %j with the options %j sends exactly %j', async (target, options, fields) => {
    const { server, client } = await joining(target, options)
    const sent = server.newest.askedFor('join').map(({ action: _, id: __, ...rest }) => rest)
    expect(sent).toEqual([fields])
    client.close()
  })

  it('returns the newest messages of known kinds; with a position it raises them instead', async () => {
    const server = new ScriptedServer()
    server.log = [message(1), { roomId, seq: 2, sentAt: 'then' }, message(3)]
    const client = await connected(server)
    const [newest, later] = [client.session(), client.session()]
    const [ofNewest, ofLater] = [collected(newest, 'message'), collected(later, 'message')]
    const result = await newest.join({ roomId })
    expect(result).toMatchObject({ room: { roomId }, head: 3, floor: 1, epoch: 'first', complete: true })
    expect(result.messages).toEqual([message(1), message(3)])
    await newest.leave()
    expect((await later.join({ roomId }, { after: 1 })).messages).toEqual([])
    expect([ofNewest, ofLater]).toEqual([[], [message(3)]])
    client.close()
  })

  it('that is refused leaves the session idle, and it can join again', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const session = client.session()
    const states = collected(session, 'state')
    server.script = ({ action }) => (action === 'join' ? refused('forbidden') : undefined)
    expect(await errorOf(session.join({ roomId }))).toMatchObject({ name: 'ChatError', code: 'forbidden' })
    server.script = () => undefined
    await session.join({ roomId })
    expect(states).toEqual(['establishing', 'idle', 'establishing', 'established'].map((state) => ({ state })))
    client.close()
  })

  it.each<[string, RoomTarget]>([
    ['by its id, before it sends anything', { roomId }],
    ['by its name, after the reply', 'Lobby'],
  ])('of a room that another session has is refused: %s', async (_, target) => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    const second = client.session()
    const states = collected(second, 'state')
    expect(await errorOf(second.join(target))).toMatchObject({ name: 'InvalidOperationError' })
    expect(states.map(({ state }) => state)).toEqual(['establishing', 'idle'])
    server.newest.say({ type: 'message', ...message(1) })
    expect([session.last, client.rooms, joinsAndLeaves(server).includes('leave')]).toEqual([1, [roomId], false])
    client.close()
  })

  it('refuses a target that names no room before it has an effect', async () => {
    const server = new ScriptedServer()
    const session = (await connected(server)).session()
    const states = collected(session, 'state')
    expect(await errorOf(session.join('chat:lobby'))).toBeInstanceOf(TypeError)
    expect([states, server.newest.askedFor('join')]).toEqual([[], []])
  })
})

describe('a client that closes during a join', () => {
  const steps = [...Array(16).keys()]

  it.each(steps)('ends it, or the session that it has made, %d steps after the reply', async (count) => {
    const { client, session, states, work, answer } = await joining()
    answer()
    for (let step = 0; step < count; step++) await undefined
    const wasEstablished = session.state === 'established'
    client.close()
    const outcome = await outcomeOf(work)
    if (!wasEstablished) expect(outcome).toMatchObject({ name: 'ConnectionError', code: 'closed' })
    expect(states.at(-1)).toMatchObject({ state: 'terminated', reason: { code: 'closed' } })
    const names = states.map(({ state }) => state)
    expect(names).toEqual(['establishing', ...(wasEstablished ? ['established'] : []), 'terminated'])
    expect([session.state, session.room, client.rooms]).toEqual(['terminated', undefined, []])
  })
})

describe('a signal that is aborted during a join', () => {
  it.each([...Array(16).keys()])('leaves no session on the server, %d steps after the reply', async (count) => {
    const abort = new AbortController()
    const { client, server, session, work, answer } = await joining({ roomId }, { signal: abort.signal })
    answer()
    for (let step = 0; step < count; step++) await undefined
    const wasEstablished = session.state === 'established'
    abort.abort(new RangeError('Never mind.'))
    const outcome = await outcomeOf(work)
    if (wasEstablished) {
      expect([session.state, joinsAndLeaves(server)]).toEqual(['established', ['join']])
    } else {
      expect(outcome).toMatchObject({ name: 'RangeError' })
      expect([session.state, client.rooms, joinsAndLeaves(server)]).toEqual(['idle', [], ['join', 'leave']])
    }
    client.close()
  })
})
