import WebSocket from 'ws'
import { ChatClient, type ChatRoomSession, type StateChange } from '../../client/index.ts'
import { deployment } from '../support/local-run/deployment.ts'
import { startLocalRun } from '../support/local-run/local-run.ts'
import { errorOf } from './listening.ts'
import { aClientWorld } from './world.ts'

/** Behaviour that other tests check with a scripted server, checked with the real server. */

// A hundred connections of one user at once.
const world = aClientWorld(() => deployment(startLocalRun))

describe('connect', () => {
  it('fails with unauthorized for a forged token', async () => {
    const forged = `${(await world().deployment.token('alice')).split('.').slice(0, 2).join('.')}.Zm9yZ2Vk`
    const client = world().client('alice', { token: () => forged, random: () => 0 })
    expect(await errorOf(client.connect())).toMatchObject({ code: 'unauthorized' })
  })

  it('fails with misconfigured for a page of another origin and for another path', async () => {
    class Foreign extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { origin: 'https://elsewhere.example' })
      }
    }
    const foreign = world().client('alice', { webSocket: Foreign, random: () => 0 })
    expect(await errorOf(foreign.connect())).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('Origin'),
    })
    const url = `${world().deployment.url}/nowhere`
    const lost = new ChatClient({ url, token: () => 'a.b.c', webSocket: WebSocket, random: () => 0 })
    expect(await errorOf(lost.connect())).toMatchObject({ code: 'misconfigured' })
  })

  it('waits while no server listens at the address', async () => {
    const client = new ChatClient({ url: 'ws://127.0.0.1:9/chat', token: () => 'a.b.c', webSocket: WebSocket })
    const change = await new Promise<StateChange>((resolve) => {
      client.on('state', (change) => change.state === 'waiting' && resolve(change))
      void client.connect().catch(() => undefined)
    })
    expect(change.error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('ECONNREFUSED') })
    client.close()
  })
})

describe('a session', () => {
  const othersIn = async (watcher: ChatRoomSession) => (await watcher.listParticipants()).map(({ user }) => user).sort()

  it('joins once for a component that is mounted twice, and not for one that is unmounted at once', async () => {
    const room = await world().room({}, ['alice', 'bob', 'carol'])
    const watcher = await world().joined('carol', room)
    const [alice, bob] = [await world().connected('alice'), await world().connected('bob')]
    const mount = (client: typeof alice) => {
      const session = client.session()
      return { session, joined: session.join(room.name).catch((error: unknown) => error) }
    }
    await mount(alice).session.leave()
    const unmounted = mount(bob).session.leave()
    const kept = mount(bob)
    await Promise.all([unmounted, kept.joined])
    expect(await othersIn(watcher)).toEqual(['bob', 'carol'])
    expect(await kept.session.send('Still here')).toMatchObject({ text: 'Still here' })
  })
})

describe('an invitation', () => {
  it('from before the first connection is raised', async () => {
    const room = await world().room({}, [])
    const manager = await world().connected('alice')
    await manager.grant({ roomId: room.roomId, role: 'member', principals: ['user:erin'] })
    const client = world().client('erin')
    const told = new Promise((resolve) => {
      client.on('invitation', ({ room: { roomId } }) => roomId === room.roomId && resolve(roomId))
    })
    await client.connect()
    expect(await told).toBe(room.roomId)
  })
})

describe('clients of one user', () => {
  it.each([26, 50, 100])('are reduced from %i to 25, and the replaced ones do not reconnect', async (all) => {
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
        // A client that is replaced during its handshake gets the push with its join.
        client
          .connect()
          .then(() => client.session().join({ roomId }))
          .catch(() => undefined)
      }
    })
    // On a busy machine some connections may be lost and made again. Clients that replace each other never stop.
    expect(opened).toBeLessThan(2 * all)
    expect(count('connected')).toBeGreaterThan(0)
  })
})
