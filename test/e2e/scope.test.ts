import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

jest.setTimeout(180_000)
const world = aWorld()

describe('deleting a category', () => {
  it('works when it is empty, and frees its name', async () => {
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

  it('is refused for the built-in one, and while a room is in it, a disabled one too', async () => {
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

  it('and creating rooms in it never both succeed', async () => {
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

describe('creating rooms in a category', () => {
  it('is for its creators; a category that one is not in the scope of does not exist for one', async () => {
    const { categoryId } = await world().category({ allowed: ['group:ops'], creators: ['user:dave', 'user:alice'] })
    const wish = () => ({ name: someName(), categoryId })
    const [alice, dave, erin] = await Promise.all(['alice', 'dave', 'erin'].map((user) => world().connect(user)))
    expect((await dave?.ask('createRoom', wish()))?.room.categoryId).toBe(categoryId)
    expect(await erin?.refusal('createRoom', wish())).toMatchObject({ code: 'forbidden' })
    const unseen = await alice?.refusal('createRoom', wish())
    expect(unseen).toMatchObject({ code: 'not_found', details: { field: 'categoryId' } })
    expect(await alice?.refusal('createRoom', { ...wish(), categoryId: 'none' })).toEqual(unseen)
  })
})

describe('scope', () => {
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

  it.each(['user:alice', 'user:dave', 'group:ops'])('lets %s be a member', async (principal) => {
    expect((await root.ask('grant', grant(principal))).changed).toEqual([principal])
    expect((await root.ask('grant', grant(principal, 'manager'))).changed).toEqual([principal])
  })

  it.each([
    ['a user who is in no group that is allowed', 'user:bob'],
    ['a user who is denied', 'user:carol'],
    ['a user who is in a group that is denied', 'user:erin'],
    ['a group that is denied', 'group:dev'],
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

  it('cannot tell of somebody who never connected, where groups decide, and says so', async () => {
    const stranger = `user:${someName()}`
    expect(await root.refusal('grant', grant(stranger))).toMatchObject({
      code: 'unknown_principal',
      details: { principals: [stranger] },
    })
    const fields = { roomId: room.roomId, version: 1, members: ['user:dave', stranger] }
    expect(await root.refusal('updateRoom', fields)).toMatchObject({
      code: 'unknown_principal',
      details: { field: 'members', principals: [stranger] },
    })
  })

  it('needs to know nobody where everyone is allowed and only people are denied', async () => {
    const open = await world().category({ denied: ['user:carol'] })
    const other = (await root.ask('createRoom', { name: someName(), categoryId: open.categoryId })).room
    const strangers = { roomId: other.roomId, role: 'member', principals: [`user:${someName()}`, 'group:any'] }
    expect((await root.ask('grant', strangers)).changed).toHaveLength(2)
    expect(await root.refusal('grant', { ...strangers, principals: ['user:carol'] })).toMatchObject({
      code: 'not_in_scope',
    })
  })

  it('bounds whole lists as it bounds grants', async () => {
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

describe('bad input about categories', () => {
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
  ])('%s %j names the field', async (verb, fields, field) => {
    const root = await world().connect('root')
    expect(await root.refusal(verb, fields)).toMatchObject({ code: 'invalid', retryable: false, details: { field } })
  })
})
