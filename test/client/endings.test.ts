import type { ChatClient, ChatRoomSession, StateChange } from '../../client/index.ts'
import { aClientWorld } from './client-world.ts'
import { collected, errorOf, next, stateOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { message, refused, roomId, ScriptedServer } from './scripted-server.ts'

/** How connections and sessions end, and that nothing is told afterwards. */

const minute = 60_000

async function joined(server: ScriptedServer): Promise<{ client: ChatClient; session: ChatRoomSession }> {
  const client = server.client()
  await client.connect()
  const session = client.session()
  await session.join({ roomId })
  return { client, session }
}

/** Everything that is told from now on, by the name of the event. */
function toldBy(client: ChatClient, session: ChatRoomSession): string[] {
  const told: string[] = []
  for (const name of ['state', 'invitation'] as const) client.on(name, () => told.push(`client ${name}`))
  const events = [
    'message',
    'removal',
    'participant',
    'room',
    'rights',
    'gap',
    'reset',
    'sent',
    'failed',
    'live',
  ] as const
  for (const name of events) session.on(name, () => told.push(name))
  session.on('state', ({ state }) => told.push(state))
  return told
}

const bob = { user: 'bob', name: 'Bob', isManager: false, isPresenter: false }

/** A page of history, the list of participants, a send and an invitation are on their way. */
async function busy(server: ScriptedServer) {
  const { client, session } = await joined(server)
  const held = ['history', 'send', 'participants', 'invitations']
  server.script = ({ action }) => (held.includes(action) ? 'nothing' : undefined)
  const socket = server.newest
  const sending = session.send('Unsent').catch((error: unknown) => error)
  socket.say({ type: 'message', ...message(3) })
  await server.clock.pass(1000)
  expect(socket.askedFor('history')).toHaveLength(1)
  /** All of it arrives, and pushes of every kind. */
  const arrive = async () => {
    server.script = () => undefined
    for (const frame of [...socket.asked]) {
      if (held.includes(frame.action)) socket.say({ id: frame.id, ok: true, ...Object(server.answer(frame, socket)) })
    }
    socket.say({ type: 'message', ...message(1) })
    socket.say({ type: 'participant', roomId, event: 'joined', user: bob })
    socket.say({ type: 'room', roomId, version: 9, changed: { name: { old: 'Lobby', new: 'Hall' } } })
    socket.say({ type: 'kicked', roomId, reason: 'revoked' })
    socket.say({
      type: 'invitation',
      invitationId: 1,
      room: { roomId, uri: '', name: '', description: '' },
      createdAt: '',
    })
    await server.clock.pass(10 * minute)
  }
  return { client, session, socket, sending, arrive }
}

describe('after the end of', () => {
  it('a client nothing is told: the last words are what failed, the end of each session, and of the client', async () => {
    const server = new ScriptedServer()
    const { client, session, sending, arrive } = await busy(server)
    const told = toldBy(client, session)
    client.close()
    expect(told).toEqual(['failed', 'terminated', 'client state'])
    expect(await sending).toMatchObject({ code: 'closed', undecided: true })
    await arrive()
    client.close()
    client.check()
    expect([told.length, server.clock.due]).toEqual([3, []])
  })

  it('a session by the server nothing is told but of the client', async () => {
    const server = new ScriptedServer()
    const { client, session, socket, sending, arrive } = await busy(server)
    const told = toldBy(client, session)
    socket.say({ type: 'kicked', roomId, reason: 'revoked' })
    expect(told).toEqual(['failed', 'terminated'])
    expect(await sending).toMatchObject({ name: 'ConnectionError', code: 'unanswered', undecided: true })
    await arrive()
    expect(told.filter((name) => !name.startsWith('client'))).toEqual(['failed', 'terminated'])
    client.close()
  })

  it('a stay nothing is told of the room that was left', async () => {
    const server = new ScriptedServer()
    const { client, session } = await joined(server)
    server.script = ({ action }) => (action === 'history' ? 'nothing' : undefined)
    server.newest.say({ type: 'message', ...message(3) })
    await server.clock.pass(1000)
    await session.leave()
    const told = toldBy(client, session)
    const [asked] = server.newest.askedFor('history')
    server.newest.say({
      id: asked?.id,
      ok: true,
      messages: [message(1), message(2)],
      head: 3,
      floor: 1,
      epoch: 'first',
    })
    server.newest.say({ type: 'message', ...message(4) })
    server.newest.say({ type: 'participant', roomId, event: 'joined', user: bob })
    await server.clock.pass(minute)
    expect(told).toEqual([])
    client.close()
  })

  it('a session a message is refused that a listener sends in its last moment', async () => {
    const server = new ScriptedServer()
    const { client, session, socket } = await busy(server)
    const late: Promise<Error>[] = []
    session.on('failed', () => late.push(errorOf(session.send('Too late'))))
    socket.say({ type: 'kicked', roomId, reason: 'revoked' })
    expect(await Promise.all(late)).toMatchObject([{ name: 'SessionStateError' }])
    client.close()
  })
})

describe('a connection that gives way to a newer one', () => {
  it('is replaced: it says so, does not come back by itself, and takes over when it is asked to', async () => {
    const server = new ScriptedServer()
    const { client, session } = await joined(server)
    const states: StateChange[] = []
    client.on('state', (change) => states.push(change))
    server.newest.say({ type: 'goaway', reason: 'replaced', reconnectInMs: 0 })
    server.newest.close(1000)
    await server.clock.pass(120 * minute)
    expect(states).toMatchObject([{ state: 'replaced', error: { name: 'ConnectionError', code: 'replaced' } }])
    expect([server.sockets.length, session.state, session.live]).toEqual([1, 'established', false])
    expect(await errorOf(client.hello())).toMatchObject({ code: 'replaced' })
    await client.connect()
    await settled()
    expect([client.state, session.live]).toEqual(['connected', true])
    client.close()
  })

  it('is not replaced where its own successor took its place', async () => {
    const server = new ScriptedServer()
    const { client } = await joined(server)
    const [old] = server.sockets
    server.script = ({ action }, socket) => (action === 'hello' && socket !== old ? 'nothing' : undefined)
    old?.say({ type: 'goaway', reason: 'age', reconnectInMs: 0 })
    await server.clock.pass(0)
    old?.say({ type: 'goaway', reason: 'replaced', reconnectInMs: 0 })
    old?.close()
    const [hello] = server.newest.askedFor('hello')
    server.newest.say({ id: hello?.id, ok: true, user: 'alice' })
    await settled()
    expect([client.state, server.sockets.length]).toEqual(['connected', 2])
    client.close()
  })
})

describe('a connection that has to give way before it is made', () => {
  it('is replaced as well', async () => {
    const server = new ScriptedServer()
    server.script = ({ action }) => (action === 'hello' ? 'nothing' : undefined)
    const client = server.client()
    const connecting = errorOf(client.connect())
    await settled()
    server.newest.say({ type: 'goaway', reason: 'replaced', reconnectInMs: 0 })
    expect(await connecting).toMatchObject({ code: 'replaced' })
    await server.clock.pass(minute)
    expect([client.state, server.sockets.length]).toEqual(['replaced', 1])
  })
})

describe('a close code', () => {
  async function waitAfter(code?: number, lastedMs = 6000): Promise<number | undefined> {
    const server = new ScriptedServer()
    const { client } = await joined(server)
    await server.clock.pass(lastedMs)
    const waiting = stateOf(client, 'waiting')
    server.newest.close(code)
    const { retryInMs } = await waiting
    client.close()
    return retryInMs
  }

  it('of 1012 is waited out for 5 to 30 seconds, as after any restart, and 1008 for longer than others', async () => {
    expect(await waitAfter(1012)).toBe(17_500)
    expect(await waitAfter(1008)).toBe(8000)
    for (const code of [1000, 1001, 1006, undefined]) expect(await waitAfter(code)).toBe(500)
  })

  it('of 1008 makes each wait longer than the one before, however long the connections last', async () => {
    const server = new ScriptedServer()
    const { client } = await joined(server)
    const waits: unknown[] = []
    client.on('state', ({ retryInMs }) => retryInMs !== undefined && waits.push(retryInMs))
    for (let count = 0; count < 3; count++) {
      await server.clock.pass(6000)
      server.newest.close(1008)
      await server.clock.pass(minute)
    }
    expect(waits).toEqual([8000, 16_000, 30_000])
    client.close()
  })
})

describe('a ping', () => {
  it('may be answered without its id, as the gateway’s template does, and costs no connection', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    server.script = ({ action }, socket) => {
      if (action !== 'ping') return undefined
      setImmediate(() => socket.say({ ok: true }))
      return 'nothing'
    }
    await client.ping()
    await server.clock.pass(12 * minute)
    expect([server.sockets.length, server.newest.askedFor('ping').length]).toEqual([1, 3])
    client.close()
  })

  it('without an id answers nothing but a ping', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    server.script = ({ action }) => (action === 'sync' ? 'nothing' : undefined)
    const asking = client.sync({})
    await settled()
    server.newest.say({ ok: true })
    const [asked] = server.newest.askedFor('sync')
    server.newest.say({ id: asked?.id, ok: true, rooms: {} })
    expect(await asking).toEqual({ rooms: {} })
    client.close()
  })
})

describe('a session that the server has lost', () => {
  it('is joined again after the next sign of life, from where it was, and misses nothing', async () => {
    const server = new ScriptedServer()
    const { client, session } = await joined(server)
    const heard = collected(session, 'message')
    server.script = ({ action }) => (action === 'sync' ? { rooms: {}, notJoined: [roomId] } : undefined)
    server.log = [message(1)]
    await server.clock.pass(6 * minute)
    expect(server.newest.askedFor('join')).toMatchObject([{ roomId }, { roomId, after: 0 }])
    expect(heard.map(({ seq }) => seq)).toEqual([1])
    client.close()
  })

  it('ends where the room may not be joined any more', async () => {
    const server = new ScriptedServer()
    const { client, session } = await joined(server)
    server.script = ({ action }) => {
      if (action === 'sync') return { rooms: {}, notJoined: [roomId, 'unknown'] }
      return action === 'join' ? refused('forbidden') : undefined
    }
    const ended = next(session, 'state', ({ state }) => state === 'terminated')
    await server.clock.pass(6 * minute)
    expect(await ended).toMatchObject({ reason: { code: 'forbidden' } })
    client.close()
  })
})

describe('at the chat itself', () => {
  const world = aClientWorld()

  it.each([26, 50, 100])(
    '%i clients of one user settle: no more stay than may, and no other comes back',
    async (all) => {
      const user = `user of ${all}`
      const { roomId } = await world().room({ privacy: 'open' }, [])
      let [handshakes, failed] = [0, 0]
      const token = async () => {
        handshakes++
        return world().deployment.token(user)
      }
      const clients = Array.from({ length: all }, () => world().client(user, { token }))
      const count = (state: string) => clients.filter((client) => client.state === state).length
      await new Promise<void>((resolve) => {
        for (const client of clients) {
          client.on('state', ({ error }) => {
            if (error?.message.includes('could not be made') || error?.message.includes('answered')) failed++
            if (count('connected') + count('replaced') === all && count('connected') <= 25) resolve()
          })
          // One that had to give way before it was open hears of it here.
          client
            .connect()
            .then(() => client.session().join({ roomId }))
            .catch(() => undefined)
        }
      })
      // Attempts that a busy machine refuses are made again. Clients that put each other out come back for ever.
      expect(handshakes - failed).toBeLessThanOrEqual(all + 5)
      expect(count('connected')).toBeGreaterThan(0)
    },
  )
})
