import { aWorld, someName } from './world.ts'

const world = aWorld()

describe('createRoom', () => {
  it('makes the creator a manager and not a member', async () => {
    const alice = await world().connect('alice')
    const name = someName()
    const { room } = await alice.ask('createRoom', { name, description: 'For talking' })
    expect(room).toMatchObject({
      name,
      description: 'For talking',
      categoryId: 'general',
      privacy: 'closed',
      auditorium: false,
      invitations: 'inherit',
      disabled: false,
      version: 1,
      createdBy: 'alice',
      updatedBy: 'alice',
    })
    expect(room.uri).toMatch(new RegExp(`^chat://[^/]+/${room.roomId}$`))
    expect(Date.parse(room.createdAt)).toBeGreaterThan(0)
    expect(await alice.ask('getRoom', { roomUri: room.uri })).toMatchObject({ room, permissions: ['manage', 'view'] })
    expect(await alice.refusal('join', { roomId: room.roomId })).toMatchObject({ code: 'forbidden', retryable: false })
  })

  it('refuses the name of another room in any case', async () => {
    const alice = await world().connect('alice')
    const name = someName()
    await alice.ask('createRoom', { name })
    expect(await alice.refusal('createRoom', { name: name.toUpperCase() })).toMatchObject({ code: 'duplicate_name' })
  })

  it('returns the same room for a retry with the same clientRoomId', async () => {
    const alice = await world().connect('alice')
    const request = { name: someName(), clientRoomId: someName() }
    const first = await alice.ask('createRoom', request)
    expect((await alice.ask('createRoom', request)).room).toEqual(first.room)
  })

  it('creates a closed room visible to everyone in scope, and a secret room visible only to members and managers', async () => {
    const closed = await world().room({}, [])
    const secret = await world().room({ privacy: 'secret' }, ['user:bob'])
    const carol = await world().connect('carol')
    const bob = await world().connect('bob')
    expect((await carol.ask('getRoom', { roomName: closed.name })).permissions).toEqual(['view'])
    expect(await carol.refusal('join', { roomId: closed.roomId })).toMatchObject({ code: 'forbidden' })
    const hidden = await carol.refusal('getRoom', { roomId: secret.roomId })
    const absent = await carol.refusal('getRoom', { roomId: 'no-such-room' })
    expect(hidden).toEqual(absent)
    expect(await carol.refusal('join', { roomId: secret.roomId })).toEqual(absent)
    expect((await bob.ask('getRoom', { roomId: secret.roomId })).permissions).toEqual(['join', 'chat', 'read', 'view'])
  })
})

describe('join', () => {
  it('has the same result by id, by URI and by name', async () => {
    const room = await world().room()
    const [one, two, three] = await Promise.all(['alice', 'alice', 'bob'].map((user) => world().connect(user)))
    const byId = await one?.ask('join', { roomId: room.roomId })
    const byUri = await two?.ask('join', { roomUri: room.uri })
    const byName = await three?.ask('join', { roomName: room.name.toLowerCase() })
    for (const reply of [byId, byUri, byName]) {
      expect(reply).toMatchObject({ room, messages: [], head: 0, floor: 1, complete: true })
      expect(typeof reply?.epoch).toBe('string')
    }
    expect(byId?.you).toEqual({ roles: ['member', 'manager'], canChat: true, canManage: true })
    expect(byName?.you).toEqual({ roles: ['member'], canChat: true, canManage: false })
  })

  it('admits a user by the groups of the token', async () => {
    const room = await world().room({}, ['group:ops'])
    await world().joined('dave', room)
    const bob = await world().connect('bob')
    expect(await bob.refusal('join', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
  })

  it('admits everyone in scope to an open room', async () => {
    const room = await world().room({ privacy: 'open' }, [])
    const carol = await world().connect('carol')
    expect((await carol.ask('join', { roomId: room.roomId })).you).toEqual({
      roles: [],
      canChat: true,
      canManage: false,
    })
  })

  it('refuses a manager or an administrator who is not a member', async () => {
    const room = await world().room({ privacy: 'secret' }, ['user:alice'])
    const alice = await world().connect('alice')
    await alice.ask('grant', { roomId: room.roomId, role: 'manager', principals: ['user:bob'] })
    for (const user of ['bob', 'root']) {
      const other = await world().connect(user)
      expect(await other.refusal('join', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
    }
  })

  it('is announced once per user, not for each connection or repeated join', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const first = await world().joined('bob', room)
    const bob = { user: 'bob', name: 'Bob', isManager: false, isPresenter: false }
    expect(await alice.push('participant', { event: 'joined' })).toMatchObject({ roomId: room.roomId, user: bob })
    const second = await world().joined('bob', room)
    const again = await second.ask('join', { roomId: room.roomId })
    expect(again.participants).toEqual([{ user: 'alice', name: 'Alice', isManager: true, isPresenter: false }, bob])
    await first.ask('leave', { roomId: room.roomId })
    await second.ask('leave', { roomId: room.roomId })
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: bob })
    expect(alice.pushes).toEqual([])
  })
})

describe('leave', () => {
  it('ends the pushes and is refused without a session', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    expect(await bob.ask('leave', { roomId: room.roomId })).toEqual({ id: expect.any(String), ok: true })
    await alice.ask('send', { roomId: room.roomId, text: 'Hello' })
    expect(await bob.refusal('leave', { roomId: room.roomId })).toMatchObject({ code: 'not_joined' })
    expect(await bob.refusal('send', { roomId: room.roomId, text: 'x' })).toMatchObject({ code: 'not_joined' })
    expect(bob.pushes.filter((push) => push.type === 'message')).toEqual([])
  })

  it('happens automatically when the connection is cut', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    bob.kill()
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'bob' } })
    expect((await alice.ask('participants', { roomId: room.roomId })).participants).toHaveLength(1)
  })
})
