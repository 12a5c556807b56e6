import type { ChatSocket, Frame } from '../support/chat-socket.ts'
import { aWorld, someName } from './world.ts'

jest.setTimeout(60_000)
const world = aWorld()

const update = (room: Frame, fields: Frame) => ({ roomId: room.roomId, version: room.version, ...fields })

const holders = async (socket: ChatSocket, { roomId }: Frame, role: string): Promise<string[]> => {
  const { grants } = await socket.ask('roles', { roomId, role })
  return grants.map(({ principal }: Frame) => principal)
}

async function aCategory(settings: Frame = {}): Promise<Frame> {
  const root = await world().connect('root')
  const { category } = await root.ask('createCategory', { name: someName(), ...settings })
  await root.close()
  return category
}

describe('changing the settings of a room', () => {
  it('changes what is given and nothing else, raises the version and tells the room what changed', async () => {
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

  it('that says nothing new is told to nobody and leaves the version', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const same = { name: room.name, privacy: 'closed', disabled: false, members: ['user:bob', 'user:alice'] }
    expect((await alice.ask('updateRoom', update(room, same))).room).toEqual(room)
    expect((await alice.ask('updateRoom', update(room, {}))).room).toEqual(room)
    expect(alice.pushes).toEqual([])
  })

  it('is refused under an old version, and tells the present one', async () => {
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

  it('is for one of two managers who change it at once', async () => {
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

  it('frees the old name, and changes only the case of one', async () => {
    const room = await world().room()
    const alice = await world().connect('alice')
    const shouted = await alice.ask('updateRoom', update(room, { name: room.name.toUpperCase() }))
    expect(shouted.room.name).toBe(room.name.toUpperCase())
    await alice.ask('updateRoom', update(shouted.room, { name: someName() }))
    const { room: heir } = await alice.ask('createRoom', { name: room.name })
    expect((await alice.ask('getRoom', { roomName: room.name })).room.roomId).toBe(heir.roomId)
  })

  it('takes no name of another room, and changes nothing else then', async () => {
    const [room, other] = [await world().room(), await world().room()]
    const alice = await world().connect('alice')
    const wish = { name: other.name.toUpperCase(), privacy: 'open' }
    expect(await alice.refusal('updateRoom', update(room, wish))).toMatchObject({ code: 'duplicate_name' })
    expect((await alice.ask('getRoom', { roomId: room.roomId })).room).toEqual(room)
  })

  it('is for managers and administrators, and hides what one may not see', async () => {
    const [room, secret] = [await world().room(), await world().room({ privacy: 'secret' })]
    const [bob, carol, root] = await Promise.all(['bob', 'carol', 'root'].map((user) => world().connect(user)))
    const wish = { description: 'x' }
    expect(await bob?.refusal('updateRoom', update(room, wish))).toMatchObject({ code: 'forbidden', retryable: false })
    expect(await carol?.refusal('updateRoom', update(room, wish))).toMatchObject({ code: 'forbidden' })
    const hidden = await carol?.refusal('updateRoom', update(secret, wish))
    expect(hidden).toMatchObject({ code: 'not_found' })
    expect(await carol?.refusal('updateRoom', { ...update(secret, wish), roomId: 'none' })).toEqual(hidden)
    expect((await root?.ask('updateRoom', update(secret, wish)))?.room.updatedBy).toBe('root')
  })
})

describe('changing the privacy of a room', () => {
  it('puts those out who are no members when it closes, and only them', async () => {
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

  it('to secret hides it, and to open lets everyone in', async () => {
    const room = await world().room({}, ['user:alice'])
    const [alice, carol] = [await world().connect('alice'), await world().connect('carol')]
    const secret = await alice.ask('updateRoom', update(room, { privacy: 'secret' }))
    expect(await carol.refusal('getRoom', { roomId: room.roomId })).toMatchObject({ code: 'not_found' })
    await alice.ask('updateRoom', update(secret.room, { privacy: 'open' }))
    await carol.ask('join', { roomId: room.roomId })
  })
})

describe('turning a room into an auditorium and back', () => {
  it('takes and gives the right to post at once, and keeps who presents', async () => {
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

  it('has presenters who are members as the lists will be', async () => {
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

  it('is the only room with a list of presenters', async () => {
    const room = await world().room()
    const alice = await world().connect('alice')
    const refusal = { code: 'invalid', details: { field: 'presenters' } }
    expect(await alice.refusal('updateRoom', update(room, { presenters: ['user:alice'] }))).toMatchObject(refusal)
    const hall = await alice.ask('updateRoom', update(room, { auditorium: true }))
    const leaving = { auditorium: false, presenters: ['user:alice'] }
    expect(await alice.refusal('updateRoom', update(hall.room, leaving))).toMatchObject(refusal)
  })
})

describe('replacing whole lists', () => {
  it('gives and takes roles, puts out who has lost theirs, and tells those whose rights changed', async () => {
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

  it('takes a list of as many as a request may name, twice over, and an empty one', async () => {
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

describe('disabling a room', () => {
  it('puts everyone out at once, refuses those who belong and hides it from all others', async () => {
    const room = await world().room({ privacy: 'closed' })
    const { roomId } = room
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const carol = await world().connect('carol')
    await bob.ask('send', { roomId, text: 'Kept' })
    expect((await alice.ask('updateRoom', update(room, { disabled: true }))).room.disabled).toBe(true)
    for (const each of [alice, bob]) {
      expect(await each.push('kicked')).toEqual({ type: 'kicked', roomId, reason: 'disabled' })
    }
    for (const [verb, fields] of [
      ['join', {}],
      ['history', {}],
      ['participants', {}],
      ['send', { text: 'x' }],
      ['getRoom', {}],
    ] as const) {
      expect(await bob.refusal(verb, { roomId, ...fields })).toMatchObject({ code: 'room_disabled', retryable: false })
    }
    expect(await alice.refusal('send', { roomId, text: 'x' })).toMatchObject({ code: 'room_disabled' })
    const absent = await carol.refusal('getRoom', { roomId: 'none' })
    expect(await carol.refusal('getRoom', { roomId })).toEqual(absent)
    expect(await carol.refusal('join', { roomId })).toEqual(absent)
    expect(await carol.refusal('send', { roomId, text: 'x' })).toMatchObject({ code: 'not_joined' })
  })

  it('loses nothing: enabled again it has its content, its grants and its name', async () => {
    const room = await world().room({ privacy: 'secret' })
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const { message } = await bob.ask('send', { roomId: room.roomId, text: 'Kept' })
    const off = await alice.ask('updateRoom', update(room, { disabled: true }))
    await bob.push('kicked')
    expect(await bob.refusal('createRoom', { name: room.name })).toMatchObject({ code: 'duplicate_name' })
    await alice.ask('updateRoom', update(off.room, { disabled: false }))
    const joined = await bob.ask('join', { roomId: room.roomId })
    expect(joined).toMatchObject({ messages: [message], head: 1, you: { roles: ['member'], canChat: true } })
    expect((await bob.ask('send', { roomId: room.roomId, text: 'On' })).message.seq).toBe(2)
  })

  it('leaves nobody in it, whoever joins meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      const room = await world().room()
      const [alice, bob] = [await world().connect('alice'), await world().connect('bob')]
      const [joined] = await Promise.all([
        bob.request('join', { roomId: room.roomId }),
        alice.ask('updateRoom', update(room, { disabled: true })),
      ])
      if (joined.ok) await bob.push('kicked', { roomId: room.roomId })
      else expect(joined.error).toMatchObject({ code: 'room_disabled' })
      expect(await bob.refusal('leave', { roomId: room.roomId })).toMatchObject({ code: 'not_joined' })
    }
  })
})

describe('moving a room', () => {
  it('keeps its id, takes away what the new category forbids, and puts those out who drop', async () => {
    const target = await aCategory({ allowed: ['user:alice', 'group:ops'], creators: ['user:alice'] })
    const { categoryId } = target
    const room = await world().room({}, ['user:alice', 'user:bob', 'group:ops', 'user:dave', 'user:never-seen'])
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const dave = await world().joined('dave', room)
    const moved = await alice.ask('moveRoom', { roomId: room.roomId, categoryId })
    const { updatedAt } = moved.room
    expect(moved.room).toEqual({ ...room, categoryId, version: 2, updatedAt })
    expect(moved.purged).toEqual([
      { role: 'member', principal: 'user:bob' },
      { role: 'member', principal: 'user:never-seen' },
    ])
    expect(await bob.push('kicked')).toEqual({ type: 'kicked', roomId: room.roomId, reason: 'revoked' })
    const changed = { categoryId: { old: 'general', new: categoryId } }
    expect(await dave.push('room')).toEqual({ type: 'room', roomId: room.roomId, version: 2, changed })
    expect(await holders(alice, room, 'member')).toEqual(['group:ops', 'user:alice', 'user:dave'])
    expect(await bob.refusal('getRoom', { roomId: room.roomId })).toMatchObject({ code: 'not_found' })
    await dave.ask('send', { roomId: room.roomId, text: 'Still here' })
    const again = await alice.ask('moveRoom', { roomId: room.roomId, categoryId })
    expect(again).toMatchObject({ room: moved.room, purged: [] })
  })

  it('is for managers who may create in the target, and for administrators', async () => {
    const [open, hidden] = [await aCategory(), await aCategory({ allowed: ['group:ops'], creators: ['everyone'] })]
    const room = await world().room()
    const [alice, bob, root] = await Promise.all(['alice', 'bob', 'root'].map((user) => world().connect(user)))
    const to = ({ categoryId }: Frame) => ({ roomId: room.roomId, categoryId })
    const unseen = await alice?.refusal('moveRoom', to(hidden))
    expect(unseen).toMatchObject({ code: 'not_found', retryable: false, details: { field: 'categoryId' } })
    expect(await alice?.refusal('moveRoom', to({ categoryId: 'none' }))).toEqual(unseen)
    expect(await alice?.refusal('moveRoom', to(open))).toMatchObject({ code: 'forbidden' })
    expect(await bob?.refusal('moveRoom', to({ categoryId: 'general' }))).toMatchObject({ code: 'forbidden' })
    expect(await bob?.refusal('moveRoom', { roomId: 'none', categoryId: 'general' })).toMatchObject({
      code: 'not_found',
    })
    expect(await root?.refusal('moveRoom', to({ categoryId: 'none' }))).toMatchObject({
      code: 'not_found',
      details: { field: 'categoryId' },
    })
    expect((await root?.ask('moveRoom', to(open)))?.room.categoryId).toBe(open.categoryId)
  })

  it('fills one category and empties the other', async () => {
    const [one, two] = [await aCategory(), await aCategory()]
    const root = await world().connect('root')
    const { room } = await root.ask('createRoom', { name: someName(), categoryId: one.categoryId })
    await root.ask('moveRoom', { roomId: room.roomId, categoryId: two.categoryId })
    expect(await root.refusal('deleteCategory', { categoryId: two.categoryId })).toMatchObject({ code: 'conflict' })
    await root.ask('deleteCategory', { categoryId: one.categoryId })
  })
})

describe('deleting a room', () => {
  it('puts everyone out, and leaves neither the room nor its name nor its messages to be found', async () => {
    const room = await world().room()
    const { roomId } = room
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    await bob.ask('send', { roomId, text: 'Gone' })
    const root = await world().connect('root')
    expect(await root.ask('deleteRoom', { roomId })).toEqual({ id: expect.any(String), ok: true })
    for (const each of [alice, bob]) {
      expect(await each.push('kicked')).toEqual({ type: 'kicked', roomId, reason: 'deleted' })
    }
    for (const [verb, fields] of [
      ['getRoom', { roomId }],
      ['getRoom', { roomName: room.name }],
      ['join', { roomId }],
      ['history', { roomId }],
      ['roles', { roomId }],
      ['updateRoom', { roomId, version: 1 }],
      ['deleteRoom', { roomId }],
    ] as const) {
      expect(await alice.refusal(verb, fields)).toMatchObject({ code: 'not_found', retryable: false })
      expect(await root.refusal(verb, fields)).toMatchObject({ code: 'not_found' })
    }
    expect(await bob.refusal('send', { roomId, text: 'x' })).toMatchObject({ code: 'not_joined' })
    const heir = await alice.ask('createRoom', { name: room.name })
    expect(heir.room.roomId).not.toBe(roomId)
  })

  it('is for administrators alone', async () => {
    const [room, secret] = [await world().room(), await world().room({ privacy: 'secret' })]
    const [alice, carol] = [await world().connect('alice'), await world().connect('carol')]
    expect(await alice.refusal('deleteRoom', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
    expect(await carol.refusal('deleteRoom', { roomId: secret.roomId })).toMatchObject({ code: 'not_found' })
  })

  it('is remembered by the wish that made the room', async () => {
    const [alice, root] = [await world().connect('alice'), await world().connect('root')]
    const wish = { name: someName(), clientRoomId: someName() }
    const { room } = await alice.ask('createRoom', wish)
    await root.ask('deleteRoom', { roomId: room.roomId })
    expect(await alice.refusal('createRoom', wish)).toMatchObject({ code: 'not_found' })
  })

  it('leaves nobody in it, whoever joins meanwhile, and is done once by one of two', async () => {
    for (let round = 0; round < 5; round++) {
      const room = await world().room()
      const bob = await world().connect('bob')
      const roots = [await world().connect('root'), await world().connect('root')]
      const [joined, ...deleted] = await Promise.all([
        bob.request('join', { roomId: room.roomId }),
        ...roots.map((root) => root.request('deleteRoom', { roomId: room.roomId })),
      ])
      expect(deleted.some(({ ok }) => ok)).toBe(true)
      for (const { error } of deleted.filter(({ ok }) => !ok)) expect(['not_found', 'conflict']).toContain(error.code)
      if (joined?.ok) await bob.push('kicked', { roomId: room.roomId, reason: 'deleted' })
      else expect(joined?.error).toMatchObject({ code: 'not_found' })
      expect(await bob.refusal('leave', { roomId: room.roomId })).toMatchObject({ code: 'not_joined' })
    }
  })
})

describe('bad input about rooms', () => {
  const many = Array.from({ length: 101 }, (_, nr) => `user:${nr}`)
  const room = { roomId: 'r', version: 1 }

  it.each([
    ['updateRoom', { version: 1 }, 'roomId'],
    ['updateRoom', { roomId: 'r' }, 'version'],
    ['updateRoom', { roomId: 'r', version: '1' }, 'version'],
    ['updateRoom', { roomId: 'r', version: 1.5 }, 'version'],
    ['updateRoom', { ...room, name: '' }, 'name'],
    ['updateRoom', { ...room, name: 'x'.repeat(65) }, 'name'],
    ['updateRoom', { ...room, name: 'a\u2066b' }, 'name'],
    ['updateRoom', { ...room, name: ['x'] }, 'name'],
    ['updateRoom', { ...room, description: 'x'.repeat(513) }, 'description'],
    ['updateRoom', { ...room, privacy: 'hidden' }, 'privacy'],
    ['updateRoom', { ...room, auditorium: 'true' }, 'auditorium'],
    ['updateRoom', { ...room, invitations: true }, 'invitations'],
    ['updateRoom', { ...room, disabled: null }, 'disabled'],
    ['updateRoom', { ...room, members: 'user:bob' }, 'members'],
    ['updateRoom', { ...room, members: many }, 'members'],
    ['updateRoom', { ...room, members: ['user:bob', 'bob'] }, 'members.1'],
    ['updateRoom', { ...room, managers: ['role:admin'] }, 'managers.0'],
    ['updateRoom', { ...room, presenters: [{}] }, 'presenters.0'],
    ['moveRoom', { roomId: 'r' }, 'categoryId'],
    ['moveRoom', { categoryId: 'general' }, 'roomId'],
    ['moveRoom', { roomId: 'r', categoryId: 7 }, 'categoryId'],
    ['deleteRoom', {}, 'roomId'],
    ['deleteRoom', { roomId: ['r'] }, 'roomId'],
  ])('%s %j names the field', async (verb, fields, field) => {
    const alice = await world().connect('alice')
    expect(await alice.refusal(verb, fields)).toMatchObject({ code: 'invalid', retryable: false, details: { field } })
  })
})
