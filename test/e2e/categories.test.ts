import type { ChatSocket, Frame } from '../support/chat-socket.ts'
import { aWorld, someName } from './world.ts'

jest.setTimeout(60_000)
const world = aWorld()

/** A category as root makes it; everyone is in its scope and may create in it unless it says otherwise. */
async function aCategory(settings: Frame = {}): Promise<Frame> {
  const root = await world().connect('root')
  const { category } = await root.ask('createCategory', { name: someName(), creators: ['everyone'], ...settings })
  await root.close()
  return category
}

const listed = async (socket: ChatSocket, fields: Frame = {}): Promise<Frame[]> => {
  const found: Frame[] = []
  let cursor: string | undefined
  do {
    const reply = await socket.ask('categories', { ...fields, ...(cursor && { cursor }) })
    found.push(...reply.categories)
    cursor = reply.cursor
  } while (cursor)
  return found
}

const idsOf = (categories: Frame[]) => categories.map(({ categoryId }) => categoryId)

describe('creating a category', () => {
  it('answers it whole, with what was left out', async () => {
    const root = await world().connect('root')
    const name = someName()
    const { category } = await root.ask('createCategory', { name })
    expect(category).toEqual({
      categoryId: expect.any(String),
      name,
      description: '',
      allowed: ['everyone'],
      denied: [],
      creators: [],
      invitations: true,
      history: true,
      files: true,
      version: 1,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      createdBy: 'root',
      updatedAt: category.createdAt,
      updatedBy: 'root',
    })
    expect(await listed(root)).toContainEqual(category)
  })

  it('refuses a name that another category has, in whatever case, the built-in one included', async () => {
    const { name } = await aCategory()
    const root = await world().connect('root')
    for (const taken of [name.toUpperCase(), 'General']) {
      expect(await root.refusal('createCategory', { name: taken })).toMatchObject({
        code: 'duplicate_name',
        retryable: false,
      })
    }
  })

  it('is for administrators alone, as changing and deleting are', async () => {
    const { categoryId } = await aCategory()
    const alice = await world().connect('alice')
    for (const [verb, fields] of [
      ['createCategory', { name: someName() }],
      ['updateCategory', { categoryId, version: 1, name: someName() }],
      ['updateCategory', { categoryId: 'none', version: 1 }],
      ['deleteCategory', { categoryId }],
      ['deleteCategory', { categoryId: 'none' }],
    ] as const) {
      expect(await alice.refusal(verb, fields)).toMatchObject({ code: 'forbidden', retryable: false })
    }
  })

  it('lists whoever is named twice once, and refuses lists that no frame could carry back', async () => {
    const { allowed } = await aCategory({ allowed: ['user:alice', 'group:ops', 'user:alice'] })
    expect(allowed).toEqual(['user:alice', 'group:ops'])
    const root = await world().connect('root')
    const long = Array.from({ length: 70 }, (_, nr) => `user:${nr}${'x'.repeat(120)}`)
    const refusal = await root.refusal('createCategory', { name: someName(), allowed: long, denied: long })
    expect(refusal).toMatchObject({ code: 'limit_exceeded', retryable: false })
  })
})

describe('the list of categories', () => {
  it('shows people those whose scope they are in, and not who else is', async () => {
    const everyone = await aCategory({ description: 'For all', files: false })
    const ops = await aCategory({ allowed: ['group:ops'], creators: ['user:dave'] })
    const others = await aCategory({ allowed: ['everyone'], denied: ['group:dev'] })
    const [alice, dave, erin] = await Promise.all(['alice', 'dave', 'erin'].map((user) => world().connect(user)))
    if (!alice || !dave || !erin) throw new Error('Somebody did not connect.')
    const { categoryId, name } = everyone
    expect(await listed(alice)).toContainEqual({
      categoryId,
      name,
      description: 'For all',
      invitations: true,
      history: true,
      files: false,
    })
    expect(idsOf(await listed(alice))).toEqual(expect.arrayContaining(['general', others.categoryId]))
    expect(idsOf(await listed(alice))).not.toContain(ops.categoryId)
    expect(idsOf(await listed(erin))).toContain(ops.categoryId)
    expect(idsOf(await listed(erin))).not.toContain(others.categoryId)
    expect(idsOf(await listed(dave, { creatable: true }))).toEqual(
      expect.arrayContaining(['general', ops.categoryId, everyone.categoryId]),
    )
    expect(idsOf(await listed(erin, { creatable: true }))).not.toContain(ops.categoryId)
  })

  it('goes over several frames where one does not hold it', async () => {
    const allowed = Array.from({ length: 60 }, (_, nr) => `user:${nr}${'ä'.repeat(100)}`)
    const made = [await aCategory({ allowed }), await aCategory({ allowed }), await aCategory({ allowed })]
    const root = await world().connect('root')
    expect((await root.ask('categories')).cursor).toEqual(expect.any(String))
    const all = idsOf(await listed(root))
    expect(all).toEqual(expect.arrayContaining(idsOf(made)))
    expect(new Set(all).size).toBe(all.length)
    expect(
      await root.refusal('categories', { creatable: true, cursor: (await root.ask('categories')).cursor }),
    ).toMatchObject({ code: 'invalid', details: { field: 'cursor' } })
  })
})

describe('changing a category', () => {
  it('changes what is given and nothing else, and raises the version', async () => {
    const before = await aCategory({ allowed: ['group:ops'] })
    const root = await world().connect('root')
    const { categoryId } = before
    const name = someName()
    const { category } = await root.ask('updateCategory', { categoryId, version: 1, name, denied: ['user:dave'] })
    expect(category).toEqual({ ...before, name, denied: ['user:dave'], version: 2, updatedAt: category.updatedAt })
    expect((await listed(root)).filter((each) => each.categoryId === categoryId)).toEqual([category])
  })

  it('is refused under an old version, and tells the present one', async () => {
    const { categoryId } = await aCategory()
    const root = await world().connect('root')
    await root.ask('updateCategory', { categoryId, version: 1, description: 'new' })
    expect(await root.refusal('updateCategory', { categoryId, version: 1, description: 'late' })).toMatchObject({
      code: 'conflict',
      retryable: false,
      details: { version: 2 },
    })
    expect(await root.refusal('updateCategory', { categoryId: 'none', version: 1 })).toMatchObject({
      code: 'not_found',
      details: { field: 'categoryId' },
    })
  })

  it('is for one of two who change it at once', async () => {
    const { categoryId } = await aCategory()
    const [one, two] = [await world().connect('root'), await world().connect('root')]
    const replies = await Promise.all(
      [one, two].map((root, nr) => root.request('updateCategory', { categoryId, version: 1, description: `${nr}` })),
    )
    expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
    const lost = replies.find(({ ok }) => !ok)
    expect(lost?.error).toMatchObject({ code: 'conflict', details: { version: 2 } })
  })

  it('that says nothing new leaves the version, so a repeated call succeeds', async () => {
    const { categoryId } = await aCategory()
    const root = await world().connect('root')
    const change = { categoryId, denied: ['user:dave'] }
    const first = await root.ask('updateCategory', { ...change, version: 1 })
    expect((await root.ask('updateCategory', { ...change, version: 2 })).category).toEqual(first.category)
  })

  it('frees the old name, keeps one that changes only its case, and takes none of another', async () => {
    const first = await aCategory()
    const other = await aCategory()
    const root = await world().connect('root')
    const { categoryId, name } = first
    const louder = await root.ask('updateCategory', { categoryId, version: 1, name: name.toUpperCase() })
    expect(louder.category.name).toBe(name.toUpperCase())
    const taken = await root.refusal('updateCategory', { categoryId, version: 2, name: other.name.toLowerCase() })
    expect(taken).toMatchObject({ code: 'duplicate_name' })
    await root.ask('updateCategory', { categoryId, version: 2, name: someName() })
    await aCategory({ name })
  })

  it('stores the built-in category in its own place', async () => {
    const root = await world().connect('root')
    const builtIn = (await listed(root)).find(({ categoryId }) => categoryId === 'general')
    const { version, description } = builtIn ?? {}
    const change = { categoryId: 'general', description: `${description}.` }
    const { category } = await root.ask('updateCategory', { ...change, version })
    expect(category).toEqual({
      ...builtIn,
      ...change,
      version: version + 1,
      updatedAt: category.updatedAt,
      updatedBy: 'root',
    })
    expect((await listed(root)).filter(({ categoryId }) => categoryId === 'general')).toEqual([category])
    expect(await root.refusal('updateCategory', { ...change, version })).toMatchObject({ code: 'conflict' })
  })

  it('puts those out at once whom it denies, tells the rest, and lets back in whom it allows again', async () => {
    const { categoryId } = await aCategory()
    const room = await world().room({ categoryId })
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const root = await world().connect('root')
    await root.ask('updateCategory', { categoryId, version: 1, denied: ['user:bob'] })
    expect(await bob.push('kicked')).toEqual({ type: 'kicked', roomId: room.roomId, reason: 'revoked' })
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'bob' } })
    expect(await bob.refusal('send', { roomId: room.roomId, text: 'x' })).toMatchObject({ code: 'not_joined' })
    expect(await bob.refusal('join', { roomId: room.roomId })).toMatchObject({ code: 'not_found' })
    await root.ask('updateCategory', { categoryId, version: 2, denied: [] })
    await bob.ask('join', { roomId: room.roomId })
  })

  it('takes from managers who are out of scope the right to manage', async () => {
    const { categoryId } = await aCategory()
    const room = await world().room({ categoryId })
    const alice = await world().connect('alice')
    const root = await world().connect('root')
    await root.ask('updateCategory', { categoryId, version: 1, allowed: ['user:bob'] })
    const change = { roomId: room.roomId, version: 1, description: 'mine' }
    expect(await alice.refusal('updateRoom', change)).toMatchObject({ code: 'not_found' })
  })

  it('leaves nobody in a room whom it denies, whatever joins meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      const { categoryId } = await aCategory()
      const room = await world().room({ categoryId }, ['user:bob'])
      const bob = await world().connect('bob')
      const root = await world().connect('root')
      const [joined] = await Promise.all([
        bob.request('join', { roomId: room.roomId }),
        root.ask('updateCategory', { categoryId, version: 1, denied: ['user:bob'] }),
      ])
      if (joined.ok) await bob.push('kicked', { roomId: room.roomId, reason: 'revoked' })
      expect(await bob.refusal('leave', { roomId: room.roomId })).toMatchObject({ code: 'not_joined' })
    }
  })
})

describe('deleting a category', () => {
  it('works when it is empty, and frees its name', async () => {
    const { categoryId, name } = await aCategory()
    const root = await world().connect('root')
    await root.ask('deleteCategory', { categoryId })
    expect(idsOf(await listed(root))).not.toContain(categoryId)
    expect(await root.refusal('deleteCategory', { categoryId })).toMatchObject({ code: 'not_found' })
    expect(await root.refusal('createRoom', { name: someName(), categoryId })).toMatchObject({
      code: 'not_found',
      details: { field: 'categoryId' },
    })
    await aCategory({ name })
  })

  it('is refused for the built-in one, and while a room is in it, a disabled one too', async () => {
    const root = await world().connect('root')
    expect(await root.refusal('deleteCategory', { categoryId: 'general' })).toMatchObject({ code: 'forbidden' })
    const { categoryId } = await aCategory()
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
      const { categoryId } = await aCategory()
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
    const { categoryId } = await aCategory({ allowed: ['group:ops'], creators: ['user:dave', 'user:alice'] })
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
    ops = await aCategory({ allowed: ['group:ops', 'user:alice'], denied: ['group:dev', 'user:carol'] })
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
    const open = await aCategory({ denied: ['user:carol'] })
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
