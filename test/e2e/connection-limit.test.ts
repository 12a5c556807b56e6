import type { ChatSocket } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'

// Connections of other files would count.
const world = aLocalWorld({})

const max = 25
const replaced = { type: 'goaway', reason: 'replaced', reconnectInMs: 0 }

/** Connects one after the other, so that the first one is the oldest. */
async function connected(user: string, count = max): Promise<[ChatSocket, ...ChatSocket[]]> {
  const oldest = await world().connect(user)
  const sockets: [ChatSocket, ...ChatSocket[]] = [oldest]
  while (sockets.length < count) sockets.push(await world().connect(user))
  return sockets
}

describe('one connection more than a user may have', () => {
  it('closes the oldest connection with a reason and no other', async () => {
    const [oldest, ...others] = await connected('carol')
    expect(await oldest.ask('hello')).toMatchObject({ user: 'carol', limits: { connectionsPerUser: max } })
    const newest = await world().connect('carol')
    expect(await oldest.push('goaway')).toEqual(replaced)
    expect([1000, 1005]).toContain(await oldest.closed)
    for (const other of [...others, newest]) {
      expect((await other.ask('hello')).user).toBe('carol')
      expect(other.pushes).toEqual([])
    }
  })

  it('sends nothing to other users', async () => {
    const bob = await world().connect('bob')
    const [oldest] = await connected('carol', max + 1)
    expect(await oldest.push('goaway')).toEqual(replaced)
    await bob.ask('ping')
    expect(bob.pushes).toEqual([])
  })

  it.each(['post429:1', 'post500:1', 'hangPost:1'])(
    'closes the oldest connection and admits the newest despite the fault %s',
    async (fault) => {
      const [oldest] = await connected('carol')
      await world().faults(fault)
      const newest = await world().connect('carol')
      await world().faults()
      await oldest.closed
      expect((await newest.ask('hello')).user).toBe('carol')
    },
  )

  it('ends the sessions of the oldest connection and announces that the user left', async () => {
    const room = await world().room({ privacy: 'open' }, [])
    const alice = await world().joined('alice', room)
    const [oldest] = await connected('carol')
    await oldest.ask('join', { roomId: room.roomId })
    await world().connect('carol')
    await oldest.closed
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'carol' } })
  })
})

describe('simultaneous connections of one user', () => {
  it.each([26, 50])('are reduced from %i to 25, and each closed one gets the reason', async (count) => {
    const room = await world().room({ privacy: 'open' }, [])
    const sockets = await Promise.all(Array.from({ length: count }, () => world().connect('dave')))
    const closed: ChatSocket[] = []
    const enough = new Promise<void>((resolve) => {
      for (const socket of sockets) {
        void socket.closed.then(() => closed.push(socket) === count - max && resolve())
      }
    })
    // A connection that was replaced during its handshake gets its push with this request.
    await Promise.allSettled(sockets.map((socket) => socket.request('join', { roomId: room.roomId })))
    await enough
    for (const socket of closed) expect(socket.pushes).toContainEqual(replaced)
    const rest = sockets.filter((socket) => !closed.includes(socket))
    for (const socket of rest)
      expect((await socket.ask('sync', { rooms: { [room.roomId]: 0 } })).notJoined).toBeUndefined()
    expect(rest.filter((socket) => socket.pushes.some(({ type }) => type === 'goaway'))).toEqual([])
  })
})
