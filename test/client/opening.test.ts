import { roomId, ScriptedServer } from './scripted-server.ts'

describe('a handshake that never opens', () => {
  it('is given up, and made anew', async () => {
    const server = new ScriptedServer()
    server.mute = true
    const client = server.client()
    const connecting = client.connect()
    await server.clock.pass(20_000)
    expect(server.newest.readyState).toBe(3)
    server.mute = false
    await server.clock.pass(1000)
    await connecting
    client.close()
  })
})

describe('a token that never comes', () => {
  it('is given up, and asked for anew', async () => {
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

  it('holds up neither the connection there is nor the next attempt to replace it', async () => {
    const server = new ScriptedServer()
    let asked = 0
    const client = server.client({ token: () => (++asked === 2 ? new Promise<never>(() => undefined) : 'jwt') })
    await client.connect()
    const session = client.session()
    await session.join({ roomId })
    server.newest.say({ type: 'goaway', reason: 'deploy', reconnectInMs: 0 })
    await server.clock.pass(20_000)
    expect([asked, session.live, await session.send('Meanwhile')]).toMatchObject([2, true, { seq: 1 }])
    await server.clock.pass(500)
    expect([asked, server.sockets.map(({ readyState }) => readyState)]).toEqual([3, [3, 1]])
  })

  it('that comes too late changes nothing, and leaves nothing to wait for when the client is closed', async () => {
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
