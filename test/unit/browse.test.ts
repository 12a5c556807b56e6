import { idBetween } from '../../lambdas/domain/rooms/sorted-streams.ts'
import { browse } from '../../lambdas/routes/browse.ts'
import { invitations } from '../../lambdas/routes/invitations.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, categoryOf, connect, furnish, person, seat } from '../support/memory/scene.ts'

let app: MemoryApp
const ana = person('ana')

beforeEach(() => {
  app = memoryApp()
})

const idOf = (nr: number) => `r${String(nr).padStart(4, '0')}`

async function rooms(count: number, settings: Parameters<typeof furnish>[2] = {}, from = 0): Promise<void> {
  for (let nr = from; nr < from + count; nr++) await furnish(app, idOf(nr), { name: `Room ${nr}`, ...settings })
}

async function page(question: object, cursor?: unknown, who = ana) {
  const reply = await call(app, browse, { ...question, ...(cursor !== undefined && { cursor }) }, who)
  const listed: { roomId: string }[] = Array.isArray(reply.rooms) ? reply.rooms : []
  return { ...reply, ids: listed.map(({ roomId }) => roomId), cursor: reply.cursor, last: reply.last }
}

describe('the work of one call', () => {
  it('ends after 1,000 rooms with a cursor, even when nothing was found, and goes on from there', async () => {
    await rooms(2100)
    await furnish(app, 'z', { name: 'The needle' })
    const question = { criteria: { text: 'needle' } }
    const first = await page(question)
    expect(first).toMatchObject({ ok: true, ids: [] })
    expect(app.directory.copies).toBeLessThanOrEqual(1001)
    const second = await page(question, first.cursor)
    expect(second.ids).toEqual([])
    const third = await page(question, second.cursor)
    expect(third.ids).toEqual(['z'])
    expect(third.cursor).toBeUndefined()
  })

  it('says in such a cursor no more of the rooms around it than what tells them apart', async () => {
    await rooms(1100, { privacy: 'secret' })
    const { cursor } = await page({ categoryId: 'general' })
    const told = Buffer.from(String(cursor), 'base64url').toString()
    expect(told).toContain('r1')
    expect(told).not.toContain('r1000')
    expect(told).not.toContain('r0999')
  })

  it('reads no category whose scope the caller is not in', async () => {
    app.categories.put(categoryOf('staff', { name: 'staff', allowed: ['group:staff'] }))
    app.categories.put(categoryOf('guests', { name: 'guests', denied: ['user:ana'] }))
    for (const question of [{ criteria: { text: 'x' } }, { categoryId: 'staff' }, { categoryId: 'none' }]) {
      expect(await page(question)).toMatchObject({ ok: true, ids: [] })
    }
    expect(app.directory.categoriesRead).toEqual(['general'])
    await page({ criteria: { text: 'x' } }, undefined, person('boss', { admin: true }))
    expect(app.directory.categoriesRead.slice(1).sort()).toEqual(['general', 'guests', 'staff'])
  })

  it('stops where the page is full', async () => {
    await rooms(300)
    expect((await page({ categoryId: 'general', limit: 10 })).ids).toHaveLength(10)
    expect(app.directory.copies).toBeLessThanOrEqual(12)
  })
})

describe('a page', () => {
  it('goes on at the right room although those around the place are gone or new', async () => {
    await rooms(6)
    const question = { categoryId: 'general', limit: 2 }
    const { ids, cursor } = await page(question)
    expect(ids).toEqual([idOf(0), idOf(1)])
    for (const nr of [1, 2]) {
      const room = await app.rooms.find(idOf(nr))
      if (room) await app.rooms.remove(room)
    }
    await furnish(app, `${idOf(2)}a`, { name: 'New' })
    expect((await page(question, cursor)).ids).toEqual([`${idOf(2)}a`, idOf(3)])
  })

  it('shows a room once that moves ahead of the reader', async () => {
    app.categories.put(categoryOf('a', { name: 'a' }))
    app.categories.put(categoryOf('z', { name: 'z' }))
    await rooms(3, { categoryId: 'z' })
    await rooms(3, { categoryId: 'a' }, 3)
    const question = { criteria: { text: 'room' }, limit: 3 }
    const first = await page(question)
    app.rooms.alter(idOf(0), { categoryId: 'a' })
    app.rooms.alter(idOf(5), { categoryId: 'z' })
    const second = await page(question, first.cursor)
    expect([...first.ids, ...second.ids]).toEqual([0, 1, 2, 3, 4, 5].map(idOf))
  })

  it('counts users up to 500 sessions, and says so where there are more', async () => {
    await furnish(app, 'big', { name: 'Big', privacy: 'open' })
    for (let nr = 0; nr < 500; nr++) await seat(app, 'big', person(`u${nr}`), `c${nr}`)
    const question = { categoryId: 'general' }
    const [full] = (await call(app, browse, question, ana)).rooms as object[]
    expect(full).toMatchObject({ participantCount: 500 })
    expect(full).not.toHaveProperty('atLeast')
    await seat(app, 'big', person('one more'), 'c500')
    expect((await call(app, browse, question, ana)).rooms).toMatchObject([{ participantCount: 500, atLeast: true }])
  })
})

describe('somebody’s rooms', () => {
  it('are not those of a session that ran out without a word', async () => {
    await furnish(app, 'hall', { privacy: 'open' })
    await seat(app, 'hall', person('ben'), 'c')
    expect((await page({ joinedBy: 'ben' })).ids).toEqual(['hall'])
    app.clock.time += 3 * 3600 * 1000
    expect((await page({ joinedBy: 'ben' })).ids).toEqual([])
  })

  it('are none when the connection never joined', async () => {
    await connect(app, person('ben'), 'c')
    expect((await page({ joinedBy: 'ben' })).ids).toEqual([])
  })
})

describe('invitations', () => {
  it('that come while their rooms are paged are left for the next question', async () => {
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

  it('are looked through a thousand at a time, so that the next question goes on behind them', async () => {
    await furnish(app, 'first', { privacy: 'open' })
    await furnish(app, 'last', { privacy: 'open' })
    for (let nr = 0; nr < 1000; nr++) app.invitations.add('ana', nr === 0 ? 'first' : 'gone', 1)
    app.invitations.add('ana', 'last', 1)
    const first = await page({ invitedAfter: 0 })
    expect(first.ids).toEqual(['first'])
    expect(first.last).toBe(1000)
    expect(await page({ invitedAfter: 1000 })).toMatchObject({ ids: ['last'], last: 1001 })
  })

  it('of rooms that are gone do not keep the rest from being listed', async () => {
    await furnish(app, 'hall', { privacy: 'open' })
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

describe('a place between two rooms', () => {
  it.each([
    ['abc1', 'abd7', 'abd'],
    ['a', 'b', 'b'],
    ['a', 'ab', 'ab'],
    ['r0999', 'r1000', 'r1'],
    ['r0', 'r00', 'r00'],
  ])('of %s and %s is %s', (before, behind, place) => {
    expect(idBetween(before, behind)).toBe(place)
    expect(before < place && place <= behind).toBe(true)
  })
})
