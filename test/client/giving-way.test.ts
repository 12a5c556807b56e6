import type { StateChange } from '../../client/index.ts'
import { aClientWorld } from './client-world.ts'
import { errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { ScriptedServer } from './scripted-server.ts'

/** Connections that give way to newer ones of their user. */

const minute = 60_000

describe('a connection that gives way to a newer one', () => {
  it('is replaced: it says so, does not come back by itself, and takes over when it is asked to', async () => {
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

  it('is not replaced where its own successor took its place', async () => {
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

describe('at the chat itself', () => {
  const world = aClientWorld()

  it.each([26, 50, 100])('%i clients of one user settle: 25 at most stay, and no other comes back', async (all) => {
    const user = `user of ${all}`
    const { roomId } = await world().room({ privacy: 'open' }, [])
    let opened = 0
    const clients = Array.from({ length: all }, () => world().client(user))
    const count = (state: string) => clients.filter((client) => client.state === state).length
    await new Promise<void>((resolve) => {
      for (const client of clients) {
        client.on('state', ({ state }) => {
          if (state === 'connected') opened++
          if (count('connected') + count('replaced') === all && count('connected') <= 25) resolve()
        })
        // A client that has to give way before its handshake is over is told with its join.
        client
          .connect()
          .then(() => client.session().join({ roomId }))
          .catch(() => undefined)
      }
    })
    // On a busy machine a connection may be cut and made again. Clients that replaced each other would do so for ever.
    expect(opened).toBeLessThan(2 * all)
    expect(count('connected')).toBeGreaterThan(0)
  })
})
