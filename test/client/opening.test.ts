import { roomId, ScriptedServer } from './scripted-server.ts'

describe('a handshake that never opens', () => {
  it('is abandoned and repeated', async () => {
    const server = new ScriptedServer()
    server.mute = true
    const client = server.client()
    const told: unknown[] = []
    client.on('state', ({ error }) => error && told.push(error))
    const connecting = client.connect()
    await server.clock.pass(20_000)
    expect(server.newest.readyState).toBe(3)
    expect(told).toMatchObject([{ code: 'unreachable', message: 'No answer came within 20 seconds.' }])
    server.mute = false
    await server.clock.pass(1000)
    await connecting
    client.close()
  })
})

describe('a token that never arrives', () => {
  it('is abandoned and requested again', async () => {
    const server = new ScriptedServer()
    let asked = 0
    const client = server.client({ token: () => (++asked === 1 ? new Promise<never>(() => undefined) : 'jwt') })
    const errors: (Error | undefined)[] = []
    client.on('state', ({ state, error }) => state === 'waiting' && errors.push(error))
    const connecting = client.connect()
    await server.clock.pass(20_000)
    expect(errors).toMatchObject([{ name: 'ConnectionError' }])
    await server.clock.pass(500)
    await connecting
    expect([asked, client.state, server.sockets.length]).toEqual([2, 'connected', 1])
    client.close()
  })

  it('affects neither the current connection nor the next attempt to replace it', async () => {
    const server = new ScriptedServer()
    let asked = 0
    const client = server.client({ token: () => (++asked === 2 ? new Promise<never>(() => undefined) : 'jwt') })
    await client.connect()
    const session = client.session()
    await session.join({ roomId })
    server.newest.say({ type: 'goaway', reason: 'deploy', reconnectInMs: 0 })
    await server.clock.pass(20_000)
    expect([asked, session.live, await session.send('During the wait')]).toMatchObject([2, true, { seq: 1 }])
    await server.clock.pass(500)
    expect([asked, server.sockets.map(({ readyState }) => readyState)]).toEqual([3, [3, 1]])
  })

  it('until it is too late has no effect and leaves no timer when the client is closed', async () => {
    const server = new ScriptedServer()
    const given: ((token: string) => void)[] = []
    const client = server.client({ token: () => new Promise<string>((give) => given.push(give)) })
    const connecting = client.connect()
    await server.clock.pass(20_000 + 500)
    for (const give of given) give('jwt')
    await connecting
    expect([given.length, server.sockets.length]).toEqual([2, 1])
    server.newest.close()
    await server.clock.pass(1000)
    expect(given).toHaveLength(3)
    client.close()
    expect(server.clock.due).toEqual([])
  })
})

describe('a check whether a server is reachable', () => {
  it('is abandoned if it never ends, and the next attempt follows', async () => {
    const server = new ScriptedServer()
    server.refusal = {}
    const later = Buffer.from(JSON.stringify({ exp: 9_999_999_999 })).toString('base64url')
    const client = server.client({ token: () => `e30.${later}.x`, isReachable: () => new Promise(() => undefined) })
    const connecting = client.connect()
    await server.clock.pass(20_000)
    expect(client.state).toBe('waiting')
    server.refusal = undefined
    await server.clock.pass(1000)
    await connecting
    client.close()
    expect(server.clock.due).toEqual([])
  })
})

describe('a socket whose send throws', () => {
  it('counts as lost at once, and the request is sent on the next one', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    const broken = server.newest
    broken.send = () => {
      throw new Error('The socket is about to close.')
    }
    const asking = client.hello()
    await server.clock.pass(2000)
    expect(await asking).toEqual({ user: 'alice' })
    expect([broken.readyState, server.sockets.length]).toEqual([3, 2])
    client.close()
    expect(server.clock.due).toEqual([])
  })
})
