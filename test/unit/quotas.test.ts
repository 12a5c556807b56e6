import type { Caller } from '../../lambdas/domain/access/principals.ts'
import type { Role } from '../../lambdas/domain/access/roles.ts'
import type { QuotaLimits } from '../../lambdas/domain/budget/quotas.ts'
import { block } from '../../lambdas/routes/block.ts'
import { createRoom } from '../../lambdas/routes/create-room.ts'
import { grant } from '../../lambdas/routes/grant.ts'
import { hello } from '../../lambdas/routes/hello.ts'
import { preference } from '../../lambdas/routes/preference.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, categoryOf, person } from '../support/memory/fixtures.ts'

const ana = person('ana')
const root = person('root', { admin: true })
const dayMs = 24 * 60 * 60 * 1000
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  app.clock.time = Date.UTC(2026, 5, 1, 12)
})

const limit = (quotas: Partial<QuotaLimits>) => Object.assign(app.settings.quotas, quotas)

let names = 0
const create = async (caller: Caller, more: object = {}) =>
  call(app, createRoom, { name: `Room ${++names}`, ...more }, caller)

/** The code of each reply, and `ok` for one without an error. */
const codes = async (calls: (() => Promise<Record<string, unknown>>)[]) => {
  const found: string[] = []
  for (const each of calls) found.push(codeOf(await each()))
  return found
}

const codeOf = ({ ok, error }: Record<string, unknown>): string => (ok ? 'ok' : String(Object(error).code))

const times = <Result>(count: number, make: (at: number) => Result): Result[] =>
  Array.from({ length: count }, (_, at) => make(at))

test('hello publishes the quotas of the deployment', async () => {
  limit({ roomsPerDay: 7 })
  expect(await call(app, hello, {})).toMatchObject({ limits: { roomsPerDay: 7, grantsPerRoom: 5000, textBytes: 4096 } })
})

describe('a user who creates rooms', () => {
  it('is refused beyond the limit of a day, with a message that names it, and not on the next day', async () => {
    limit({ roomsPerDay: 2 })
    expect(await codes(times(3, () => () => create(ana)))).toEqual(['ok', 'ok', 'limit_exceeded'])
    expect((await create(ana)).error).toEqual({
      code: 'limit_exceeded',
      message: 'The limit roomsPerDay is reached: 2 rooms created by one user on one day.',
      retryable: false,
    })
    expect(codeOf(await create(person('ben')))).toBe('ok')
    app.clock.time += dayMs / 2
    expect(codeOf(await create(ana))).toBe('ok')
  })

  it('is answered a room of before at the limits, when the request is repeated', async () => {
    limit({ roomsPerDay: 1, roomsManaged: 1 })
    const first = await create(ana, { clientRoomId: 'mine' })
    expect(await create(ana, { clientRoomId: 'mine' })).toEqual(first)
    expect(codeOf(await create(ana, { clientRoomId: 'other' }))).toBe('limit_exceeded')
  })

  it('spends a try on a name that is taken', async () => {
    limit({ roomsPerDay: 2 })
    await addRoom(app, 'r', { name: 'Secret' })
    const guess = () => create(ana, { name: 'secret' })
    expect(await codes([guess, guess, guess])).toEqual(['duplicate_name', 'duplicate_name', 'limit_exceeded'])
  })

  it('is refused while they manage too many rooms of their own, and rooms of others do not count', async () => {
    limit({ roomsManaged: 2 })
    for (const roomId of ['given', 'given too']) await addRoom(app, roomId, {}, { 'user:ana': ['manager'] })
    const { room } = await create(ana)
    await create(ana)
    expect((await create(ana)).error).toMatchObject({
      code: 'limit_exceeded',
      message: 'The limit roomsManaged is reached: 2 rooms that one user made and manages.',
    })
    await app.roles.revoke(Object(room).roomId, 'manager', ['user:ana'])
    expect(codeOf(await create(ana))).toBe('ok')
  })

  it('has no limit as an administrator, and ten times the limit as a service', async () => {
    limit({ roomsPerDay: 1, roomsManaged: 1 })
    expect(await codes(times(3, () => () => create(root)))).toEqual(['ok', 'ok', 'ok'])
    const made = await codes(times(11, () => () => create(person('service:bot'))))
    expect(made.filter((code) => code === 'ok')).toHaveLength(10)
  })
})

describe('a room', () => {
  const give = (role: string, ...principals: string[]) => call(app, grant, { roomId: 'r', role, principals }, ana)

  beforeEach(() => addRoom(app, 'r', {}, { 'user:ana': ['manager'] }))

  it('takes no more grants than the limit, and none of a request that exceeds it', async () => {
    limit({ grantsPerRoom: 5 })
    expect(codeOf(await give('member', 'user:b', 'user:c'))).toBe('ok')
    expect((await give('member', 'user:d', 'user:e')).error).toMatchObject({
      code: 'limit_exceeded',
      message: 'The limit grantsPerRoom is reached: 5 grants in one room.',
    })
    expect(await app.roles.count('r')).toBe(4)
    expect(await app.records.read('r', { from: 0, to: 1e15 }, '', 9)).toHaveLength(1)
    expect(codeOf(await give('manager', 'user:d'))).toBe('ok')
  })

  it('accepts a repeated grant at the limit', async () => {
    limit({ grantsPerRoom: 3 })
    expect(await give('member', 'user:b')).toMatchObject({ changed: ['user:b'] })
    expect(await give('member', 'user:b')).toMatchObject({ changed: [] })
  })

  it('accepts a list that takes as many grants as it gives, and no other change with a longer one', async () => {
    limit({ grantsPerRoom: 3 })
    await give('member', 'user:b')
    const update = (version: number, ...members: string[]) =>
      call(app, updateRoom, { roomId: 'r', version, name: 'New', members }, ana)
    expect(codeOf(await update(1, 'user:c', 'user:b'))).toBe('limit_exceeded')
    expect((await app.rooms.find('r'))?.name).toBe('Room r')
    expect(codeOf(await update(1, 'user:c'))).toBe('ok')
  })
})

describe('an inviter', () => {
  beforeEach(async () => {
    for (const roomId of ['r', 's']) await addRoom(app, roomId, {}, { 'user:ana': ['manager'] })
    limit({ invitationsPerInviterPerDay: 3 })
  })

  const invite = (roomId: string, users: string[], caller = ana) =>
    call(app, grant, { roomId, role: 'member', principals: users.map((user) => `user:${user}`) }, caller)

  it('is refused beyond the limit of a day, and may still give roles without invitations', async () => {
    expect(codeOf(await invite('r', ['b', 'c']))).toBe('ok')
    expect((await invite('s', ['b', 'c'])).error).toMatchObject({
      code: 'limit_exceeded',
      message: 'The limit invitationsPerInviterPerDay is reached: 3 invitations made by one user on one day.',
    })
    expect(await app.roles.count('s')).toBe(2)
    expect(codeOf(await invite('r', ['b', 'c']))).toBe('ok')
    expect(codeOf(await invite('s', ['b']))).toBe('ok')
    app.rooms.alter('s', { invitations: 'off' })
    expect(codeOf(await invite('s', ['c', 'd', 'e', 'f']))).toBe('ok')
  })

  it('is refused for a list of members as well, before the room changes', async () => {
    const members = ['b', 'c', 'd', 'e'].map((user) => `user:${user}`)
    const { error } = await call(app, updateRoom, { roomId: 'r', version: 1, name: 'New', members }, ana)
    expect(error).toMatchObject({ code: 'limit_exceeded' })
    expect((await app.rooms.find('r'))?.version).toBe(1)
  })

  it('has no limit as an administrator', async () => {
    expect(codeOf(await invite('r', ['b', 'c', 'd', 'e'], root))).toBe('ok')
  })
})

test('a user who was invited often enough in 24 hours gets the role and no invitation', async () => {
  limit({ invitationsPerDay: 2 })
  const invitedTo = async () => (await app.invitations.list('ben', 0, 99)).map(({ roomId }) => roomId)
  for (const roomId of ['a', 'b', 'c', 'd']) await addRoom(app, roomId, {}, { 'user:ana': ['manager'] })
  const invite = (roomId: string) => call(app, grant, { roomId, role: 'member', principals: ['user:ben'] }, ana)
  for (const roomId of ['a', 'b', 'c']) expect(await invite(roomId)).toMatchObject({ changed: ['user:ben'] })
  expect(await invitedTo()).toEqual(['a', 'b'])
  expect((await app.roles.held('c', ['user:ben'])).roles).toEqual(['member'])
  app.clock.time += dayMs
  await invite('d')
  expect(await invitedTo()).toEqual(['a', 'b', 'd'])
})

describe('a preference', () => {
  const set = (label: string, data: string) => call(app, preference, { label, data }, ana)

  it('with a new label is refused beyond the limit, and a known label is not', async () => {
    limit({ preferencesPerUser: 2 })
    expect(
      await codes([() => set('a', '1'), () => set('b', '2'), () => set('c', '3'), () => set('a', '1234')]),
    ).toEqual(['ok', 'ok', 'limit_exceeded', 'ok'])
    expect((await set('c', '')).error).toMatchObject({
      message: 'The limit preferencesPerUser is reached: 2 labels of one user.',
    })
  })

  it('is refused if all data of the user together would exceed the limit, unless it does not grow', async () => {
    limit({ preferenceBytesPerUser: 10 })
    expect(await codes([() => set('a', 'äää'), () => set('b', '1234'), () => set('b', '12345')])).toEqual([
      'ok',
      'ok',
      'limit_exceeded',
    ])
    expect((await set('c', '1')).error).toMatchObject({
      code: 'limit_exceeded',
      message: 'The limit preferenceBytesPerUser is reached: 10 bytes of preferences of one user.',
    })
    limit({ preferenceBytesPerUser: 3 })
    expect(await set('a', 'ööö')).toMatchObject({ ok: true, version: 2 })
  })

  it('that does not grow causes no reading of the others', async () => {
    await set('a', '1234')
    const use = jest.spyOn(app.preferences, 'use')
    await set('a', '123')
    expect(use).not.toHaveBeenCalled()
  })
})

test('a user blocks no more users than the limit, and blocking one again is accepted', async () => {
  limit({ blocksPerUser: 2 })
  const blocking = (user: string) => () => call(app, block, { user }, ana)
  expect(await codes(['b', 'c', 'd', 'b'].map(blocking))).toEqual(['ok', 'ok', 'limit_exceeded', 'ok'])
})

describe('a role of a group or of everyone', () => {
  const manager = person('manager')
  beforeEach(async () => {
    app.categories.put(categoryOf('shut', { creators: ['user:creator'] }))
    const holders: Record<string, Role[]> = {
      'user:manager': ['manager'],
      'user:creator': ['manager'],
      'group:old': ['member'],
    }
    await addRoom(app, 'r', { categoryId: 'shut', auditorium: true }, holders)
  })

  const give = (caller: Caller, principals: string[], role = 'member') =>
    call(app, grant, { roomId: 'r', role, principals }, caller)

  it.each(['everyone', 'group:staff'])(
    'is given to %s only by creators of the category and administrators',
    async (one) => {
      for (const role of ['member', 'manager']) {
        expect((await give(manager, ['user:b', one], role)).error).toMatchObject({
          code: 'forbidden',
          details: { field: 'principals' },
        })
      }
      expect((await app.roles.held('r', ['user:b'])).roles).toEqual([])
      expect(await give(person('creator'), [one])).toMatchObject({ changed: [one] })
      expect(await give(root, [one], 'manager')).toMatchObject({ changed: [one] })
    },
  )

  it('that exists stays, and may be repeated by a manager', async () => {
    expect(await give(manager, ['group:old'])).toMatchObject({ ok: true, changed: [] })
  })

  it('is given by a list only by creators, and a list may keep it', async () => {
    const update = (caller: Caller, version: number, lists: object) =>
      call(app, updateRoom, { roomId: 'r', version, ...lists }, caller)
    const refused = await update(manager, 1, { managers: ['user:manager', 'everyone'] })
    expect(refused.error).toMatchObject({ code: 'forbidden', details: { field: 'managers' } })
    const kept = await update(manager, 1, { members: ['group:old', 'user:b'] })
    expect(kept).toMatchObject({ ok: true })
    expect(await update(person('creator'), 2, { members: ['group:new'] })).toMatchObject({ ok: true })
  })
})
