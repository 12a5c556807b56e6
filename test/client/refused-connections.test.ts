import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import WebSocket from 'ws'
import { ChatClient, type ChatClientOptions, ConnectionError, type StateChange } from '../../client/index.ts'
import { errorOf, stateOf } from './listening.ts'
import { roomId, ScriptedServer, ScriptedSocket } from './scripted-server.ts'

/** Connections that fail: the error, and whether it ends `connect`. */

const jwt = (exp: number) => `e30.${btoa(JSON.stringify({ exp }))}.c2ln`

/** Connects to a scripted server and records the states. */
async function attemptAt(server: ScriptedServer, options: Partial<ChatClientOptions> = {}) {
  const client = server.client(options)
  const states: StateChange[] = []
  client.on('state', (change) => states.push(change))
  const connecting = client.connect().catch((error: Error) => error)
  await server.clock.pass(30_000)
  return { client, connecting, states, names: () => states.map(({ state }) => state) }
}

describe('a client in a browser, which gives no reason for a failed handshake,', () => {
  function refusing(more: Partial<ScriptedServer> = {}): ScriptedServer {
    return Object.assign(new ScriptedServer(), { refusal: { type: 'error' } }, more)
  }

  it('ends with unauthorized if a reachable server refuses three times', async () => {
    const { client, connecting, names } = await attemptAt(refusing(), { token: () => jwt(4_000_000_000) })
    expect(await connecting).toMatchObject({ name: 'ConnectionError', code: 'unauthorized' })
    expect(names()).toEqual([...Array(2).fill(['connecting', 'waiting']).flat(), 'connecting', 'unauthorized'])
    expect(client.state).toBe('unauthorized')
  })

  it('continues to try if no server is reachable', async () => {
    const server = refusing({ reachable: false })
    const { client, states } = await attemptAt(server, { token: () => jwt(4_000_000_000) })
    expect(client.state).toBe('waiting')
    expect(states.at(-1)?.error).toMatchObject({ code: 'unreachable' })
    server.refusal = undefined
    const connected = stateOf(client, 'connected')
    await server.clock.pass(60_000)
    await connected
    client.close()
  })

  it.each([
    ['has expired', jwt(1_600_000_000), 'The token was refused. It has expired.'],
    ['is not a JWT', 'secret', 'The token was refused. It is no JWT.'],
  ])('reports that a refused token %s without checking the server', async (_, token, words) => {
    const { connecting } = await attemptAt(refusing({ reachable: false }), { token: () => token })
    expect(await connecting).toMatchObject({ code: 'unauthorized', message: words })
  })

  it('continues to try if it was connected before', async () => {
    const server = new ScriptedServer()
    const client = server.client({ token: () => jwt(4_000_000_000) })
    await client.connect()
    server.refusal = { type: 'error' }
    server.newest.close()
    await server.clock.pass(600_000)
    expect(client.state).toBe('waiting')
    client.close()
  })
})

describe('a token callback that throws', () => {
  const failing = () => Promise.reject(new TypeError('There is no session.'))

  it('ends the first connect as unauthorized, with the thrown error as the cause', async () => {
    let asked = 0
    const token = () => {
      asked++
      return failing()
    }
    const { connecting, client } = await attemptAt(new ScriptedServer(), { token })
    const error = await connecting
    // The callback may open a window, and a person who closes it must not see it again.
    expect(asked).toBe(1)
    expect(error).toMatchObject({ code: 'unauthorized', message: 'There is no token: There is no session.' })
    expect(error).toMatchObject({ cause: { name: 'TypeError' } })
    expect(client.state).toBe('unauthorized')
  })

  it('is called again later for a client that was connected, which reports why it waits', async () => {
    const server = new ScriptedServer()
    let asked = 0
    const client = server.client({ token: () => (++asked === 1 ? 'jwt' : failing()) })
    await client.connect()
    const waiting = new Promise<StateChange>((resolve) => {
      client.on('state', (change) => {
        if (change.state === 'waiting' && change.error?.message.includes('token')) resolve(change)
      })
    })
    server.newest.close()
    await server.clock.pass(600_000)
    expect((await waiting).error).toMatchObject({ code: 'unreachable' })
    expect(asked).toBeGreaterThan(5)
    client.close()
  })

  it('can report with its error that the sign-in has ended or that the network has failed', async () => {
    const server = new ScriptedServer()
    let thrown: ConnectionError | undefined
    const client = server.client({ token: () => (thrown ? Promise.reject(thrown) : 'jwt') })
    await client.connect()
    thrown = new ConnectionError('You were signed out.', 'unauthorized')
    server.newest.close()
    await server.clock.pass(30_000)
    expect(client.state).toBe('unauthorized')
    const { state } = await attemptAt(new ScriptedServer(), {
      token: () => Promise.reject(new ConnectionError('Offline.', 'unreachable')),
    }).then(({ client }) => client)
    expect(state).toBe('waiting')
  })
})

describe('an invalid URL or platform', () => {
  it.each(['', 'chat.example.org', 'https://chat.example.org', 'wss://', 'wss://a b/c'])(
    'fails at once with misconfigured: %j',
    async (url) => {
      const server = new ScriptedServer()
      expect(await errorOf(server.client({ url }).connect())).toMatchObject({ code: 'misconfigured' })
      expect(server.sockets).toEqual([])
    },
  )

  it('is reported without parts of the URL that may be a token', async () => {
    const server = new ScriptedServer()
    class Invalid extends ScriptedSocket {
      constructor(url: string) {
        super(server, [])
        throw new SyntaxError(`Invalid URL: ${url}`)
      }
    }
    for (const url of ['https://me:secret@here/?token=secret', 'wss://me:secret@here:0x/?token=secret']) {
      const error = await errorOf(server.client({ url, webSocket: Invalid }).connect())
      expect(error.message).toContain('//…@here')
      expect(error.message).not.toContain('secret')
    }
  })

  it('fails with misconfigured if the platform refuses to create a WebSocket, with its error as the cause', async () => {
    const server = new ScriptedServer()
    class Refusing extends ScriptedSocket {
      constructor() {
        super(server, [])
        throw new SyntaxError('An insecure WebSocket may not be opened here.')
      }
    }
    const client = server.client({ webSocket: Refusing })
    const error = await errorOf(client.connect())
    expect(error).toMatchObject({ code: 'misconfigured', cause: { name: 'SyntaxError' } })
    expect(client.state).toBe('misconfigured')
  })
})

describe('a client that was refused', () => {
  it('can connect again later and then continues its rooms and unsent messages', async () => {
    const server = new ScriptedServer()
    let token = 'jwt'
    const client = server.client({ token: () => token })
    await client.connect()
    const session = client.session()
    await session.join({ roomId })
    server.refusal = { message: 'Unexpected server response: 401' }
    server.newest.close()
    const sending = session.send('Later')
    await server.clock.pass(30_000)
    expect([client.state, session.state, session.live]).toEqual(['unauthorized', 'established', false])
    expect(await errorOf(client.hello())).toMatchObject({ code: 'unauthorized' })
    expect(await errorOf(client.session().join({ roomId: 'attic' }))).toMatchObject({ code: 'unauthorized' })
    expect(server.clock.due).toEqual([])
    server.refusal = undefined
    token = 'jwt2'
    await client.connect()
    expect(await sending).toMatchObject({ text: 'Later' })
    expect(session.live).toBe(true)
    client.close()
  })

  it('keeps its current connection if the next one is refused', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    server.refusal = { message: 'Unexpected server response: 401' }
    server.newest.say({ type: 'goaway', reason: 'age', reconnectInMs: 0 })
    await server.clock.pass(60_000)
    expect(client.state).toBe('connected')
    client.close()
  })
})

describe('a signal', () => {
  it('ends the wait for a connection with its reason, but not the attempts', async () => {
    const server = Object.assign(new ScriptedServer(), { mute: true })
    const client = server.client()
    const abort = new AbortController()
    const connecting = errorOf(client.connect({ signal: abort.signal }))
    abort.abort(new RangeError('Too slow.'))
    expect(await connecting).toMatchObject({ message: 'Too slow.' })
    server.mute = false
    await server.clock.pass(30_000)
    expect(client.state).toBe('connected')
    expect(
      await errorOf(client.connect({ signal: AbortSignal.abort() }).then(() => Promise.reject(new Error('was there')))),
    ).toMatchObject({ message: 'was there' })
    client.close()
  })
})

describe('a handshake that is answered with the status', () => {
  let server: Server
  let status = 200
  const url = () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`
  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(status).end()).on('upgrade', (_, socket) => {
      socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  /** A client whose waits have minimum length. */
  const client = () => new ChatClient({ url: url(), token: () => 'a.b.c', webSocket: WebSocket, random: () => 0 })

  it.each([
    [401, 'unauthorized'],
    [403, 'misconfigured'],
    [404, 'misconfigured'],
    [426, 'misconfigured'],
  ])('%i ends connect with %s and the status in the message', async (answered, code) => {
    status = answered
    const error = await errorOf(client().connect())
    expect(error).toMatchObject({ code, message: expect.stringContaining(String(answered)) })
  })

  it.each([408, 429, 500, 503])('%i is repeated', async (answered) => {
    status = answered
    const one = client()
    const change = await new Promise<StateChange>((resolve) => {
      one.on('state', (change) => change.state === 'waiting' && resolve(change))
      void one.connect().catch(() => undefined)
    })
    expect(change.error).toMatchObject({ code: 'unreachable', message: `The server answered ${answered}.` })
    one.close()
  })
})
