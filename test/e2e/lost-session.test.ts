import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'

jest.setTimeout(180_000)
const world = aLocalWorld()

const synced = (socket: ChatSocket, ...rooms: Frame[]) =>
  socket.ask('sync', { rooms: Object.fromEntries(rooms.map(({ roomId }) => [roomId, 0])) })

describe('a session that the server lost although its connection lives', () => {
  it.each(['post410', 'post410After'])(
    'by %s is noticed with the next sync, and joining again brings it back',
    async (fault) => {
      const [room, other] = [await world().room({ privacy: 'open' }, []), await world().room({ privacy: 'open' }, [])]
      const alice = await world().joined('alice', room)
      const bob = await world().joined('bob', room)
      await bob.ask('join', { roomId: other.roomId })
      expect(await synced(bob, room, other)).not.toHaveProperty('notJoined')
      await world().faults(`${fault}:1`)
      await alice.ask('send', { roomId: room.roomId, text: 'Do you hear me?' })
      await world().faults()
      expect(await synced(bob, room, other)).toMatchObject({
        rooms: { [room.roomId]: { head: 1, floor: 1 } },
        notJoined: [room.roomId],
      })
      // Bob's leaving could not be told to alice either.
      for (const each of [alice, bob]) await each.ask('join', { roomId: room.roomId, after: 1 })
      expect(await synced(bob, room, other)).not.toHaveProperty('notJoined')
      await alice.ask('send', { roomId: room.roomId, text: 'And now?' })
      expect(await bob.push('message', { seq: 2 })).toMatchObject({ text: 'And now?' })
    },
  )
})

describe('a session that was joined just before', () => {
  it('is never called lost, however soon sync is asked', async () => {
    const bob = await world().connect('bob')
    const rooms: Frame[] = []
    for (let n = 0; n < 20; n++) {
      const room = await world().room({ privacy: 'open' }, [])
      await bob.ask('join', { roomId: room.roomId })
      rooms.push(room)
      expect(await synced(bob, ...rooms)).not.toHaveProperty('notJoined')
    }
  })
})

describe('what sync says of rooms that it names as not joined', () => {
  it('is the same of a secret room and of none', async () => {
    const secret = await world().room({ privacy: 'secret' })
    await (await world().joined('alice', secret)).ask('send', { roomId: secret.roomId, text: 'Between us' })
    const carol = await world().connect('carol')
    expect(await synced(carol, secret, { roomId: 'nowhere' })).toEqual({
      id: '1',
      ok: true,
      rooms: {},
      notJoined: [secret.roomId, 'nowhere'],
    })
  })

  it('holds for a kick and for leaving as well', async () => {
    const room = await world().room()
    const other = await world().room()
    const bob = await world().joined('bob', room)
    await bob.ask('join', { roomId: other.roomId })
    const alice = await world().connect('alice')
    await alice.ask('revoke', { roomId: room.roomId, role: 'member', principals: ['user:bob'] })
    await bob.push('kicked')
    await bob.ask('leave', { roomId: other.roomId })
    expect((await synced(bob, room, other)).notJoined).toEqual([room.roomId, other.roomId])
  })
})
