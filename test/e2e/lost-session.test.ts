import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'

const world = aLocalWorld()

const synced = (socket: ChatSocket, ...rooms: Frame[]) =>
  socket.ask('sync', { rooms: Object.fromEntries(rooms.map(({ roomId }) => [roomId, 0])) })

describe('a session that the server ended although its connection is open', () => {
  it.each(['post410', 'post410After'])(
    'after %s is reported by the next sync and restored by another join',
    async (fault) => {
      const [room, other] = [await world().room({ privacy: 'open' }, []), await world().room({ privacy: 'open' }, [])]
      const alice = await world().joined('alice', room)
      const bob = await world().joined('bob', room)
      await bob.ask('join', { roomId: other.roomId })
      expect(await synced(bob, room, other)).not.toHaveProperty('notJoined')
      await world().faults(`${fault}:1`)
      await alice.ask('send', { roomId: room.roomId, text: 'Lost' })
      await world().faults()
      expect(await synced(bob, room, other)).toMatchObject({
        rooms: { [room.roomId]: { head: 1, floor: 1 } },
        notJoined: [room.roomId],
      })
      // The push about Bob's leave to Alice failed as well, so her session has ended too.
      for (const each of [alice, bob]) await each.ask('join', { roomId: room.roomId, after: 1 })
      expect(await synced(bob, room, other)).not.toHaveProperty('notJoined')
      await alice.ask('send', { roomId: room.roomId, text: 'Arrives' })
      expect(await bob.push('message', { seq: 2 })).toMatchObject({ text: 'Arrives' })
    },
  )
})

describe('a new session', () => {
  it('is never reported as lost, even by a sync right after the join', async () => {
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

describe('the list of rooms that are not joined in the reply to sync', () => {
  it('does not distinguish a secret room from a room that does not exist', async () => {
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

  it('contains rooms after a kick and after a leave', async () => {
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
