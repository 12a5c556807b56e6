import { browse } from '../../lambdas/routes/browse.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, connect, furnish, person, seat } from '../support/memory/scene.ts'

/** What a look into the directory reads: every room and every grant that is read costs. */

const ana = person('ana')
const root = person('root', { admin: true })
let app: MemoryApp
let roomsRead: string[]
let grantsRead: string[]
let ahead: number[]

beforeEach(async () => {
  app = memoryApp()
  roomsRead = []
  grantsRead = []
  ahead = []
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
    ahead.push(readAhead ?? 0)
    return inCategory.call(directory, categoryId, from)
  })
  await furnish(app, 'a', { name: 'Apple', privacy: 'open' })
  await furnish(app, 'b', { name: 'Berry', privacy: 'secret' }, { 'user:ana': ['member'] })
  await furnish(app, 'c', { name: 'Cherry', privacy: 'secret' })
  await furnish(app, 'd', { name: 'Date', disabled: true }, { 'user:ana': ['manager'] })
  await furnish(app, 'e', { name: 'Elder', auditorium: true })
})

const ids = async (frame: object, who = ana) => {
  const { rooms } = await call(app, browse, frame, who)
  return [rooms].flat().map((room) => Object(room).roomId)
}

it('rooms that show nothing are not read: other words, secret, out of use, another kind', async () => {
  expect(await ids({ criteria: { text: 'e' } })).toEqual(['a', 'b', 'e'])
  expect(roomsRead).toEqual(['a', 'b', 'e'])
  roomsRead = []
  expect(await ids({ categoryId: 'general', auditorium: true })).toEqual(['e'])
  expect(await ids({ categoryId: 'general', privacy: 'secret' })).toEqual(['b'])
  expect(await ids({ categoryId: 'general', disabled: true })).toEqual(['d'])
  expect(roomsRead).toEqual(['e', 'b', 'd'])
})

it('an administrator reads all that fit, and no grants', async () => {
  expect(await ids({ categoryId: 'general' }, root)).toEqual(['a', 'b', 'c', 'e'])
  expect(await ids({ categoryId: 'general', disabled: true }, root)).toEqual(['d'])
  expect(roomsRead).toEqual(['a', 'b', 'c', 'e', 'd'])
  expect(grantsRead).toEqual([])
})

it('grants are read only where they decide, and only those that an index knows of', async () => {
  await ids({ categoryId: 'general' })
  expect(grantsRead).toEqual(['b member user:ana'])
  grantsRead = []
  await ids({ categoryId: 'general', privacy: 'open' })
  await ids({ categoryId: 'general', privacy: 'closed' })
  expect(grantsRead).toEqual([])
})

it('the index of grants is left alone where it tells nothing', async () => {
  const holdings = jest.spyOn(app.directory, 'holdings')
  await ids({ categoryId: 'general', privacy: 'open' })
  await ids({ categoryId: 'general', privacy: 'closed' })
  await ids({ categoryId: 'general' }, root)
  expect(holdings).not.toHaveBeenCalled()
  for (const question of [{}, { privacy: 'secret' }, { disabled: true }, { disabled: true, privacy: 'open' }]) {
    await ids({ categoryId: 'general', ...question })
    expect(holdings).toHaveBeenCalled()
    holdings.mockClear()
  }
})

it('of memberships nothing but the rooms of that role is read', async () => {
  expect(await ids({ mine: true })).toEqual(['b'])
  expect(roomsRead).toEqual(['b'])
  expect(await ids({ managed: true, disabled: true })).toEqual(['d'])
  expect(roomsRead).toEqual(['b', 'd'])
})

it('a page reads one room more than it shows, and no further', async () => {
  for (let nr = 0; nr < 9; nr++) await furnish(app, `f${nr}`, { privacy: 'open' })
  const reads = jest.spyOn(app.directory, 'rooms')
  expect(await ids({ categoryId: 'general', privacy: 'open', limit: 3 })).toEqual(['a', 'f0', 'f1'])
  expect(reads).toHaveBeenCalledTimes(1)
  expect(roomsRead).toEqual(['a', 'f0', 'f1', 'f2'])
})

it('a page in which every room shows something ends without a cursor', async () => {
  const reply = await call(app, browse, { categoryId: 'general', privacy: 'open', limit: 1 }, ana)
  expect(Object.keys(reply)).not.toContain('cursor')
})

it('reads ahead as far as a page goes, thirty at least, and a third of its work where words are looked for', async () => {
  await ids({ categoryId: 'general', limit: 100 })
  await ids({ categoryId: 'general', limit: 5 })
  await ids({ criteria: { text: 'x' } })
  await ids({ categoryId: 'none' })
  expect(ahead).toEqual([101, 30, 334])
  for (let nr = 0; nr < 3; nr++) app.categories.put({ ...(await general()), categoryId: `c${nr}`, name: `C${nr}` })
  ahead = []
  await ids({ criteria: { text: 'x' } })
  expect(ahead).toEqual([84, 84, 84, 84])
})

const general = async () => (await import('../../lambdas/domain/access/categories.ts')).builtInCategory

it('rooms where somebody is are those of connections that still hear', async () => {
  const ben = person('ben')
  await seat(app, 'a', ben, 'b1')
  await connect(app, ben, 'b2')
  expect(await ids({ joinedBy: 'ben' })).toEqual(['a'])
  const found = jest.spyOn(app.sessions, 'find')
  await ids({ joinedBy: 'ben' })
  expect(found.mock.calls).toEqual([['a', 'b1']])
  expect(await ids({ joinedBy: 'nobody' })).toEqual([])
})

describe('an index that lags', () => {
  it('does not end a list whose page it filled with a room that nobody may see any more', async () => {
    for (let nr = 0; nr < 4; nr++) await furnish(app, `f${nr}`, { privacy: 'open', auditorium: true })
    app.directory.holdBack()
    const hidden = await app.rooms.find('f0')
    if (hidden) await app.rooms.replace(hidden, { ...hidden, privacy: 'secret', version: 2 })
    const question = { categoryId: 'general', auditorium: true, privacy: 'open', limit: 2 }
    const first = await call(app, browse, question, ana)
    expect(first).toMatchObject({ rooms: [{ roomId: 'f1' }, { roomId: 'f2' }], cursor: expect.any(String) })
    expect(await call(app, browse, { ...question, cursor: first.cursor }, ana)).toMatchObject({
      rooms: [{ roomId: 'f3' }],
    })
  })

  it('shows no room in a category that it has left', async () => {
    app.categories.put({ ...(await general()), categoryId: 'other', name: 'Other' })
    app.directory.holdBack()
    const moved = await app.rooms.find('a')
    if (moved) await app.rooms.replace(moved, { ...moved, categoryId: 'other', version: 2 })
    expect(await ids({ categoryId: 'general' })).toEqual(['b', 'e'])
  })
})

it('rooms are read together, and not one by one', async () => {
  const reads = jest.spyOn(app.directory, 'rooms')
  await ids({ categoryId: 'general', limit: 3 })
  await ids({ mine: true, limit: 1 })
  expect(reads.mock.calls.map(([asked]) => asked.join(''))).toEqual(['abe', 'b'])
})

it('words are looked for in descriptions where they are asked for there, and in no mixture of the two', async () => {
  await furnish(app, 'g', { name: 'Grape', privacy: 'open', description: 'sweet and round' })
  expect(await ids({ criteria: { text: 'sweet' } })).toEqual([])
  expect(await ids({ criteria: { text: 'sweet', inDescription: true } })).toEqual(['g'])
  expect(await ids({ criteria: { text: 'grape', inDescription: true } })).toEqual(['g'])
  const phrase = { match: 'phrase', inDescription: true }
  expect(await ids({ criteria: { text: 'and round', ...phrase } })).toEqual(['g'])
  expect(await ids({ criteria: { text: 'grape sweet', ...phrase } })).toEqual([])
})

it('who presents is not asked, as it shows nobody a room', async () => {
  app.roles.put('c', { role: 'presenter', principal: 'user:ana', createdAt: 1, createdBy: 'x' })
  await ids({ categoryId: 'general', privacy: 'secret' })
  expect(grantsRead).toEqual(['b member user:ana'])
})

it('somebody is in a room as long as one of their connections is', async () => {
  const ben = person('ben')
  const seated = await seat(app, 'a', ben, 'b1')
  await seat(app, 'a', ben, 'b2')
  const find = jest.spyOn(app.sessions, 'find')
  find.mockImplementation(async (_, connectionId) => (connectionId === 'b1' ? undefined : seated))
  expect(await ids({ joinedBy: 'ben' })).toEqual(['a'])
  find.mockResolvedValue({ ...seated, expiresAt: 1 })
  expect(await ids({ joinedBy: 'ben' })).toEqual([])
  find.mockResolvedValue(undefined)
  expect(await ids({ joinedBy: 'ben' })).toEqual([])
})
