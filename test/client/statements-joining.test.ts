import { ChatError, ConnectionError, InvalidOperationError, SessionStateError } from '../../client/index.ts'
import { collected, errorOf, next } from './listening.ts'
import { aClientWorld } from './world.ts'

/** The statements of the original's page on joining and leaving, one test each. This is the first half. */

const world = aClientWorld()

const refusal = (code: string) => ({ name: 'ChatError', code })

describe('joining', () => {
  test('1: a client can send and receive only in a session', async () => {
    const room = await world().room()
    const session = (await world().connected('bob')).session()
    const heard = collected(session, 'message')
    expect(await errorOf(session.send('Hello'))).toBeInstanceOf(SessionStateError)
    const alice = await world().joined('alice', room)
    await alice.send('Hello')
    expect(heard).toEqual([])
    expect(alice.head).toBe(1)
  })

  test('2: a new session is idle, and can join only with a connected client', async () => {
    const room = await world().room()
    const client = world().client('alice')
    const session = client.session()
    expect(session.state).toBe('idle')
    expect(await errorOf(session.join(room))).toBeInstanceOf(ConnectionError)
    expect(session.state).toBe('idle')
    await client.connect()
    client.close()
    expect(await errorOf(session.join(room))).toBeInstanceOf(ConnectionError)
    expect(await errorOf(client.connect())).toBeInstanceOf(InvalidOperationError)
  })

  test('3: a room can be joined by its URI', async () => {
    const room = await world().room()
    expect((await world().joined('alice', room.uri)).room).toMatchObject({ roomId: room.roomId })
  })

  test('4: a room can be joined by its name in any case', async () => {
    const room = await world().room()
    expect((await world().joined('alice', room.name.toUpperCase())).room).toMatchObject({ roomId: room.roomId })
  })

  test('5: a room can be joined by its summary, with the same result as by its URI and its name', async () => {
    const room = await world().room()
    const { roomId, uri, name, description } = room
    for (const target of [{ roomId, uri, name, description }, uri, name, { roomUri: uri }, { roomName: name }]) {
      const session = await world().joined('alice', target)
      expect(session.state).toBe('established')
      expect(session.room).toEqual(room)
    }
  })

  test.each([
    [''],
    [' '],
    ['chat:'],
    ['chat://nowhere'],
    [{ roomId: '' }],
    [{ roomUri: 'sip:alice' }],
    [{ roomName: '' }],
  ])('6: %j names no room and changes nothing', async (target) => {
    const session = (await world().connected('alice')).session()
    const states = collected(session, 'state')
    expect(await errorOf(session.join(target))).toBeInstanceOf(TypeError)
    expect(states).toEqual([])
  })

  test('7: a user who is not a member is refused', async () => {
    const room = await world().room()
    const session = (await world().connected('carol')).session()
    expect(await errorOf(session.join(room))).toMatchObject(refusal('forbidden'))
    expect(session.state).toBe('idle')
  })

  test('8: a manager who is not a member is refused', async () => {
    const room = await world().room({}, ['bob'])
    expect(await errorOf(world().joined('alice', room))).toMatchObject(refusal('forbidden'))
  })

  test('9: a presenter who is not a member any more is refused', async () => {
    const room = await world().room({ auditorium: true })
    const alice = await world().connected('alice')
    const bob = { roomId: room.roomId, principals: ['user:bob'] } as const
    await alice.grant({ ...bob, role: 'presenter' })
    await alice.revoke({ ...bob, role: 'member' })
    expect(await errorOf(world().joined('bob', room))).toMatchObject(refusal('forbidden'))
  })

  test('10: a creator is refused before becoming a member', async () => {
    const room = await world().room({}, [])
    const alice = await world().connected('alice')
    const session = alice.session()
    expect(await errorOf(session.join(room))).toMatchObject(refusal('forbidden'))
    await alice.grant({ roomId: room.roomId, role: 'member', principals: ['user:alice'] })
    await session.join(room)
    expect(session.state).toBe('established')
  })

  test('11: a member who is also a manager or a presenter can join', async () => {
    const room = await world().room({ auditorium: true })
    const alice = await world().connected('alice')
    await alice.grant({ roomId: room.roomId, role: 'presenter', principals: ['user:bob'] })
    const [manager, presenter] = [await world().joined('alice', room), await world().joined('bob', room)]
    expect([manager.canManage, manager.canChat]).toEqual([true, false])
    expect([presenter.canManage, presenter.canChat]).toEqual([false, true])
  })

  test('12: membership is explicit, by user or by group; in an open room the scope is enough', async () => {
    const room = await world().room({}, [])
    const alice = await world().connected('alice')
    await alice.grant({ roomId: room.roomId, role: 'member', principals: ['group:ops'] })
    expect((await world().joined('dave', room)).state).toBe('established')
    const open = await world().room({ privacy: 'open' }, [])
    expect((await world().joined('carol', open)).state).toBe('established')
  })

  test('13: a client cannot join a room in a second session, and the first session continues', async () => {
    const room = await world().room()
    const client = await world().connected('alice')
    const [first, second] = [client.session(), client.session()]
    await first.join(room)
    for (const target of [room, room.uri, room.name]) {
      expect(await errorOf(second.join(target))).toBeInstanceOf(InvalidOperationError)
      expect([first.state, second.state]).toEqual(['established', 'idle'])
    }
    expect(await first.send('Still here')).toMatchObject({ seq: 1 })
  })

  test('14: a session can join only while it is idle', async () => {
    const room = await world().room()
    const other = await world().room()
    const session = (await world().connected('alice')).session()
    const joining = session.join(room)
    expect(await errorOf(session.join(other))).toMatchObject({ name: 'SessionStateError', state: 'establishing' })
    await joining
    expect(await errorOf(session.join(other))).toMatchObject({ state: 'established' })
    const leaving = session.leave()
    expect(await errorOf(session.join(other))).toMatchObject({ state: 'terminating' })
    await leaving
  })

  test('15: an unknown, a disabled and a forbidden room have different error codes', async () => {
    const session = (await world().connected('bob')).session()
    expect(await errorOf(session.join({ roomId: 'nothing' }))).toMatchObject(refusal('not_found'))
    const closed = await world().room({}, [])
    const forbidden = await errorOf(session.join(closed))
    expect(forbidden).toBeInstanceOf(ChatError)
    expect(forbidden).toMatchObject({ code: 'forbidden', retryable: false })
    const room = await world().room()
    const alice = await world().connected('alice')
    await alice.updateRoom({ roomId: room.roomId, version: (await alice.getRoom(room)).room.version, disabled: true })
    expect(await errorOf(session.join(room))).toMatchObject(refusal('room_disabled'))
    expect(session.state).toBe('idle')
  })

  test('16: a session has a room only while it is established', async () => {
    const room = await world().room()
    const session = (await world().connected('alice')).session()
    expect(session.room).toBeUndefined()
    await session.join(room)
    expect(session.state).toBe('established')
    expect(session.room).toMatchObject({ uri: room.uri, name: room.name })
    await session.leave()
    expect(session.room).toBeUndefined()
  })

  test('17: a listener from before the join gets the state established and can send from its handler', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const heard = next(bob, 'message')
    const session = (await world().connected('alice')).session()
    const sent = next(session, 'sent')
    session.on('state', ({ state }) => {
      if (state === 'established') void session.send('Hi.')
    })
    await session.join(room)
    expect(await heard).toMatchObject({ text: 'Hi.', from: { user: 'alice' } })
    expect((await sent).message).toMatchObject({ seq: 1 })
  })

  test('18: the state establishing precedes established', async () => {
    const room = await world().room()
    const session = (await world().connected('alice')).session()
    const states = collected(session, 'state')
    await session.join(room)
    expect(states).toEqual([{ state: 'establishing' }, { state: 'established' }])
  })

  test('19: two users can be in one room, and one client can be in several rooms', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const bob = await world().joined('bob', room)
    const client = await world().connected('alice')
    const [first, second] = [client.session(), client.session()]
    await Promise.all([first.join(room), second.join(other)])
    expect([bob.state, first.state, second.state]).toEqual(['established', 'established', 'established'])
    expect(client.rooms.sort()).toEqual([room.roomId, other.roomId].sort())
    expect(first.participants.map(({ user }) => user).sort()).toEqual(['alice', 'bob'])
  })
})
