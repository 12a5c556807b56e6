import { collected, errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { connected, joinsAndLeaves, message, refused, roomId, ScriptedServer } from './scripted-server.ts'

/** Joins at the same time as other operations. */

const silentOn = (silent: string) => (frame: { action?: unknown }) => (frame.action === silent ? 'nothing' : undefined)

describe('a join without a connection', () => {
  it('is sent once, with the given name, when the connection is open', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    const connecting = client.connect()
    const session = client.session()
    expect((await session.join('Lobby')).room.roomId).toBe(roomId)
    await connecting
    await settled()
    expect(server.newest.askedFor('join')).toMatchObject([{ roomName: 'Lobby' }])
    expect([session.state, session.live]).toEqual(['established', true])
  })

  it('is sent once when a lost connection is open again', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    server.newest.close()
    const joining = client.session().join('Lobby')
    await server.clock.pass(5000)
    expect((await joining).room.roomId).toBe(roomId)
    expect(server.newest.askedFor('join')).toMatchObject([{ roomName: 'Lobby' }])
  })
})

describe('a leave during a join', () => {
  it('also cancels a join that waits for the end of an earlier one', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const session = client.session()
    const [first, firstEnd] = [errorOf(session.join('Lobby')), session.leave()]
    const [second, secondEnd] = [errorOf(session.join('Lobby')), session.leave()]
    expect(await second).toMatchObject({ name: 'InvalidOperationError' })
    await Promise.all([first, firstEnd, secondEnd])
    await settled()
    expect([session.state, client.rooms, joinsAndLeaves(server)]).toEqual(['idle', [], []])
  })

  it.each([...Array(12).keys()])('leaves the room %d steps after the reply to the join', async (steps) => {
    const server = new ScriptedServer()
    const client = await connected(server)
    server.script = silentOn('join')
    const session = client.session()
    const joining = session.join('Lobby').catch((error: unknown) => error)
    await settled()
    const [join] = server.newest.askedFor('join')
    server.script = () => undefined
    server.newest.say({ id: join?.id, ok: true, ...Object(server.answer(join ?? {}, server.newest)) })
    for (let step = 0; step < steps; step++) await undefined
    await session.leave()
    await joining
    expect([session.state, client.rooms, joinsAndLeaves(server)]).toEqual(['idle', [], ['join', 'leave']])
  })

  it('does not prevent a signal from ending a join that waits for an earlier one', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    server.script = silentOn('join')
    const session = client.session()
    const first = errorOf(session.join('Lobby'))
    await settled()
    const leaving = session.leave()
    await first
    const abort = new AbortController()
    const second = errorOf(session.join('Lobby', { signal: abort.signal }))
    abort.abort(new RangeError('Never mind.'))
    expect(await second).toMatchObject({ message: 'Never mind.' })
    client.close()
    await leaving
  })
})

describe('closing the client', () => {
  it('ends a join that waits for another session to leave, and raises no events afterwards', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const first = client.session()
    await first.join('Lobby')
    server.script = silentOn('leave')
    const leaving = first.leave()
    await settled()
    const second = client.session()
    const joining = errorOf(second.join('Lobby'))
    await settled()
    const states = collected(second, 'state')
    client.close()
    expect(states).toMatchObject([{ state: 'terminated', reason: { code: 'closed' } }])
    expect(await joining).toMatchObject({ code: 'closed' })
    await leaving
    expect(states).toHaveLength(1)
  })

  it('ends requests that wait for another attempt, and leaves no timer', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const later = refused('unavailable', { retryable: true, retryAfterMs: 60_000 })
    const session = client.session()
    await session.join({ roomId })
    server.script = ({ action }) => (['getRoom', 'send', 'join'].includes(String(action)) ? later : undefined)
    const asking = errorOf(client.getRoom('Lobby'))
    const sending = errorOf(session.send('Unsent'))
    const joining = errorOf(client.session().join('attic'))
    server.newest.say({ type: 'room', roomId, version: 2, changed: { privacy: { old: 'open', new: 'closed' } } })
    server.newest.say({ type: 'participant', roomId, event: 'changed', user: { user: 'alice', name: 'Alice' } })
    await settled()
    client.close()
    expect(await Promise.all([asking, sending, joining])).toMatchObject([
      { code: 'closed' },
      { code: 'closed' },
      { code: 'closed' },
    ])
    expect(server.clock.due).toEqual([])
  })
})

describe('leaving while the log is read', () => {
  it('stops reading', async () => {
    const server = new ScriptedServer()
    server.log = Array.from({ length: 600 }, (_, at) => message(at + 1))
    const client = await connected(server)
    server.script = silentOn('history')
    const session = client.session()
    await session.join({ roomId })
    server.newest.say({ type: 'message', ...message(900) })
    await server.clock.pass(1000)
    const [asked] = server.newest.askedFor('history')
    expect(asked).toBeDefined()
    await session.leave()
    server.log = Array.from({ length: 900 }, (_, at) => message(at + 1))
    const page = { messages: server.log.slice(600, 800), head: 900, floor: 1, epoch: 'first', exceeded: false }
    server.newest.say({ id: asked?.id, ok: true, ...page })
    await server.clock.pass(60_000)
    expect(server.newest.askedFor('history')).toHaveLength(1)
  })
})

describe('a message that is cancelled while it is stored before an attempt', () => {
  it('is not sent', async () => {
    const server = new ScriptedServer()
    const [kept, storing] = [new Map<string, string>(), [] as (() => void)[]]
    let isSlow = false
    const storage = {
      get: (key: string) => kept.get(key),
      async set(key: string, value: string) {
        if (isSlow) await new Promise<void>((resolve) => storing.push(resolve))
        kept.set(key, value)
      },
      remove: (key: string) => void kept.delete(key),
    }
    const client = server.client({ storage })
    await client.connect()
    const session = client.session()
    await session.join({ roomId })
    await settled()
    isSlow = true
    const abort = new AbortController()
    const sending = errorOf(session.send('Unsaid', { signal: abort.signal }))
    await settled()
    abort.abort(new RangeError('Never mind.'))
    isSlow = false
    for (const resolve of storing) resolve()
    expect(await sending).toMatchObject({ message: 'Never mind.' })
    await settled()
    expect([server.newest.askedFor('send'), [...kept.keys()]]).toEqual([[], []])
  })
})
