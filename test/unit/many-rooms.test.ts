import { readableRooms } from '../../lambdas/domain/access/many-rooms.ts'
import { viewerOf, visibleRooms } from '../../lambdas/domain/access/visibility.ts'
import { history } from '../../lambdas/routes/history.ts'
import { invitations } from '../../lambdas/routes/invitations.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, categoryOf, connect, person } from '../support/memory/fixtures.ts'

const ana = person('ana', { groups: ['ops', 'dev'] })
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await connect(app, ana, 'c-ana')
})

const readable = async (roomIds: string[], caller = ana) =>
  (await readableRooms(app, roomIds, caller)).map(({ roomId }) => roomId)

describe('the readable rooms among many', () => {
  it('are the open ones and those in which the caller is a member', async () => {
    await app.categories.create(categoryOf('other', { allowed: ['group:other'] }))
    await app.categories.create(categoryOf('live', { history: false }))
    await addRoom(app, 'open', { privacy: 'open' })
    await addRoom(app, 'live', { privacy: 'open', categoryId: 'live' })
    await addRoom(app, 'own', {}, { 'user:ana': ['member'] })
    await addRoom(app, 'of a group', { privacy: 'secret' }, { 'group:dev': ['member'] })
    await addRoom(app, 'of all', {}, { everyone: ['member'] })
    await addRoom(app, 'of others', {}, { 'group:qa': ['member'], 'user:ben': ['member'] })
    await addRoom(app, 'managed', {}, { 'user:ana': ['manager'] })
    await addRoom(app, 'disabled', { privacy: 'open', disabled: true }, { 'user:ana': ['member'] })
    await addRoom(app, 'elsewhere', { privacy: 'open', categoryId: 'other' }, { 'user:ana': ['member'] })
    const roomIds = [
      'open',
      'live',
      'own',
      'of a group',
      'of all',
      'of others',
      'managed',
      'disabled',
      'elsewhere',
      '?',
    ]
    expect(await readableRooms(app, roomIds, ana)).toEqual([
      { roomId: 'open', logged: true },
      { roomId: 'live', logged: false },
      { roomId: 'own', logged: true },
      { roomId: 'of a group', logged: true },
      { roomId: 'of all', logged: true },
    ])
    expect(await readable([])).toEqual([])
  })

  it('do not include a room whose grant was revoked and is still in the index', async () => {
    await addRoom(app, 'r', {}, { 'group:ops': ['member'] })
    await addRoom(app, 's')
    jest.spyOn(app.roles, 'listed').mockImplementation(async (_user, _role, roomIds) => [...roomIds])
    expect(await readable(['r', 's'])).toEqual(['r'])
  })

  it('cause one call for each kind of item, however many there are', async () => {
    const roomIds = Array.from({ length: 30 }, (_, nr) => `room ${nr}`)
    for (const roomId of roomIds) await addRoom(app, roomId, {}, { 'group:ops': ['member'] })
    const spies = [
      jest.spyOn(app.roles, 'rooms'),
      jest.spyOn(app.roles, 'listed'),
      jest.spyOn(app.categories, 'findAll'),
    ]
    const found = [jest.spyOn(app.roles, 'held'), jest.spyOn(app.categories, 'find')]
    const seen = Object.fromEntries(roomIds.map((roomId) => [roomId, 7]))
    const reply = await call(app, sync, { rooms: seen }, ana)
    expect(Object.keys(Object(reply.rooms))).toHaveLength(30)
    for (const spy of spies) expect(spy).toHaveBeenCalledTimes(1)
    expect(found[0]).not.toHaveBeenCalled()
  })
})

describe('a grant to the user that the index does not list yet', () => {
  beforeEach(async () => {
    await addRoom(app, 'new', { privacy: 'secret' }, { 'user:ana': ['member'] })
    jest.spyOn(app.roles, 'listed').mockResolvedValue([])
    jest.spyOn(app.directory, 'listed').mockResolvedValue([])
  })

  it('takes effect a moment later in `sync`', async () => {
    expect(await call(app, sync, { rooms: { new: 7 } }, ana)).toMatchObject({ rooms: {} })
  })

  it('takes effect at once in `history` of many rooms and in the list of invitations', async () => {
    expect(await call(app, history, { roomIds: ['new'] }, ana)).toMatchObject({ ok: true, rooms: [{ roomId: 'new' }] })
    app.invitations.add('ana', 'new', 1)
    expect(await call(app, invitations, {}, ana)).toMatchObject({ invitations: [{ room: { roomId: 'new' } }], last: 1 })
  })
})

describe('the roles that an index lists', () => {
  it('are confirmed one after the other, until one stands', async () => {
    await addRoom(app, 'r', { privacy: 'secret' }, { 'group:dev': ['member'], everyone: ['member'] })
    const standing = jest.spyOn(app.directory, 'standing')
    const principals = ['user:ana', 'group:ops', 'group:dev', 'everyone']
    const holdings = principals.map((principal) => ({ roomId: 'r', role: 'member' as const, principal }))
    const viewer = await viewerOf(app.categories, ana)
    expect(await visibleRooms(app.directory, viewer, [{ roomId: 'r', holdings }])).toHaveLength(1)
    const read = standing.mock.calls.map(([asked]) => asked.map(({ principal }) => principal))
    expect(read).toEqual([['user:ana'], ['group:ops'], ['group:dev']])
  })

  it('show no room if none of them stands', async () => {
    await addRoom(app, 'r', { privacy: 'secret' })
    const holdings = ['group:ops', 'group:dev'].map((principal) => ({
      roomId: 'r',
      role: 'member' as const,
      principal,
    }))
    const viewer = await viewerOf(app.categories, ana)
    expect(await visibleRooms(app.directory, viewer, [{ roomId: 'r', holdings }])).toEqual([])
  })
})
