import type { StateChange } from '../../client/index.ts'
import { errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { ScriptedServer } from './scripted-server.ts'

/** Connections that newer ones of the same user replace. */

const minute = 60_000

describe('a connection that a newer one replaces', () => {
  it('reports the state replaced and reconnects only when connect is called', async () => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
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

  it('does not reconnect when a token that it was waiting for arrives', async () => {
    const server = new ScriptedServer()
    const given: ((token: string) => void)[] = []
    const client = server.client({ token: () => new Promise<string>((give) => given.push(give)) })
    const connecting = client.connect()
    await settled()
    given[0]?.('jwt')
    await connecting
    server.newest.say({ type: 'goaway', reason: 'age', reconnectInMs: 0 })
    await server.clock.pass(0)
    server.newest.say({ type: 'goaway', reason: 'replaced', reconnectInMs: 0 })
    server.newest.close(1000)
    given[1]?.('jwt')
    await server.clock.pass(120 * minute)
    expect([client.state, given.length, server.sockets.length]).toEqual(['replaced', 2, 1])
    const again = client.connect()
    await settled()
    given[2]?.('jwt')
    await again
    expect(client.state).toBe('connected')
    client.close()
  })

  it('does not report the state replaced if its own next connection replaced it', async () => {
    const server = new ScriptedServer()
    const { client } = await server.joined()
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

describe('a connection that is replaced during its handshake', () => {
  it('reports the state replaced as well', async () => {
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
