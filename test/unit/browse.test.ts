import { idBetween } from '../../lambdas/domain/rooms/sorted-streams.ts'
import { browse } from '../../lambdas/routes/browse.ts'
import { invitations } from '../../lambdas/routes/invitations.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, categoryOf, connect, person } from '../support/memory/fixtures.ts'

let app: MemoryApp
const ana = person('ana')

beforeEach(() => {
  app = memoryApp()
})

const idOf = (nr: number) => `r${String(nr).padStart(4, '0')}`

async function rooms(count: number, settings: Parameters<typeof addRoom>[2] = {}, from = 0): Promise<void> {
  for (let nr = from; nr < from + count; nr++) await addRoom(app, idOf(nr), { name: `Room ${nr}`, ...settings })
}

async function page(query: object, cursor?: unknown, caller = ana) {
  const reply = await call(app, browse, { ...query, ...(cursor !== undefined && { cursor }) }, caller)
  const listed: { roomId: string }[] = Array.isArray(reply.rooms) ? reply.rooms : []
  return { ...reply, ids: listed.map(({ roomId }) => roomId), cursor: reply.cursor, last: reply.last }
}

describe('one call', () => {
  it('ends after 1,000 rooms with a cursor, even without matches, and the next call continues', async () => {
    await rooms(2100)
    await addRoom(app, 'z', { name: 'The needle' })
    const query = { criteria: { text: 'needle' } }
    const first = await page(query)
    expect(first).toMatchObject({ ok: true, ids: [] })
    expect(app.directory.roomsRead).toBeLessThanOrEqual(1001)
    const second = await page(query, first.cursor)
    expect(second.ids).toEqual([])
    const third = await page(query, second.cursor)
    expect(third.ids).toEqual(['z'])
    expect(third.cursor).toBeUndefined()
  })

  it('returns a cursor that does not contain the ids of hidden rooms', async () => {
    await rooms(1100, { privacy: 'secret' })
    const { cursor } = await page({ categoryId: 'general' })
    const text = Buffer.from(String(cursor), 'base64url').toString()
    expect(text).toContain('r1')
    expect(text).not.toContain('r1000')
    expect(text).not.toContain('r0999')
  })

  it('reads only categories whose scope includes the caller', async () => {
    app.categories.put(categoryOf('staff', { name: 'staff', allowed: ['group:staff'] }))
    app.categories.put(categoryOf('guests', { name: 'guests', denied: ['user:ana'] }))
    for (const query of [{ criteria: { text: 'x' } }, { categoryId: 'staff' }, { categoryId: 'none' }]) {
      expect(await page(query)).toMatchObject({ ok: true, ids: [] })
    }
    expect(app.directory.categoriesRead).toEqual(['general'])
    await page({ criteria: { text: 'x' } }, undefined, person('boss', { admin: true }))
    expect(app.directory.categoriesRead.slice(1).sort()).toEqual(['general', 'guests', 'staff'])
  })

  it('stops when the page is full', async () => {
    await rooms(300)
    expect((await page({ categoryId: 'general', limit: 10 })).ids).toHaveLength(10)
    expect(app.directory.roomsRead).toBeLessThanOrEqual(12)
  })
})

describe('a page', () => {
  it('continues correctly after rooms around the cursor were removed or added', async () => {
    await rooms(6)
    const query = { categoryId: 'general', limit: 2 }
    const { ids, cursor } = await page(query)
    expect(ids).toEqual([idOf(0), idOf(1)])
    for (const nr of [1, 2]) {
      const room = await app.rooms.find(idOf(nr))
      if (room) await app.rooms.remove(room)
    }
    await addRoom(app, `${idOf(2)}a`, { name: 'New' })
    expect((await page(query, cursor)).ids).toEqual([`${idOf(2)}a`, idOf(3)])
  })

  it('shows a room once even if it moves to a later category', async () => {
    app.categories.put(categoryOf('a', { name: 'a' }))
    app.categories.put(categoryOf('z', { name: 'z' }))
    await rooms(3, { categoryId: 'z' })
    await rooms(3, { categoryId: 'a' }, 3)
    const query = { criteria: { text: 'room' }, limit: 3 }
    const first = await page(query)
    app.rooms.alter(idOf(0), { categoryId: 'a' })
    app.rooms.alter(idOf(5), { categoryId: 'z' })
    const second = await page(query, first.cursor)
    expect([...first.ids, ...second.ids]).toEqual([0, 1, 2, 3, 4, 5].map(idOf))
  })

  it('counts users in up to 500 sessions and marks larger counts', async () => {
    await addRoom(app, 'big', { name: 'Big', privacy: 'open' })
    for (let nr = 0; nr < 500; nr++) await addSession(app, 'big', person(`u${nr}`), `c${nr}`)
    const query = { categoryId: 'general' }
    const [full] = (await call(app, browse, query, ana)).rooms as object[]
    expect(full).toMatchObject({ participantCount: 500 })
    expect(full).not.toHaveProperty('atLeast')
    await addSession(app, 'big', person('last'), 'c500')
    expect((await call(app, browse, query, ana)).rooms).toMatchObject([{ participantCount: 500, atLeast: true }])
  })
})

describe('the rooms of a user', () => {
  it('do not include that of an expired session', async () => {
    await addRoom(app, 'hall', { privacy: 'open' })
    await addSession(app, 'hall', person('ben'), 'c')
    expect((await page({ joinedBy: 'ben' })).ids).toEqual(['hall'])
    app.clock.time += 3 * 3600 * 1000
    expect((await page({ joinedBy: 'ben' })).ids).toEqual([])
  })

  it('are empty if the connection never joined', async () => {
    await connect(app, person('ben'), 'c')
    expect((await page({ joinedBy: 'ben' })).ids).toEqual([])
  })
})

describe('invitations', () => {
  it('that arrive between two pages are left for the next query', async () => {
    await rooms(5, { privacy: 'open' })
    for (const nr of [4, 2, 3]) app.invitations.add('ana', idOf(nr), 1)
    const first = await page({ invitedAfter: 0, limit: 2 })
    app.invitations.add('ana', idOf(0), 1)
    app.invitations.add('ana', idOf(4), 1)
    const second = await page({ invitedAfter: 0, limit: 2 }, first.cursor)
    expect([...first.ids, ...second.ids]).toEqual([2, 3, 4].map(idOf))
    expect([first.last, second.last]).toEqual([3, 3])
    const next = await page({ invitedAfter: 3 })
    expect(next.ids).toEqual([idOf(0), idOf(4)])
    expect(next.last).toBe(5)
  })

  it('are read up to a thousand at a time, and the next query continues after them', async () => {
    await addRoom(app, 'first', { privacy: 'open' })
    await addRoom(app, 'last', { privacy: 'open' })
    for (let nr = 0; nr < 1000; nr++) app.invitations.add('ana', nr === 0 ? 'first' : 'gone', 1)
    app.invitations.add('ana', 'last', 1)
    const first = await page({ invitedAfter: 0 })
    expect(first.ids).toEqual(['first'])
    expect(first.last).toBe(1000)
    expect(await page({ invitedAfter: 1000 })).toMatchObject({ ids: ['last'], last: 1001 })
  })

  it('of deleted rooms do not hide the other invitations', async () => {
    await addRoom(app, 'hall', { privacy: 'open' })
    for (let nr = 0; nr < 250; nr++) app.invitations.add('ana', 'gone', 1)
    app.invitations.add('ana', 'hall', 1)
    const lasts: unknown[] = []
    for (let after = 0; lasts.length < 3; ) {
      const reply = await call(app, invitations, { after }, ana)
      after = Number(reply.last)
      lasts.push(reply.last)
      if (lasts.length < 3) expect(reply.invitations).toEqual([])
      else expect(reply.invitations).toMatchObject([{ invitationId: 251, room: { roomId: 'hall' } }])
    }
    expect(lasts).toEqual([100, 200, 251])
  })
})

describe('the shortest id between two rooms', () => {
  it.each([
    ['abc1', 'abd7', 'abd'],
    ['a', 'b', 'b'],
    ['a', 'ab', 'ab'],
    ['r0999', 'r1000', 'r1'],
    ['r0', 'r00', 'r00'],
  ])('between %s and %s is %s', (before, after, id) => {
    expect(idBetween(before, after)).toBe(id)
    expect(before < id && id <= after).toBe(true)
  })
})
