import { loadAccess } from '../../lambdas/domain/access/access.ts'
import { readableRooms } from '../../lambdas/domain/access/many-rooms.ts'
import type { Caller } from '../../lambdas/domain/access/principals.ts'
import type { Role } from '../../lambdas/domain/access/roles.ts'
import { viewerOf, visibleRooms } from '../../lambdas/domain/access/visibility.ts'
import { Meter } from '../../lambdas/domain/budget/meter.ts'
import { forEachConcurrent } from '../../lambdas/domain/concurrency.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import { history } from '../../lambdas/routes/history.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { dynamoClient } from '../../lambdas/store/client.ts'
import { type Database, database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { memoryApp } from '../support/memory/app.ts'
import { call, person, roomOf } from '../support/memory/fixtures.ts'
import { fresh } from './ports.ts'

const manyRooms = 100
const groups = Array.from({ length: 90 }, (_, nr) => `group-${nr}`)

let db: Database
let meter: Meter
let stores: ReturnType<typeof dynamoStores>
let client: ReturnType<typeof dynamoClient>

beforeAll(async () => {
  db = await database()
  stores = dynamoStores(db.client(), db.tables)
})

beforeEach(() => {
  meter = new Meter()
  client = dynamoClient(meter)
})

afterEach(() => client.destroy())
afterAll(() => db.stop())

const metered = () => dynamoStores(client, db.tables, stores.clock)

async function rooms(privacy: Room['privacy'], principal?: string, role: Role = 'member', count = manyRooms) {
  const roomIds = Array.from({ length: count }, () => fresh('room'))
  await forEachConcurrent(roomIds, async (roomId) => {
    await stores.rooms.create(roomOf(roomId, { name: roomId, privacy }), undefined)
    if (principal) await stores.roles.grant(roomId, [{ role, principal, createdAt: 1, createdBy: 'maker' }])
  })
  return roomIds
}

const member = (): Caller => person(fresh('user'), { groups })

describe('the rights in 100 rooms of a caller with 90 groups', () => {
  it.each<[string, Room['privacy'], string | undefined, number]>([
    ['open', 'open', undefined, manyRooms],
    ['closed', 'closed', undefined, 0],
    ['secret', 'secret', undefined, 0],
    ['granted to a group', 'closed', 'group:group-77', manyRooms],
    ['granted to everyone', 'secret', 'everyone', manyRooms],
  ])('cost at most two units a room: %s', async (_, privacy, principal, readable) => {
    const roomIds = await rooms(privacy, principal)
    expect(await readableRooms(metered(), roomIds, member())).toHaveLength(readable)
    // One unit is that of the category, and one that of the index.
    expect(meter.units).toBeLessThanOrEqual(2 * manyRooms + 2)
  })

  it('cost at most two units a room that is granted to the user, or that does not exist', async () => {
    const caller = member()
    const roomIds = await rooms('secret', `user:${caller.user}`)
    expect(await readableRooms(metered(), roomIds, caller)).toHaveLength(manyRooms)
    const granted = meter.units
    // The index lists 100 grants of this user.
    expect(granted).toBeLessThanOrEqual(2 * manyRooms + 4)
    const missing = roomIds.map((roomId) => `${roomId} is missing`)
    expect(await readableRooms(metered(), missing, caller)).toEqual([])
    expect(meter.units - granted).toBeLessThanOrEqual(2 * manyRooms + 4)
  })

  it('do not make `sync` or `history` expensive', async () => {
    const roomIds = await rooms('open')
    const app = { ...memoryApp(), ...metered(), meter }
    const caller = member()
    const connectedAt = app.clock.now()
    const expiresAt = Math.ceil(connectedAt / 1000) + 1000
    await app.sessions.open({ connectionId: 'c', user: caller.user, name: '', groups: [], connectedAt, expiresAt })
    const before = meter.units
    const seen = Object.fromEntries(roomIds.map((roomId) => [roomId, 7]))
    const reply = await call(Object.assign(memoryApp(), app), sync, { rooms: seen }, caller, 'c')
    expect(Object.keys(Object(reply.rooms))).toHaveLength(manyRooms)
    // A log costs a unit for its head, and one for its floor.
    expect(meter.units - before).toBeLessThanOrEqual(4 * manyRooms + 5)
    const asked = roomIds.slice(0, 20)
    const synced = meter.units
    const found = await call(Object.assign(memoryApp(), app), history, { roomIds: asked }, caller, 'c')
    expect(found.rooms).toHaveLength(asked.length)
    expect(meter.units - synced).toBeLessThanOrEqual(4 * asked.length + 5)
  })

  it('cost a list of invitations at most five units a room that is hidden by now, and else two', async () => {
    const caller = member()
    const viewer = await viewerOf(stores.categories, caller)
    const invited = (await rooms('secret', `user:${caller.user}`)).map((roomId) => ({ roomId }))
    expect(await visibleRooms(metered().directory, viewer, invited)).toHaveLength(manyRooms)
    expect(meter.units).toBeLessThanOrEqual(2 * manyRooms)
    const before = meter.units
    const hidden = (await rooms('secret')).map((roomId) => ({ roomId }))
    expect(await visibleRooms(metered().directory, viewer, hidden)).toEqual([])
    expect(meter.units - before).toBeLessThanOrEqual(5 * manyRooms)
  })

  it('are read once where the index lists many groups with the same role', async () => {
    const caller = member()
    const viewer = await viewerOf(stores.categories, caller)
    const candidates = (await rooms('secret')).map((roomId) => ({
      roomId,
      holdings: groups.map((group) => ({ roomId, role: 'member' as const, principal: `group:${group}` })),
    }))
    await forEachConcurrent(candidates, async ({ roomId }) => {
      await stores.roles.grant(roomId, [{ role: 'member', principal: 'group:group-0', createdAt: 1, createdBy: 'a' }])
    })
    expect(await visibleRooms(metered().directory, viewer, candidates)).toHaveLength(manyRooms)
    expect(meter.units).toBeLessThanOrEqual(2 * manyRooms)
  })
})

describe('the rights in one room of a caller with 90 groups', () => {
  it('cost at most ten units, and half if they may be slightly old', async () => {
    const [roomId = ''] = await rooms('closed', 'group:group-77', 'member', 1)
    const access = await loadAccess(metered(), roomId, member())
    expect(access?.roles).toEqual(['member'])
    expect(meter.units).toBeLessThanOrEqual(10)
    const before = meter.units
    expect((await loadAccess(metered(), roomId, member(), true))?.permissions).toContain('join')
    expect(meter.units - before).toBeLessThanOrEqual(6)
  })

  it('do not miss a group among more grants than are read at once', async () => {
    const [roomId = ''] = await rooms('closed', undefined, 'member', 1)
    const others = Array.from({ length: 130 }, (_, nr) => ({
      role: 'member' as const,
      principal: `group:a${nr}`,
      createdAt: 1,
      createdBy: 'maker',
    }))
    await stores.roles.grant(roomId, others)
    expect((await loadAccess(metered(), roomId, member()))?.roles).toEqual([])
    await stores.roles.grant(roomId, [{ role: 'member', principal: 'group:group-89', createdAt: 1, createdBy: 'a' }])
    expect((await loadAccess(metered(), roomId, member()))?.roles).toEqual(['member'])
    expect(await readableRooms(metered(), [roomId], member())).toHaveLength(1)
  })
})

test('the grants of a user that one call does not read from the index are found in the table', async () => {
  const caller = person(fresh('user'))
  const roomIds = Array.from({ length: 1002 }, (_, nr) => `many-${String(nr).padStart(4, '0')}`)
  await forEachConcurrent(roomIds, async (roomId) => {
    await stores.roles.grant(roomId, [
      { role: 'member', principal: `user:${caller.user}`, createdAt: 1, createdBy: 'a' },
    ])
  })
  const [first = '', last = ''] = [roomIds[0], roomIds.at(-1)]
  for (const roomId of [first, last]) await stores.rooms.create(roomOf(roomId, { name: roomId }), undefined)
  await stores.rooms.create(roomOf('many-9', { name: 'many-9' }), undefined)
  const found = await readableRooms(metered(), [last, 'many-9', first], caller)
  expect(found.map(({ roomId }) => roomId).sort()).toEqual([first, last])
})
