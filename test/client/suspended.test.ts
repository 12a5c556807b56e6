import type { StateChange } from '../../client/index.ts'
import { errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { ScriptedServer } from './scripted-server.ts'

const minute = 60_000
const goaway = { type: 'goaway', reason: 'suspended', reconnectInMs: 0 }

describe('a client whose user is suspended', () => {
  it('reports the state suspended and does not reconnect', async () => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    const states: StateChange[] = []
    client.on('state', (change) => states.push(change))
    server.newest.say(goaway)
    server.newest.close(1000)
    await server.clock.pass(120 * minute)
    expect(states).toMatchObject([{ state: 'suspended', error: { name: 'ConnectionError', code: 'suspended' } }])
    expect([server.sockets.length, session.state, session.live]).toEqual([1, 'established', false])
    expect(await errorOf(client.hello())).toMatchObject({ code: 'suspended' })
    client.close()
  })

  it('connects with the same rooms when connect is called after the suspension has ended', async () => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    server.newest.say(goaway)
    await client.connect()
    await settled()
    expect([client.state, session.live]).toEqual(['connected', true])
    client.close()
  })

  it.each([
    ['with a status', { message: 'Unexpected server response: 403' }],
    ['without a reason, as in a browser', { type: 'error' }],
  ])('is suspended again when connect is called and the handshake is refused %s', async (_, refusal) => {
    const server = new ScriptedServer()
    const { client } = await server.joined()
    server.newest.say(goaway)
    server.refusal = refusal
    expect(await errorOf(client.connect())).toMatchObject({ code: 'suspended' })
    await server.clock.pass(120 * minute)
    expect([client.state, server.sockets.length]).toEqual(['suspended', 2])
    client.close()
  })

  it('stops even if it is opening its next connection', async () => {
    const server = new ScriptedServer()
    const { client } = await server.joined()
    const [old] = server.sockets
    server.script = ({ action }, socket) => (action === 'hello' && socket !== old ? 'nothing' : undefined)
    old?.say({ type: 'goaway', reason: 'age', reconnectInMs: 0 })
    await server.clock.pass(0)
    old?.say(goaway)
    await server.clock.pass(minute)
    expect([client.state, server.sockets.length]).toEqual(['suspended', 2])
    client.close()
  })
})
