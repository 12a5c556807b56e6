import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

const world = aWorld()

const update = (room: Frame, fields: Frame) => ({ roomId: room.roomId, version: room.version, ...fields })

const holders = async (socket: ChatSocket, { roomId }: Frame, role: string): Promise<string[]> => {
  const { grants } = await socket.ask('roles', { roomId, role })
  return grants.map(({ principal }: Frame) => principal)
}

describe('disabling a room', () => {
  it('kicks everyone at once, refuses requests of members and hides the room from other users', async () => {
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

  it('keeps the messages, the grants and the name until it is enabled again', async () => {
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

  it('leaves no user in the room, even if a user joins at the same time', async () => {
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
  it('keeps its id, deletes grants that the new category forbids, and kicks their users', async () => {
    const target = await world().category({ allowed: ['user:alice', 'group:ops'], creators: ['user:alice'] })
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

  it('requires an administrator, or a manager who may create rooms in the target', async () => {
    const [open, hidden] = [
      await world().category({ creators: [] }),
      await world().category({ allowed: ['group:ops'], creators: ['everyone'] }),
    ]
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

  it('makes the old category empty and the new one not empty', async () => {
    const [one, two] = [await world().category({ creators: [] }), await world().category({ creators: [] })]
    const root = await world().connect('root')
    const { room } = await root.ask('createRoom', { name: someName(), categoryId: one.categoryId })
    await root.ask('moveRoom', { roomId: room.roomId, categoryId: two.categoryId })
    expect(await root.refusal('deleteCategory', { categoryId: two.categoryId })).toMatchObject({ code: 'conflict' })
    await root.ask('deleteCategory', { categoryId: one.categoryId })
  })
})

describe('deleting a room', () => {
  it('kicks everyone and removes the room, its name and its messages', async () => {
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
    const next = await alice.ask('createRoom', { name: room.name })
    expect(next.room.roomId).not.toBe(roomId)
  })

  it('requires an administrator', async () => {
    const [room, secret] = [await world().room(), await world().room({ privacy: 'secret' })]
    const [alice, carol] = [await world().connect('alice'), await world().connect('carol')]
    expect(await alice.refusal('deleteRoom', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
    expect(await carol.refusal('deleteRoom', { roomId: secret.roomId })).toMatchObject({ code: 'not_found' })
  })

  it('makes a repeated createRoom with the same clientRoomId fail', async () => {
    const [alice, root] = [await world().connect('alice'), await world().connect('root')]
    const request = { name: someName(), clientRoomId: someName() }
    const { room } = await alice.ask('createRoom', request)
    await root.ask('deleteRoom', { roomId: room.roomId })
    expect(await alice.refusal('createRoom', request)).toMatchObject({ code: 'not_found' })
  })

  it('leaves no user in the room, even if a user joins and two administrators delete it at the same time', async () => {
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

describe('an invalid request about rooms', () => {
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
  ])('such as %s %j is refused with the name of the field', async (verb, fields, field) => {
    const alice = await world().connect('alice')
    expect(await alice.refusal(verb, fields)).toMatchObject({ code: 'invalid', retryable: false, details: { field } })
  })
})
