import WebSocket from 'ws'
import { ChatClient, type ChatRoomSession, type StateChange } from '../../client/index.ts'
import { errorOf } from './listening.ts'
import { aClientWorld } from './world.ts'

/** What the tests beside this one try with a scripted server, at the chat itself. */

const world = aClientWorld()

describe('the chat', () => {
  it('refuses a forged token as unauthorized', async () => {
    const forged = `${(await world().deployment.token('alice')).split('.').slice(0, 2).join('.')}.Zm9yZ2Vk`
    const client = world().client('alice', { token: () => forged, random: () => 0 })
    expect(await errorOf(client.connect())).toMatchObject({ code: 'unauthorized' })
  })

  it('refuses a page of another origin, and any other path, as misconfigured', async () => {
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

  it('is waited for where nobody listens', async () => {
    const client = new ChatClient({ url: 'ws://127.0.0.1:9/chat', token: () => 'a.b.c', webSocket: WebSocket })
    const change = await new Promise<StateChange>((resolve) => {
      client.on('state', (change) => change.state === 'waiting' && resolve(change))
      void client.connect().catch(() => undefined)
    })
    expect(change.error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('ECONNREFUSED') })
    client.close()
  })
})

describe('joining and leaving', () => {
  const othersIn = async (watcher: ChatRoomSession) => (await watcher.listParticipants()).map(({ user }) => user).sort()

  it('a component that is mounted twice is in the room once, and one that is unmounted at once is not', async () => {
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
  it('one who is added to a room before the first connection hears of it', async () => {
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

describe('connections of one user', () => {
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
