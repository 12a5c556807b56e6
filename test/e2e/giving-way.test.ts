import type { ChatSocket } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'

jest.setTimeout(180_000)
const world = aLocalWorld()

const most = 25
const replaced = { type: 'goaway', reason: 'replaced', reconnectInMs: 0 }

/** One after another, so that it is known which is the oldest. */
async function connected(user: string, count = most): Promise<[ChatSocket, ...ChatSocket[]]> {
  const oldest = await world().connect(user)
  const sockets: [ChatSocket, ...ChatSocket[]] = [oldest]
  while (sockets.length < count) sockets.push(await world().connect(user))
  return sockets
}

describe('with one connection more than a user may have', () => {
  it('the oldest is told why and closed, and all others go on', async () => {
    const [oldest, ...others] = await connected('carol')
    expect(await oldest.ask('hello')).toMatchObject({ user: 'carol', limits: { connectionsPerUser: most } })
    const newest = await world().connect('carol')
    expect(await oldest.push('goaway')).toEqual(replaced)
    expect([1000, 1005]).toContain(await oldest.closed)
    for (const other of [...others, newest]) {
      expect((await other.ask('hello')).user).toBe('carol')
      expect(other.pushes).toEqual([])
    }
  })

  it('connections of other users are told nothing', async () => {
    const bob = await world().connect('bob')
    const [oldest] = await connected('carol', most + 1)
    expect(await oldest.push('goaway')).toEqual(replaced)
    await bob.ask('ping')
    expect(bob.pushes).toEqual([])
  })

  it.each(['post429:1', 'post500:1', 'hangPost:1'])(
    'the oldest is closed and the newest let in under %s',
    async (fault) => {
      const [oldest] = await connected('carol')
      await world().faults(fault)
      const newest = await world().connect('carol')
      await world().faults()
      await oldest.closed
      expect((await newest.ask('hello')).user).toBe('carol')
    },
  )

  it('the oldest leaves its rooms, and those who stay are told', async () => {
    const room = await world().room({ privacy: 'open' }, [])
    const alice = await world().joined('alice', room)
    const [oldest] = await connected('carol')
    await oldest.ask('join', { roomId: room.roomId })
    await world().connect('carol')
    await oldest.closed
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'carol' } })
  })
})

describe('connections of one user that come all at once', () => {
  it.each([26, 50])('%i of them settle at 25, and each that goes is told', async (count) => {
    const room = await world().room({ privacy: 'open' }, [])
    const sockets = await Promise.all(Array.from({ length: count }, () => world().connect('dave')))
    const told: ChatSocket[] = []
    const enough = new Promise<void>((resolve) => {
      for (const socket of sockets) {
        void socket.closed.then(() => told.push(socket) === count - most && resolve())
      }
    })
    // A connection that had to give way before its handshake was over is told here.
    await Promise.allSettled(sockets.map((socket) => socket.request('join', { roomId: room.roomId })))
    await enough
    for (const socket of told) expect(socket.pushes).toContainEqual(replaced)
    const rest = sockets.filter((socket) => !told.includes(socket))
    for (const socket of rest)
      expect((await socket.ask('sync', { rooms: { [room.roomId]: 0 } })).notJoined).toBeUndefined()
    expect(rest.filter((socket) => socket.pushes.some(({ type }) => type === 'goaway'))).toEqual([])
  })
})
