import { browse } from '../../lambdas/routes/browse.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, connect, person } from '../support/memory/fixtures.ts'

/** The reads of a directory query: each room and each grant that is read has a cost. */

const ana = person('ana')
const root = person('root', { admin: true })
let app: MemoryApp
let roomsRead: string[]
let grantsRead: string[]
let readAheads: number[]

beforeEach(async () => {
  app = memoryApp()
  roomsRead = []
  grantsRead = []
  readAheads = []
  const { directory } = app
  const [rooms, standing, inCategory] = [directory.rooms, directory.standing, directory.inCategory]
  jest.spyOn(directory, 'rooms').mockImplementation((ids) => {
    roomsRead.push(...ids)
    return rooms.call(directory, ids)
  })
  jest.spyOn(directory, 'standing').mockImplementation((holdings) => {
    grantsRead.push(...holdings.map(({ roomId, role, principal }) => `${roomId} ${role} ${principal}`))
    return standing.call(directory, holdings)
  })
  jest.spyOn(directory, 'inCategory').mockImplementation((categoryId, from, readAhead?: number) => {
    readAheads.push(readAhead ?? 0)
    return inCategory.call(directory, categoryId, from)
  })
  await addRoom(app, 'a', { name: 'Apple', privacy: 'open' })
  await addRoom(app, 'b', { name: 'Berry', privacy: 'secret' }, { 'user:ana': ['member'] })
  await addRoom(app, 'c', { name: 'Cherry', privacy: 'secret' })
  await addRoom(app, 'd', { name: 'Date', disabled: true }, { 'user:ana': ['manager'] })
  await addRoom(app, 'e', { name: 'Elder', auditorium: true })
})

const ids = async (frame: object, caller = ana) => {
  const { rooms } = await call(app, browse, frame, caller)
  return [rooms].flat().map((room) => Object(room).roomId)
}

it('rooms that do not match the query or are hidden from the caller are not read', async () => {
  expect(await ids({ criteria: { text: 'e' } })).toEqual(['a', 'b', 'e'])
  expect(roomsRead).toEqual(['a', 'b', 'e'])
  roomsRead = []
  expect(await ids({ categoryId: 'general', auditorium: true })).toEqual(['e'])
  expect(await ids({ categoryId: 'general', privacy: 'secret' })).toEqual(['b'])
  expect(await ids({ categoryId: 'general', disabled: true })).toEqual(['d'])
  expect(roomsRead).toEqual(['e', 'b', 'd'])
})

it('for an administrator all matching rooms are read, and no grants', async () => {
  expect(await ids({ categoryId: 'general' }, root)).toEqual(['a', 'b', 'c', 'e'])
  expect(await ids({ categoryId: 'general', disabled: true }, root)).toEqual(['d'])
  expect(roomsRead).toEqual(['a', 'b', 'c', 'e', 'd'])
  expect(grantsRead).toEqual([])
})

it('grants are read only if they matter and the index contains them', async () => {
  await ids({ categoryId: 'general' })
  expect(grantsRead).toEqual(['b member user:ana'])
  grantsRead = []
  await ids({ categoryId: 'general', privacy: 'open' })
  await ids({ categoryId: 'general', privacy: 'closed' })
  expect(grantsRead).toEqual([])
})

it('the index of grants is read only if grants matter', async () => {
  const holdings = jest.spyOn(app.directory, 'holdings')
  await ids({ categoryId: 'general', privacy: 'open' })
  await ids({ categoryId: 'general', privacy: 'closed' })
  await ids({ categoryId: 'general' }, root)
  expect(holdings).not.toHaveBeenCalled()
  for (const query of [{}, { privacy: 'secret' }, { disabled: true }, { disabled: true, privacy: 'open' }]) {
    await ids({ categoryId: 'general', ...query })
    expect(holdings).toHaveBeenCalled()
    holdings.mockClear()
  }
})

it('a query for own rooms reads only the rooms of that role', async () => {
  expect(await ids({ mine: true })).toEqual(['b'])
  expect(roomsRead).toEqual(['b'])
  expect(await ids({ managed: true, disabled: true })).toEqual(['d'])
  expect(roomsRead).toEqual(['b', 'd'])
})

it('a page reads one room more than it returns', async () => {
  for (let nr = 0; nr < 9; nr++) await addRoom(app, `f${nr}`, { privacy: 'open' })
  const reads = jest.spyOn(app.directory, 'rooms')
  expect(await ids({ categoryId: 'general', privacy: 'open', limit: 3 })).toEqual(['a', 'f0', 'f1'])
  expect(reads).toHaveBeenCalledTimes(1)
  expect(roomsRead).toEqual(['a', 'f0', 'f1', 'f2'])
})

it('a page with all matching rooms has no cursor', async () => {
  const reply = await call(app, browse, { categoryId: 'general', privacy: 'open', limit: 1 }, ana)
  expect(Object.keys(reply)).not.toContain('cursor')
})

it('the read-ahead is the page size, at least 30, or a third of the maximum for a text query', async () => {
  await ids({ categoryId: 'general', limit: 100 })
  await ids({ categoryId: 'general', limit: 5 })
  await ids({ criteria: { text: 'x' } })
  await ids({ categoryId: 'none' })
  expect(readAheads).toEqual([101, 30, 334])
  for (let nr = 0; nr < 3; nr++) app.categories.put({ ...(await general()), categoryId: `c${nr}`, name: `C${nr}` })
  readAheads = []
  await ids({ criteria: { text: 'x' } })
  expect(readAheads).toEqual([84, 84, 84, 84])
})

const general = async () => (await import('../../lambdas/domain/access/categories.ts')).builtInCategory

it('the rooms of a user are those of their open connections', async () => {
  const ben = person('ben')
  await addSession(app, 'a', ben, 'b1')
  await connect(app, ben, 'b2')
  expect(await ids({ joinedBy: 'ben' })).toEqual(['a'])
  const found = jest.spyOn(app.sessions, 'find')
  await ids({ joinedBy: 'ben' })
  expect(found.mock.calls).toEqual([['a', 'b1']])
  expect(await ids({ joinedBy: 'nobody' })).toEqual([])
})

it('the rooms of another user are those whose participants the caller may list', async () => {
  const hidden = { closed: { privacy: 'closed' }, secret: { privacy: 'secret' } } as const
  for (const [roomId, settings] of Object.entries(hidden)) {
    await addRoom(app, roomId, settings, {
      'user:ben': ['member'],
      'group:ops': ['manager'],
      'group:dev': ['member'],
    })
    await addSession(app, roomId, person('ben'), `b-${roomId}`)
  }
  const found = (groups: string[], admin = false) => ids({ joinedBy: 'ben' }, person('eve', { groups, admin }))
  expect(await found([])).toEqual([])
  expect(await found(['ops'])).toEqual([])
  expect(await found([], true)).toEqual([])
  expect(await found(['dev'])).toEqual(['closed', 'secret'])
})

describe('an index that lags', () => {
  it('does not end the list if a room on the page has become hidden', async () => {
    for (let nr = 0; nr < 4; nr++) await addRoom(app, `f${nr}`, { privacy: 'open', auditorium: true })
    app.directory.freezeIndexes()
    const hidden = await app.rooms.find('f0')
    if (hidden) await app.rooms.replace(hidden, { ...hidden, privacy: 'secret', version: 2 })
    const query = { categoryId: 'general', auditorium: true, privacy: 'open', limit: 2 }
    const first = await call(app, browse, query, ana)
    expect(first).toMatchObject({ rooms: [{ roomId: 'f1' }, { roomId: 'f2' }], cursor: expect.any(String) })
    expect(await call(app, browse, { ...query, cursor: first.cursor }, ana)).toMatchObject({
      rooms: [{ roomId: 'f3' }],
    })
  })

  it('does not show a room in its former category', async () => {
    app.categories.put({ ...(await general()), categoryId: 'other', name: 'Other' })
    app.directory.freezeIndexes()
    const moved = await app.rooms.find('a')
    if (moved) await app.rooms.replace(moved, { ...moved, categoryId: 'other', version: 2 })
    expect(await ids({ categoryId: 'general' })).toEqual(['b', 'e'])
  })
})

it('rooms are read in batches', async () => {
  const reads = jest.spyOn(app.directory, 'rooms')
  await ids({ categoryId: 'general', limit: 3 })
  await ids({ mine: true, limit: 1 })
  expect(reads.mock.calls.map(([roomIds]) => roomIds.join(''))).toEqual(['abe', 'b'])
})

it('a text query searches descriptions only on request, and a phrase does not span name and description', async () => {
  await addRoom(app, 'g', { name: 'Grape', privacy: 'open', description: 'sweet and round' })
  expect(await ids({ criteria: { text: 'sweet' } })).toEqual([])
  expect(await ids({ criteria: { text: 'sweet', inDescription: true } })).toEqual(['g'])
  expect(await ids({ criteria: { text: 'grape', inDescription: true } })).toEqual(['g'])
  const phrase = { match: 'phrase', inDescription: true }
  expect(await ids({ criteria: { text: 'and round', ...phrase } })).toEqual(['g'])
  expect(await ids({ criteria: { text: 'grape sweet', ...phrase } })).toEqual([])
})

it('grants of presenters are not read, because they make no room visible', async () => {
  app.roles.put('c', { role: 'presenter', principal: 'user:ana', createdAt: 1, createdBy: 'x' })
  await ids({ categoryId: 'general', privacy: 'secret' })
  expect(grantsRead).toEqual(['b member user:ana'])
})

it('a user is in a room as long as one of their connections is', async () => {
  const ben = person('ben')
  const session = await addSession(app, 'a', ben, 'b1')
  await addSession(app, 'a', ben, 'b2')
  const find = jest.spyOn(app.sessions, 'find')
  find.mockImplementation(async (_, connectionId) => (connectionId === 'b1' ? undefined : session))
  expect(await ids({ joinedBy: 'ben' })).toEqual(['a'])
  find.mockResolvedValue({ ...session, expiresAt: 1 })
  expect(await ids({ joinedBy: 'ben' })).toEqual([])
  find.mockResolvedValue(undefined)
  expect(await ids({ joinedBy: 'ben' })).toEqual([])
})
