import fc from 'fast-check'
import type { ListQuery } from '../../lambdas/replies/cursor.ts'
import { cursorAfter, type HistoryQuery, listQuery, progressAt, seqAt } from '../../lambdas/replies/history-query.ts'
import { browse } from '../../lambdas/routes/browse.ts'
import { categories } from '../../lambdas/routes/categories.ts'
import { history } from '../../lambdas/routes/history.ts'
import { participants } from '../../lambdas/routes/participants.ts'
import { record } from '../../lambdas/routes/record.ts'
import { removeMessages } from '../../lambdas/routes/remove-messages.ts'
import { roles } from '../../lambdas/routes/roles.ts'
import { BadFrame } from '../../protocol/parse.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, categoryOf, person } from '../support/memory/fixtures.ts'
import { pagingAt } from '../support/memory/paging.ts'

const time = fc.integer({ min: 0, max: 1e12 }).map((at) => new Date(at).toISOString())
const orUndefined = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

/** Every field of a query of a log. */
const fields = {
  after: orUndefined(fc.nat()),
  before: orUndefined(fc.nat()),
  from: orUndefined(time),
  to: orUndefined(time),
  authors: orUndefined(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 3 })),
  search: orUndefined(fc.string()),
  match: orUndefined(fc.constantFrom('any', 'all', 'phrase')),
  matchCase: orUndefined(fc.boolean()),
  order: orUndefined(fc.constantFrom('oldest', 'newest')),
  sort: orUndefined(fc.constantFrom('oldest', 'newest')),
} satisfies { [Field in keyof Required<HistoryQuery>]: fc.Arbitrary<HistoryQuery[Field]> }

interface LogRequest {
  verb: string
  roomId: string
  query: HistoryQuery
}
const logRequest: fc.Arbitrary<LogRequest> = fc.record({
  verb: fc.constantFrom('history', 'removeMessages'),
  roomId: fc.string({ minLength: 1 }),
  query: fc.record(fields),
})
const queryOf = ({ verb, roomId, query }: LogRequest) => listQuery(verb, roomId, query)
const cursorTo = async (query: ListQuery, position: string | number, user?: string) =>
  (await pagingAt(undefined, query, user)).cursorAt(position)
const comparable = (value: unknown) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value)

describe('a cursor of a log', () => {
  it.each(Object.keys(fields) as (keyof HistoryQuery)[])('is refused if only %s is different', async (field) => {
    await fc.assert(
      fc.asyncProperty(logRequest, fields[field], fc.nat(), async (first, other, position) => {
        fc.pre(comparable(first.query[field]) !== comparable(other))
        const second = { ...first, query: { ...first.query, [field]: other } }
        const cursor = await cursorTo(queryOf(first), position)
        await expect(pagingAt(cursor, queryOf(second))).rejects.toThrow(BadFrame)
      }),
    )
  })

  it('is refused in another room, for another verb and of another user', async () => {
    await fc.assert(
      fc.asyncProperty(logRequest, fc.string({ minLength: 1 }), async (first, roomId) => {
        fc.pre(roomId !== first.roomId)
        const cursor = await cursorTo(queryOf(first), 1)
        const verb = first.verb === 'history' ? 'removeMessages' : 'history'
        await expect(pagingAt(cursor, queryOf({ ...first, roomId }))).rejects.toThrow(BadFrame)
        await expect(pagingAt(cursor, queryOf({ ...first, verb }))).rejects.toThrow(BadFrame)
        await expect(pagingAt(cursor, queryOf(first), 'ben')).rejects.toThrow(BadFrame)
      }),
    )
  })

  it('is accepted for the same query with any order of its authors', async () => {
    await fc.assert(
      fc.asyncProperty(logRequest, fc.nat(), async ({ verb, roomId, query }, position) => {
        const paging = await pagingAt(undefined, listQuery(verb, roomId, query))
        const again = listQuery(verb, roomId, { ...query, authors: query.authors?.toReversed() })
        expect(seqAt((await pagingAt(paging.cursorAt(position), again)).start)).toBe(position)
        const range = { low: 1, high: position + 1, size: 7 }
        expect(progressAt((await pagingAt(cursorAfter(paging, range), again)).start)).toEqual(range)
      }),
    )
  })

  it.each(['2-1-1', '0-1-1', '1-0-1', '1-2-0', '1-2', '1-2-3-4', '1-2-x', '1.5-2-1', '-1-2-1', ''])(
    'cannot contain a range such as %p',
    (position) => expect(() => progressAt(position)).toThrow(BadFrame),
  )

  it('can contain a range of one entry', () => {
    expect(progressAt('5-5-1')).toEqual({ low: 5, high: 5, size: 1 })
  })
})

describe('a cursor from a reply', () => {
  let app: MemoryApp
  const root = person('root', { admin: true })
  const ana = person('ana')

  beforeEach(async () => {
    app = memoryApp()
    for (const roomId of ['r', 's']) {
      await addRoom(app, roomId, { privacy: 'open' }, { 'user:ana': ['member', 'manager'], 'user:ben': ['member'] })
      for (let seq = 1; seq <= 9; seq++) {
        const from = { user: 'ana', name: 'Ana' }
        await app.messages.put(roomId, { seq, sentAt: seq, from, body: { text: 'Word' } })
      }
    }
  })

  const refused = { ok: false, error: { code: 'invalid', details: { field: 'cursor' } } }

  it.each<[string, object]>([
    ['room', { roomId: 's' }],
    ['case', { matchCase: true }],
    ['text', { search: 'wor' }],
    ['match', { match: 'all' }],
    ['authors', { authors: ['ana'] }],
    ['start', { from: '1970-01-01T00:00:00Z' }],
    ['end', { to: '2030-01-01T00:00:00Z' }],
    ['order', { order: 'newest' }],
    ['sorting', { sort: 'newest' }],
  ])('of a search is refused with another %s', async (_, other) => {
    const frame = { roomId: 'r', search: 'word', order: 'oldest', limit: 2 }
    const { cursor } = await call(app, history, frame, ana)
    expect(cursor).toEqual(expect.any(String))
    expect(await call(app, history, { ...frame, cursor }, ana)).toMatchObject({
      ok: true,
      messages: [{ seq: 3 }, { seq: 4 }],
    })
    expect(await call(app, history, { ...frame, ...other, cursor }, ana)).toMatchObject(refused)
    expect(await call(app, removeMessages, { roomId: 'r', search: 'word', cursor }, root)).toMatchObject(refused)
  })

  it.each<[string, object, string]>([
    ['user', {}, 'ben'],
    ['privacy', { privacy: 'open' }, 'ana'],
    ['auditorium', { auditorium: false }, 'ana'],
    ['disabled', { disabled: false }, 'ana'],
    ['source', { mine: undefined, managed: true }, 'ana'],
    ['category', { mine: undefined, categoryId: 'general' }, 'ana'],
  ])('of `browse` is refused with another %s', async (_, other, user) => {
    const frame = { mine: true, limit: 1 }
    const { cursor } = await call(app, browse, frame, ana)
    expect(cursor).toEqual(expect.any(String))
    expect(await call(app, browse, { ...frame, cursor }, ana)).toMatchObject({ ok: true, rooms: [{ roomId: 's' }] })
    expect(await call(app, browse, { ...frame, ...other, cursor }, person(user))).toMatchObject(refused)
  })

  it('of `participants`, `roles` and `record` is refused in another room', async () => {
    await addSession(app, 'r', ana, 'a')
    for (const [verb, name, position] of [
      [participants, ['participants', 'r'], 'a'],
      [roles, ['roles', 'r', undefined], 'member#user#a'],
    ] as const) {
      const cursor = await cursorTo(name, position)
      expect(await call(app, verb, { roomId: 'r', cursor }, ana)).toMatchObject({ ok: true })
      expect(await call(app, verb, { roomId: 's', cursor }, ana)).toMatchObject(refused)
    }
    const ofAll = await cursorTo(['roles', 'r', undefined], 'x')
    expect(await call(app, roles, { roomId: 'r', role: 'member', cursor: ofAll }, ana)).toMatchObject(refused)
    const inRoom = (roomId: string) =>
      cursorTo(['record', roomId, undefined, undefined, undefined], `${roomId} 1 x`, 'root')
    expect(await call(app, record, { roomId: 'r', cursor: await inRoom('s') }, root)).toMatchObject(refused)
    expect(await call(app, record, { roomId: 'r', cursor: await inRoom('r') }, root)).toMatchObject({ ok: true })
  })

  it('of `categories` is refused with another `creatable`', async () => {
    await app.categories.create(categoryOf('c'))
    const cursor = await cursorTo(['categories', false, false], 'a')
    expect(await call(app, categories, { cursor }, ana)).toMatchObject({ ok: true })
    expect(await call(app, categories, { creatable: true, cursor }, ana)).toMatchObject(refused)
  })
})
