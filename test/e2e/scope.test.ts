import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

const world = aWorld()

describe('deleteCategory', () => {
  it('deletes an empty category and releases its name', async () => {
    const { categoryId, name } = await world().category()
    const root = await world().connect('root')
    await root.ask('deleteCategory', { categoryId })
    expect(JSON.stringify(await root.ask('categories'))).not.toContain(categoryId)
    expect(await root.refusal('deleteCategory', { categoryId })).toMatchObject({ code: 'not_found' })
    expect(await root.refusal('createRoom', { name: someName(), categoryId })).toMatchObject({
      code: 'not_found',
      details: { field: 'categoryId' },
    })
    await world().category({ name })
  })

  it('is refused for the built-in category and for a category with rooms, even if they are disabled', async () => {
    const root = await world().connect('root')
    expect(await root.refusal('deleteCategory', { categoryId: 'general' })).toMatchObject({ code: 'forbidden' })
    const { categoryId } = await world().category()
    const { roomId } = await world().room({ categoryId })
    const refusal = await root.refusal('deleteCategory', { categoryId })
    expect(refusal).toMatchObject({ code: 'conflict', retryable: false, message: expect.stringContaining('rooms') })
    await root.ask('updateRoom', { roomId, version: 1, disabled: true })
    expect(await root.refusal('deleteCategory', { categoryId })).toMatchObject({ code: 'conflict' })
    await root.ask('deleteRoom', { roomId })
    await root.ask('deleteCategory', { categoryId })
  })

  it('never succeeds together with a simultaneous createRoom in the category', async () => {
    const [root, alice] = [await world().connect('root'), await world().connect('alice')]
    for (let round = 0; round < 8; round++) {
      const { categoryId } = await world().category()
      const [deleted, ...created] = await Promise.all([
        root.request('deleteCategory', { categoryId }),
        alice.request('createRoom', { name: someName(), categoryId }),
        alice.request('createRoom', { name: someName(), categoryId }),
      ])
      expect(created.map(({ ok }) => ok)).toEqual([!deleted.ok, !deleted.ok])
      if (deleted.ok) for (const { error } of created) expect(error).toMatchObject({ code: 'not_found' })
      else expect(deleted.error).toMatchObject({ code: 'conflict' })
    }
  })
})

describe('createRoom in a category', () => {
  it('requires a creator; for a user out of scope the category does not exist', async () => {
    const { categoryId } = await world().category({ allowed: ['group:ops'], creators: ['user:dave', 'user:alice'] })
    const request = () => ({ name: someName(), categoryId })
    const [alice, dave, erin] = await Promise.all(['alice', 'dave', 'erin'].map((user) => world().connect(user)))
    expect((await dave?.ask('createRoom', request()))?.room.categoryId).toBe(categoryId)
    expect(await erin?.refusal('createRoom', request())).toMatchObject({ code: 'forbidden' })
    const unseen = await alice?.refusal('createRoom', request())
    expect(unseen).toMatchObject({ code: 'not_found', details: { field: 'categoryId' } })
    expect(await alice?.refusal('createRoom', { ...request(), categoryId: 'none' })).toEqual(unseen)
  })
})

describe('a scope', () => {
  let ops: Frame
  let room: Frame
  let root: ChatSocket

  beforeEach(async () => {
    ops = await world().category({ allowed: ['group:ops', 'user:alice'], denied: ['group:dev', 'user:carol'] })
    for (const user of ['bob', 'carol', 'dave', 'erin']) await (await world().connect(user)).close()
    root = await world().connect('root')
    room = (await root.ask('createRoom', { name: someName(), categoryId: ops.categoryId })).room
  })

  const grant = (principal: string, role = 'member') => ({ roomId: room.roomId, role, principals: [principal] })

  it.each(['user:alice', 'user:dave', 'group:ops'])('allows %s as a member and as a manager', async (principal) => {
    expect((await root.ask('grant', grant(principal))).changed).toEqual([principal])
    expect((await root.ask('grant', grant(principal, 'manager'))).changed).toEqual([principal])
  })

  it.each([
    ['a user without an allowed group', 'user:bob'],
    ['a denied user', 'user:carol'],
    ['a user with a denied group', 'user:erin'],
    ['a denied group', 'group:dev'],
    ['a group that is not allowed', 'group:other'],
    ['everyone', 'everyone'],
  ])('refuses %s', async (_, principal) => {
    for (const role of ['member', 'manager']) {
      expect(await root.refusal('grant', grant(principal, role))).toMatchObject({
        code: 'not_in_scope',
        retryable: false,
        details: { principals: [principal] },
      })
    }
  })

  it('with groups refuses an unknown user, whose groups are unknown', async () => {
    const unknown = `user:${someName()}`
    expect(await root.refusal('grant', grant(unknown))).toMatchObject({
      code: 'unknown_principal',
      details: { principals: [unknown] },
    })
    const fields = { roomId: room.roomId, version: 1, members: ['user:dave', unknown] }
    expect(await root.refusal('updateRoom', fields)).toMatchObject({
      code: 'unknown_principal',
      details: { field: 'members', principals: [unknown] },
    })
  })

  it('that allows everyone and denies only users accepts unknown users and groups', async () => {
    const open = await world().category({ denied: ['user:carol'] })
    const other = (await root.ask('createRoom', { name: someName(), categoryId: open.categoryId })).room
    const unknown = { roomId: other.roomId, role: 'member', principals: [`user:${someName()}`, 'group:any'] }
    expect((await root.ask('grant', unknown)).changed).toHaveLength(2)
    expect(await root.refusal('grant', { ...unknown, principals: ['user:carol'] })).toMatchObject({
      code: 'not_in_scope',
    })
  })

  it('applies to the lists of updateRoom', async () => {
    for (const field of ['members', 'managers']) {
      const fields = { roomId: room.roomId, version: 1, [field]: ['user:dave', 'user:bob', 'user:erin'] }
      expect(await root.refusal('updateRoom', fields)).toMatchObject({
        code: 'not_in_scope',
        details: { field, principals: ['user:bob', 'user:erin'] },
      })
    }
    expect((await root.ask('getRoom', { roomId: room.roomId })).room.version).toBe(1)
  })
})

describe('an invalid request about categories', () => {
  const many = Array.from({ length: 101 }, (_, nr) => `user:${nr}`)

  it.each([
    ['createCategory', {}, 'name'],
    ['createCategory', { name: 7 }, 'name'],
    ['createCategory', { name: ' ' }, 'name'],
    ['createCategory', { name: 'x'.repeat(65) }, 'name'],
    ['createCategory', { name: 'a\u202eb' }, 'name'],
    ['createCategory', { name: 'x', description: 'x'.repeat(513) }, 'description'],
    ['createCategory', { name: 'x', allowed: 'everyone' }, 'allowed'],
    ['createCategory', { name: 'x', allowed: ['alice'] }, 'allowed.0'],
    ['createCategory', { name: 'x', denied: ['everyone', 'role:x'] }, 'denied.1'],
    ['createCategory', { name: 'x', creators: [null] }, 'creators.0'],
    ['createCategory', { name: 'x', creators: many }, 'creators'],
    ['createCategory', { name: 'x', history: 'yes' }, 'history'],
    ['updateCategory', { version: 1 }, 'categoryId'],
    ['updateCategory', { categoryId: 'general' }, 'version'],
    ['updateCategory', { categoryId: 'general', version: '1' }, 'version'],
    ['updateCategory', { categoryId: 'general', version: -1 }, 'version'],
    ['updateCategory', { categoryId: 'general', version: 1, name: '' }, 'name'],
    ['updateCategory', { categoryId: 'general', version: 1, denied: ['user:'] }, 'denied.0'],
    ['updateCategory', { categoryId: 'general', version: 1, files: 1 }, 'files'],
    ['deleteCategory', {}, 'categoryId'],
    ['deleteCategory', { categoryId: 'x'.repeat(65) }, 'categoryId'],
    ['categories', { creatable: false }, 'creatable'],
    ['categories', { cursor: 'WyJ4IiwxXQ' }, 'cursor'],
  ])('such as %s %j is refused with the name of the field', async (verb, fields, field) => {
    const root = await world().connect('root')
    expect(await root.refusal(verb, fields)).toMatchObject({ code: 'invalid', retryable: false, details: { field } })
  })
})
