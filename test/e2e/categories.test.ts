import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

const world = aWorld()

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

describe('createCategory', () => {
  it('returns the category with all fields, including the defaults', async () => {
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

  it('refuses the name of another category in any case, also that of the built-in category', async () => {
    const { name } = await world().category()
    const root = await world().connect('root')
    for (const taken of [name.toUpperCase(), 'General']) {
      expect(await root.refusal('createCategory', { name: taken })).toMatchObject({
        code: 'duplicate_name',
        retryable: false,
      })
    }
  })

  it('requires an administrator, as updateCategory and deleteCategory do', async () => {
    const { categoryId } = await world().category()
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

  it('stores a repeated principal once and refuses lists that do not fit in a frame', async () => {
    const { allowed } = await world().category({ allowed: ['user:alice', 'group:ops', 'user:alice'] })
    expect(allowed).toEqual(['user:alice', 'group:ops'])
    const root = await world().connect('root')
    const long = Array.from({ length: 70 }, (_, nr) => `user:${nr}${'x'.repeat(120)}`)
    const refusal = await root.refusal('createCategory', { name: someName(), allowed: long, denied: long })
    expect(refusal).toMatchObject({ code: 'limit_exceeded', retryable: false })
  })
})

describe('the list of categories', () => {
  it('shows a user the categories whose scope includes the user, without the principals in the scope', async () => {
    const everyone = await world().category({ description: 'For all', files: false })
    const ops = await world().category({ allowed: ['group:ops'], creators: ['user:dave'] })
    const others = await world().category({ allowed: ['everyone'], denied: ['group:dev'] })
    const [alice, dave, erin] = await Promise.all(['alice', 'dave', 'erin'].map((user) => world().connect(user)))
    if (!alice || !dave || !erin) throw new Error('A connection is missing.')
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

  it('is split into several pages if it does not fit in one frame', async () => {
    const allowed = Array.from({ length: 60 }, (_, nr) => `user:${nr}${'ä'.repeat(100)}`)
    const made = [
      await world().category({ allowed }),
      await world().category({ allowed }),
      await world().category({ allowed }),
    ]
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

describe('updateCategory', () => {
  it('changes only the given fields and increments the version', async () => {
    const before = await world().category({ allowed: ['group:ops'] })
    const root = await world().connect('root')
    const { categoryId } = before
    const name = someName()
    const { category } = await root.ask('updateCategory', { categoryId, version: 1, name, denied: ['user:dave'] })
    expect(category).toEqual({ ...before, name, denied: ['user:dave'], version: 2, updatedAt: category.updatedAt })
    expect((await listed(root)).filter((each) => each.categoryId === categoryId)).toEqual([category])
  })

  it('is refused for an old version, with the current version in the error', async () => {
    const { categoryId } = await world().category()
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

  it('succeeds for only one of two simultaneous changes', async () => {
    const { categoryId } = await world().category()
    const [one, two] = [await world().connect('root'), await world().connect('root')]
    const replies = await Promise.all(
      [one, two].map((root, nr) => root.request('updateCategory', { categoryId, version: 1, description: `${nr}` })),
    )
    expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
    const lost = replies.find(({ ok }) => !ok)
    expect(lost?.error).toMatchObject({ code: 'conflict', details: { version: 2 } })
  })

  it('keeps the version if nothing changes', async () => {
    const { categoryId } = await world().category()
    const root = await world().connect('root')
    const change = { categoryId, denied: ['user:dave'] }
    const first = await root.ask('updateCategory', { ...change, version: 1 })
    expect((await root.ask('updateCategory', { ...change, version: 2 })).category).toEqual(first.category)
  })

  it('releases the old name, accepts the same name in another case and refuses the name of another category', async () => {
    const first = await world().category()
    const other = await world().category()
    const root = await world().connect('root')
    const { categoryId, name } = first
    const louder = await root.ask('updateCategory', { categoryId, version: 1, name: name.toUpperCase() })
    expect(louder.category.name).toBe(name.toUpperCase())
    const taken = await root.refusal('updateCategory', { categoryId, version: 2, name: other.name.toLowerCase() })
    expect(taken).toMatchObject({ code: 'duplicate_name' })
    await root.ask('updateCategory', { categoryId, version: 2, name: someName() })
    await world().category({ name })
  })

  it('works for the built-in category', async () => {
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

  it('kicks denied users at once, announces it to the others, and lets users join again once they are allowed', async () => {
    const { categoryId } = await world().category()
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

  it('takes the right to manage from managers who are out of scope', async () => {
    const { categoryId } = await world().category()
    const room = await world().room({ categoryId })
    const alice = await world().connect('alice')
    const root = await world().connect('root')
    await root.ask('updateCategory', { categoryId, version: 1, allowed: ['user:bob'] })
    const change = { roomId: room.roomId, version: 1, description: 'mine' }
    expect(await alice.refusal('updateRoom', change)).toMatchObject({ code: 'not_found' })
  })

  it('leaves no denied user in a room, even if the user joins at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const { categoryId } = await world().category()
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
