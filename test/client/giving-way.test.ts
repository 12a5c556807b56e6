import type { StateChange } from '../../client/index.ts'
import { aClientWorld } from './client-world.ts'
import { errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { roomId, ScriptedServer } from './scripted-server.ts'

/** Connections that give way to newer ones of their user. */

const minute = 60_000

async function joined(server: ScriptedServer) {
  const client = server.client()
  await client.connect()
  const session = client.session()
  await session.join({ roomId })
  return { client, session }
}

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

  it('is replaced as well while its successor waits for a token, and does not come back with it', async () => {
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
