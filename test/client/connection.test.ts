import { type ChatClientOptions, type ChatRoomSession, ConnectionError, type Message } from '../../client/index.ts'
import { collected, errorOf, stateOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { message, roomId, ScriptedServer } from './scripted-server.ts'

const minute = 60_000

const joined = async (server: ScriptedServer, options: Partial<ChatClientOptions> = {}): Promise<ChatRoomSession> =>
  (await server.joined(options)).session

const seqs = (messages: readonly Message[]) => messages.map(({ seq }) => seq)

describe('a connection', () => {
  it('offers the protocol and a new token each time', async () => {
    const server = new ScriptedServer()
    let tokens = 0
    const client = server.client({ token: async () => `jwt${++tokens}` })
    await client.connect()
    expect(client.user).toBe('alice')
    server.newest.close()
    await server.clock.pass(minute)
    expect(server.sockets.map(({ protocols }) => protocols)).toEqual([
      ['chat.v1', 'bearer.jwt1'],
      ['chat.v1', 'bearer.jwt2'],
    ])
    client.close()
  })

  it('reports its states and waits longer after each failure', async () => {
    const server = new ScriptedServer()
    let failing = true
    const token = () => (failing ? Promise.reject(new ConnectionError('No network.', 'unreachable')) : 'jwt')
    const client = server.client({ token })
    const states: unknown[] = []
    client.on('state', ({ state, retryInMs }) => states.push(retryInMs ?? state))
    const connecting = client.connect()
    await server.clock.pass(500 + 1000 + 2000)
    expect(states).toEqual(['connecting', 500, 'connecting', 1000, 'connecting', 2000, 'connecting', 4000])
    failing = false
    await server.clock.pass(4000)
    await connecting
    client.close()
    expect(states.slice(-3)).toEqual(['connecting', 'connected', 'closed'])
    await server.clock.pass(120 * minute)
    expect(server.clock.due).toEqual([])
  })

  it('waits longer for a server that closes each connection at once', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    const waits: (number | undefined)[] = []
    client.on('state', ({ retryInMs, state }) => {
      if (state === 'waiting') waits.push(retryInMs)
      if (state === 'connected') setImmediate(() => server.newest.close())
    })
    void client.connect()
    await server.clock.pass(8000)
    expect(waits.slice(0, 4)).toEqual([500, 1000, 2000, 4000])
    client.close()
  })

  it('abandons a handshake that does not end', async () => {
    const server = new ScriptedServer()
    server.script = ({ action }) => (action === 'hello' && server.sockets.length === 1 ? 'nothing' : undefined)
    const client = server.client()
    const connecting = client.connect()
    await server.clock.pass(15_000 + 1000)
    await connecting
    expect(server.sockets).toHaveLength(2)
    client.close()
  })

  it('connects at once when check is called while it waits', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    const waiting = stateOf(client, 'waiting')
    server.newest.close()
    await waiting
    const connected = stateOf(client, 'connected')
    client.check()
    await connected
    client.close()
  })

  it('closes if a new token is for another user', async () => {
    const server = new ScriptedServer()
    server.script = ({ action }) => (action === 'hello' && server.sockets.length > 1 ? { user: 'mallory' } : undefined)
    const session = await joined(server)
    const states = collected(session, 'state')
    server.newest.close()
    await server.clock.pass(minute)
    expect(states).toMatchObject([{ state: 'terminated' }])
    expect(server.newest.readyState).toBe(3)
  })
})

describe('a move to a new connection', () => {
  it.each([
    ['at an age between 90 and 115 minutes', 102.5 * minute, undefined],
    ['after a goaway push', 2000, { type: 'goaway', reason: 'deploy', reconnectInMs: 2000 }],
  ])('happens %s: rooms move before the old connection closes, and both deliver', async (_, ms, push) => {
    const server = new ScriptedServer()
    server.log = [message(1)]
    const session = await joined(server)
    const heard = collected(session, 'message')
    const told = collected(session, 'live')
    const [old] = server.sockets
    if (!old) throw new Error('There is no connection.')
    let atJoin: number | undefined
    server.script = ({ action }, socket) => {
      if (action === 'join' && socket !== old) {
        atJoin = old.readyState
        old.say({ type: 'message', ...message(2) })
        socket.say({ type: 'message', ...message(2) })
        server.log.push(message(2))
      }
      return undefined
    }
    if (push) old.say(push)
    await server.clock.pass(ms)
    expect(atJoin).toBe(1)
    expect(server.sockets.map(({ readyState }) => readyState)).toEqual([3, 1])
    expect(server.newest.askedFor('join')).toMatchObject([{ roomId, after: 1 }])
    expect(seqs(heard)).toEqual([2])
    expect(session.counts.dropped).toBe(2)
    expect(told).toEqual([])
    server.newest.say({ type: 'message', ...message(3) })
    expect(seqs(heard)).toEqual([2, 3])
  })

  it('happens at a random moment within the time that the server allows', async () => {
    const server = new ScriptedServer()
    await joined(server)
    server.newest.say({ type: 'goaway', reason: 'age', reconnectInMs: 60_000 })
    await server.clock.pass(29_999)
    expect(server.sockets).toHaveLength(1)
    await server.clock.pass(1)
    expect(server.sockets).toHaveLength(2)
  })

  it('happens before the token expires, because an expired connection gets no pushes', async () => {
    const server = new ScriptedServer()
    const exp = server.clock.now() / 1000 + 60 * 60
    await joined(server, { token: () => `e30.${btoa(JSON.stringify({ exp }))}.signature` })
    await server.clock.pass(50.9 * minute)
    expect(server.sockets).toHaveLength(1)
    await server.clock.pass(0.2 * minute)
    expect(server.sockets.map(({ readyState }) => readyState)).toEqual([3, 1])
  })

  it('waits for outstanding replies on the old connection', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const [old] = server.sockets
    server.script = ({ action }, socket) => (action === 'send' && socket === old ? 'nothing' : undefined)
    const sending = session.send('Slow')
    await settled()
    old?.say({ type: 'goaway', reason: 'deploy', reconnectInMs: 0 })
    await server.clock.pass(0)
    expect(server.sockets.map(({ readyState }) => readyState)).toEqual([1, 1])
    const [asked] = old?.askedFor('send') ?? []
    old?.say({ id: asked?.id, ok: true, message: message(1), duplicate: false })
    expect(await sending).toMatchObject({ seq: 1 })
    await settled()
    expect(old?.readyState).toBe(3)
  })

  it('keeps the old connection until a new one is open', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    server.script = ({ action }) => (action === 'hello' ? 'nothing' : undefined)
    server.newest.say({ type: 'goaway', reason: 'deploy', reconnectInMs: 0 })
    await server.clock.pass(30_000)
    expect(session.live).toBe(true)
    server.script = () => undefined
    await server.clock.pass(minute)
    expect(server.sockets[0]?.readyState).toBe(3)
    expect(session.live).toBe(true)
  })
})

describe('a heartbeat', () => {
  it('is a ping without rooms, and a sync of all positions with rooms', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    await server.clock.pass(6 * minute)
    expect(server.newest.askedFor('ping')).toHaveLength(1)
    await client.session().join({ roomId })
    await server.clock.pass(6 * minute)
    expect(server.newest.askedFor('sync')).toMatchObject([{ rooms: { [roomId]: 0 } }])
    client.close()
  })

  it('without a reply within ten seconds replaces the connection, and no message is missed', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const heard = collected(session, 'message')
    const told = collected(session, 'live')
    const [old] = server.sockets
    server.script = (_, socket) => (socket === old ? 'nothing' : undefined)
    server.log = [message(1), message(2)]
    await server.clock.pass(276_000 + 9999)
    expect(old?.readyState).toBe(1)
    await server.clock.pass(1 + 500)
    expect(server.sockets.map(({ readyState }) => readyState)).toEqual([3, 1])
    expect(told).toEqual([false, true])
    expect(seqs(heard)).toEqual([1, 2])
  })

  it('finds messages that were lost at the end of the log', async () => {
    const server = new ScriptedServer()
    const session = await joined(server)
    const heard = collected(session, 'message')
    server.log = [message(1), message(2)]
    await server.clock.pass(6 * minute)
    expect(seqs(heard)).toEqual([1, 2])
  })
})

describe('a log that was restored from a backup', () => {
  it('is noticed by a heartbeat', async () => {
    const server = new ScriptedServer()
    server.log = [message(1), message(2)]
    const session = await joined(server)
    const resets = collected(session, 'reset')
    server.log = [message(1)]
    server.epoch = 'second'
    await server.clock.pass(6 * minute)
    expect(resets).toMatchObject([{ reason: 'epoch', head: 1 }])
  })
})

describe('a request', () => {
  it('that failed in the gateway is repeated if that is safe, and else fails as undecided', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    const gatewayError = { message: 'Internal server error', connectionId: 'c', requestId: 'r' }
    server.script = (frame, socket) => {
      const first = socket.askedFor(frame.action).length === 1
      if (first) setImmediate(() => socket.say(gatewayError))
      return first ? 'nothing' : undefined
    }
    const asking = client.sync({})
    await server.clock.pass(5000)
    expect(await asking).toEqual({ rooms: { [roomId]: { head: 0, floor: 1 } } })
    expect(await errorOf(client.deleteRoom(roomId))).toMatchObject({ name: 'ConnectionError', undecided: true })
    expect(server.newest.askedFor('deleteRoom')).toHaveLength(1)
    client.close()
  })

  it('without a connection waits for the next one', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    server.newest.close()
    const asking = client.sync({})
    await server.clock.pass(500)
    expect(await asking).toEqual({ rooms: { [roomId]: { head: 0, floor: 1 } } })
    client.close()
  })

  it('that does not fit in a frame is refused before it closes the connection', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    expect(await errorOf(client.preference({ label: 'a', data: 'a'.repeat(40_000) }))).toBeInstanceOf(RangeError)
    expect(client.state).toBe('connected')
    client.close()
  })
})
