import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

const world = aWorld()

const update = (room: Frame, fields: Frame) => ({ roomId: room.roomId, version: room.version, ...fields })

const holders = async (socket: ChatSocket, { roomId }: Frame, role: string): Promise<string[]> => {
  const { grants } = await socket.ask('roles', { roomId, role })
  return grants.map(({ principal }: Frame) => principal)
}

describe('updateRoom', () => {
  it('changes only the given fields, increments the version and pushes the changes to the room', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const name = someName()
    const changed = await alice.ask('updateRoom', update(room, { name, description: 'New', invitations: 'off' }))
    const { updatedAt } = changed.room
    expect(changed.room).toEqual({ ...room, name, description: 'New', invitations: 'off', version: 2, updatedAt })
    const push = {
      type: 'room',
      roomId: room.roomId,
      version: 2,
      changed: {
        name: { old: room.name, new: name },
        description: { old: '', new: 'New' },
        invitations: { old: 'inherit', new: 'off' },
      },
    }
    expect(await bob.push('room')).toEqual(push)
    expect(await alice.push('room')).toEqual(push)
    expect((await bob.ask('getRoom', { roomName: name })).room).toEqual(changed.room)
  })

  it('pushes nothing and keeps the version if nothing changes', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const same = { name: room.name, privacy: 'closed', disabled: false, members: ['user:bob', 'user:alice'] }
    expect((await alice.ask('updateRoom', update(room, same))).room).toEqual(room)
    expect((await alice.ask('updateRoom', update(room, {}))).room).toEqual(room)
    expect(alice.pushes).toEqual([])
  })

  it('is refused for an old version, with the current version in the error', async () => {
    const room = await world().room()
    const alice = await world().connect('alice')
    await alice.ask('updateRoom', update(room, { description: 'first' }))
    expect(await alice.refusal('updateRoom', update(room, { description: 'late' }))).toMatchObject({
      code: 'conflict',
      retryable: false,
      details: { version: 2 },
    })
    expect((await alice.ask('getRoom', { roomId: room.roomId })).room.description).toBe('first')
  })

  it('succeeds for only one of several simultaneous changes', async () => {
    const room = await world().room()
    const managers = await Promise.all(['alice', 'alice', 'root'].map((user) => world().connect(user)))
    const replies = await Promise.all(
      managers.map((each, nr) =>
        each.request('updateRoom', update(room, { description: `by ${nr}`, members: [`user:of-${nr}`] })),
      ),
    )
    expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
    for (const { error } of replies.filter(({ ok }) => !ok)) {
      expect(error).toMatchObject({ code: 'conflict', details: { version: 2 } })
    }
    const winner = replies.findIndex(({ ok }) => ok)
    const [alice] = managers
    expect((await alice?.ask('getRoom', { roomId: room.roomId }))?.room.description).toBe(`by ${winner}`)
    if (alice) expect(await holders(alice, room, 'member')).toEqual([`user:of-${winner}`])
  })

  it('releases the old name and accepts the same name in another case', async () => {
    const room = await world().room()
    const alice = await world().connect('alice')
    const shouted = await alice.ask('updateRoom', update(room, { name: room.name.toUpperCase() }))
    expect(shouted.room.name).toBe(room.name.toUpperCase())
    await alice.ask('updateRoom', update(shouted.room, { name: someName() }))
    const { room: next } = await alice.ask('createRoom', { name: room.name })
    expect((await alice.ask('getRoom', { roomName: room.name })).room.roomId).toBe(next.roomId)
  })

  it('refuses the name of another room and then changes nothing', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const alice = await world().connect('alice')
    const change = { name: other.name.toUpperCase(), privacy: 'open' }
    expect(await alice.refusal('updateRoom', update(room, change))).toMatchObject({ code: 'duplicate_name' })
    expect((await alice.ask('getRoom', { roomId: room.roomId })).room).toEqual(room)
  })

  it('requires a manager or an administrator and does not reveal a secret room', async () => {
    const [room, secret] = [await world().room(), await world().room({ privacy: 'secret' })]
    const [bob, carol, root] = await Promise.all(['bob', 'carol', 'root'].map((user) => world().connect(user)))
    const change = { description: 'x' }
    expect(await bob?.refusal('updateRoom', update(room, change))).toMatchObject({
      code: 'forbidden',
      retryable: false,
    })
    expect(await carol?.refusal('updateRoom', update(room, change))).toMatchObject({ code: 'forbidden' })
    const hidden = await carol?.refusal('updateRoom', update(secret, change))
    expect(hidden).toMatchObject({ code: 'not_found' })
    expect(await carol?.refusal('updateRoom', { ...update(secret, change), roomId: 'none' })).toEqual(hidden)
    expect((await root?.ask('updateRoom', update(secret, change)))?.room.updatedBy).toBe('root')
  })
})

describe('a change of privacy', () => {
  it('to closed kicks only the participants who are not members', async () => {
    const room = await world().room({ privacy: 'open' }, ['user:alice'])
    const alice = await world().joined('alice', room)
    const carol = await world().joined('carol', room)
    await alice.ask('updateRoom', update(room, { privacy: 'closed' }))
    expect(await carol.push('kicked')).toEqual({ type: 'kicked', roomId: room.roomId, reason: 'revoked' })
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'carol' } })
    expect(await alice.push('room')).toMatchObject({ changed: { privacy: { old: 'open', new: 'closed' } } })
    expect(await carol.refusal('send', { roomId: room.roomId, text: 'x' })).toMatchObject({ code: 'not_joined' })
    await alice.ask('send', { roomId: room.roomId, text: 'Still here' })
  })

  it('to secret hides the room, and to open admits everyone', async () => {
    const room = await world().room({}, ['user:alice'])
    const [alice, carol] = [await world().connect('alice'), await world().connect('carol')]
    const secret = await alice.ask('updateRoom', update(room, { privacy: 'secret' }))
    expect(await carol.refusal('getRoom', { roomId: room.roomId })).toMatchObject({ code: 'not_found' })
    await alice.ask('updateRoom', update(secret.room, { privacy: 'open' }))
    await carol.ask('join', { roomId: room.roomId })
  })
})

describe('a change to an auditorium and back', () => {
  it('takes and gives the right to send at once and keeps the presenters', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const hall = await alice.ask('updateRoom', update(room, { auditorium: true, presenters: ['user:alice'] }))
    expect(await bob.push('participant', { event: 'changed' })).toMatchObject({ roomId: room.roomId })
    expect(await bob.push('room')).toMatchObject({ changed: { auditorium: { old: false, new: true } } })
    expect(await bob.refusal('send', { roomId: room.roomId, text: 'x' })).toMatchObject({ code: 'forbidden' })
    await alice.ask('send', { roomId: room.roomId, text: 'Welcome' })
    const back = await alice.ask('updateRoom', update(hall.room, { auditorium: false }))
    await bob.ask('send', { roomId: room.roomId, text: 'At last' })
    const again = await alice.ask('updateRoom', update(back.room, { auditorium: true }))
    expect(await holders(alice, room, 'presenter')).toEqual(['user:alice'])
    await alice.ask('updateRoom', update(again.room, { presenters: [] }))
    expect(await alice.refusal('send', { roomId: room.roomId, text: 'x' })).toMatchObject({ code: 'forbidden' })
  })

  it('requires presenters who are members according to the new lists', async () => {
    const room = await world().room({ auditorium: true }, ['user:alice', 'group:ops'])
    await (await world().connect('dave')).close()
    const alice = await world().connect('alice')
    const stranger = { code: 'presenter_not_member', details: { field: 'presenters', principals: ['user:carol'] } }
    const presenters = ['user:alice', 'user:carol', 'user:dave', 'group:ops']
    expect(await alice.refusal('updateRoom', update(room, { presenters }))).toMatchObject(stranger)
    const members = ['user:bob']
    expect(await alice.refusal('updateRoom', update(room, { members, presenters: ['user:alice'] }))).toMatchObject({
      code: 'presenter_not_member',
      details: { principals: ['user:alice'] },
    })
    const lists = { members: ['user:carol', 'group:ops', 'user:alice'], presenters }
    await alice.ask('updateRoom', update(room, lists))
    expect(await holders(alice, room, 'presenter')).toEqual(presenters.toSorted())
  })

  it('allows a list of presenters only while the room is an auditorium', async () => {
    const room = await world().room()
    const alice = await world().connect('alice')
    const refusal = { code: 'invalid', details: { field: 'presenters' } }
    expect(await alice.refusal('updateRoom', update(room, { presenters: ['user:alice'] }))).toMatchObject(refusal)
    const hall = await alice.ask('updateRoom', update(room, { auditorium: true }))
    const leaving = { auditorium: false, presenters: ['user:alice'] }
    expect(await alice.refusal('updateRoom', update(hall.room, leaving))).toMatchObject(refusal)
  })

  it('allows an empty list of presenters for any room, which deletes the presenters of a former auditorium', async () => {
    const room = await world().room()
    const alice = await world().connect('alice')
    const lists = { members: ['user:alice'], managers: ['user:alice'], presenters: [] }
    const ordinary = await alice.ask('updateRoom', update(room, { ...lists, description: 'Three lists' }))
    expect(ordinary.room).toMatchObject({ version: 2, description: 'Three lists' })
    const presenting = { auditorium: true, presenters: ['user:alice'] }
    const hall = await alice.ask('updateRoom', update(ordinary.room, presenting))
    const back = await alice.ask('updateRoom', update(hall.room, { auditorium: false }))
    expect(await holders(alice, room, 'presenter')).toEqual(['user:alice'])
    await alice.ask('updateRoom', update(back.room, { presenters: [] }))
    expect(await holders(alice, room, 'presenter')).toEqual([])
  })
})

describe('a change of lists', () => {
  it('grants and revokes roles, kicks users who may not stay, and announces changed rights', async () => {
    const room = await world().room({}, ['user:alice', 'user:bob', 'user:carol'])
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const carol = await world().joined('carol', room)
    const lists = { members: ['user:alice', 'user:carol', 'group:ops'], managers: ['user:alice', 'user:carol'] }
    const changed = await alice.ask('updateRoom', update(room, lists))
    expect(changed.room.version).toBe(2)
    expect(await bob.push('kicked')).toEqual({ type: 'kicked', roomId: room.roomId, reason: 'revoked' })
    expect(await carol.push('participant', { event: 'changed' })).toMatchObject({ user: { isManager: true } })
    expect(await alice.push('room')).toEqual({ type: 'room', roomId: room.roomId, version: 2, changed: {} })
    expect(await holders(alice, room, 'member')).toEqual(['group:ops', 'user:alice', 'user:carol'])
    await world().joined('dave', room)
    await carol.ask('updateRoom', update(changed.room, { managers: ['user:carol'] }))
    expect(await alice.refusal('updateRoom', update(changed.room, {}))).toMatchObject({ code: 'forbidden' })
  })

  it('accepts a list of maximum length, another such list and an empty list', async () => {
    const room = await world().room()
    const alice = await world().connect('alice')
    const list = (letter: string) =>
      Array.from({ length: 100 }, (_, nr) => `user:${letter}${String(nr).padStart(2, '0')}`)
    const first = await alice.ask('updateRoom', update(room, { members: list('a') }))
    const second = await alice.ask('updateRoom', update(first.room, { members: [...list('b'), 'user:b00'].slice(1) }))
    expect(await holders(alice, room, 'member')).toEqual(list('b'))
    await alice.ask('updateRoom', update(second.room, { members: [] }))
    expect(await holders(alice, room, 'member')).toEqual([])
    expect((await alice.ask('roles', { roomId: room.roomId })).grants).toHaveLength(1)
  })
})
