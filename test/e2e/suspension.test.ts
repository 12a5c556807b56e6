import WebSocket from 'ws'
import { ChatClient, type StateChange } from '../../client/index.ts'
import { startLocalRun } from '../support/local-run/local-run.ts'
import type { ChatSocket } from '../support/socket/chat-socket.ts'
import { aWorld } from './world.ts'

jest.setTimeout(180_000)
const world = aWorld(startLocalRun)

const suspended = { type: 'goaway', reason: 'suspended', reconnectInMs: 0 }

let root: ChatSocket
beforeEach(async () => {
  root = await world().connect('root')
})

afterEach(async () => {
  const back = await world().connect('root')
  await back.ask('unsuspend', { user: 'carol' })
})

describe('a suspended user', () => {
  it('loses all connections, leaves every room, and is refused with 403 until the suspension ends', async () => {
    const room = await world().room({ privacy: 'open' }, [])
    const alice = await world().joined('alice', room)
    const joined = await world().joined('carol', room)
    const others = [await world().connect('carol'), await world().connect('carol')]
    await alice.push('participant', { event: 'joined' })
    expect(await root.ask('suspend', { user: 'carol', reason: 'Spam' })).toMatchObject({
      suspended: { user: 'carol', by: 'root', reason: 'Spam' },
    })
    for (const socket of [joined, ...others]) {
      expect(await socket.push('goaway')).toEqual(suspended)
      expect([1000, 1005]).toContain(await socket.closed)
    }
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'carol' } })
    expect((await alice.ask('participants', { roomId: room.roomId })).participantCount).toBe(1)
    await expect(world().connect('carol')).rejects.toMatchObject({ status: 403 })
    expect((await root.ask('suspended')).users).toMatchObject([{ user: 'carol' }])

    expect(await root.ask('unsuspend', { user: 'carol' })).toMatchObject({ unsuspended: true })
    const back = await world().joined('carol', room)
    await back.ask('send', { roomId: room.roomId, text: 'Back' })
    await alice.push('message', { text: 'Back' })
  })

  it('keeps the rights that grants give', async () => {
    const room = await world().room({}, ['user:carol'])
    await root.ask('suspend', { user: 'carol', until: '2099-01-01T00:00:00Z' })
    await root.ask('unsuspend', { user: 'carol' })
    await world().joined('carol', room)
  })

  it('stops a client, and nothing that the client still wants to send arrives', async () => {
    const room = await world().room({ privacy: 'open' }, [])
    const alice = await world().joined('alice', room)
    const client = new ChatClient({
      url: world().deployment.url,
      token: () => world().deployment.token('carol'),
      webSocket: WebSocket,
    })
    await client.connect()
    const session = client.session()
    await session.join({ roomId: room.roomId })
    const stopped = new Promise<StateChange>((resolve) =>
      client.on('state', (change) => change.state !== 'connected' && resolve(change)),
    )
    await root.ask('suspend', { user: 'carol' })
    expect(await stopped).toMatchObject({ state: 'suspended', error: { code: 'suspended' } })
    const unsent = session.send('Still here').catch((error: Error) => error.name)
    await expect(client.connect()).rejects.toMatchObject({ code: 'suspended' })
    await alice.push('participant', { event: 'left' })
    expect((await alice.ask('send', { roomId: room.roomId, text: 'Quiet' })).message.seq).toBe(1)
    client.close()
    expect(await unsent).toBeDefined()
  })
})

describe('connections that start while their user is suspended', () => {
  it('are all refused or closed', async () => {
    const attempts = Array.from({ length: 20 }, () => world().connect('carol'))
    const reply = root.ask('suspend', { user: 'carol' })
    const outcomes = await Promise.allSettled(attempts)
    await reply
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ status: 403 })
      else await outcome.value.closed
    }
  })
})

describe('a user whom an administrator disconnects', () => {
  it('loses all connections and may connect again', async () => {
    const sockets = [await world().connect('carol'), await world().connect('carol')]
    const bob = await world().connect('bob')
    expect((await root.ask('disconnect', { user: 'carol' })).disconnected).toBe(2)
    for (const socket of sockets) {
      expect(await socket.push('goaway')).toEqual({ ...suspended, reason: 'disconnected' })
      await socket.closed
    }
    const again = await world().connect('carol')
    expect((await again.ask('hello')).user).toBe('carol')
    expect((await bob.ask('hello')).user).toBe('bob')
  })

  it('loses one connection and keeps the others', async () => {
    const [one, other] = [await world().connect('carol'), await world().connect('carol')]
    const { connectionId } = await one.ask('hello')
    expect((await root.ask('disconnect', { connectionId })).disconnected).toBe(1)
    await one.closed
    expect((await other.ask('hello')).user).toBe('carol')
  })
})

it('only administrators suspend and disconnect', async () => {
  const alice = await world().connect('alice')
  for (const [verb, fields] of [
    ['suspend', { user: 'carol' }],
    ['unsuspend', { user: 'carol' }],
    ['suspended', {}],
    ['disconnect', { user: 'carol' }],
  ] as const) {
    expect((await alice.refusal(verb, fields)).code).toBe('forbidden')
  }
})
