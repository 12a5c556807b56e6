import fc from 'fast-check'
import { cursorFor, readCursor } from '../../lambdas/replies/cursor.ts'
import { cursorAt, type HistoryQuery, positionIn, progressIn, queryKey } from '../../lambdas/replies/history-query.ts'
import { browse } from '../../lambdas/routes/browse.ts'
import { categories } from '../../lambdas/routes/categories.ts'
import { history } from '../../lambdas/routes/history.ts'
import { participants } from '../../lambdas/routes/participants.ts'
import { record } from '../../lambdas/routes/record.ts'
import { removeMessages } from '../../lambdas/routes/remove-messages.ts'
import { roles } from '../../lambdas/routes/roles.ts'
import { BadFrame } from '../../protocol/parse.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, categoryOf, furnish, person, seat } from '../support/memory/scene.ts'

const time = fc.integer({ min: 0, max: 1e12 }).map((at) => new Date(at).toISOString())
const orUndefined = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

/** Every part of what may be asked of a log. */
const parts = {
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
} satisfies { [Part in keyof Required<HistoryQuery>]: fc.Arbitrary<HistoryQuery[Part]> }

interface Asked {
  verb: string
  roomId: string
  question: HistoryQuery
}
const asked: fc.Arbitrary<Asked> = fc.record({
  verb: fc.constantFrom('history', 'removeMessages'),
  roomId: fc.string({ minLength: 1 }),
  question: fc.record(parts),
})
const nameOf = ({ verb, roomId, question }: Asked) => queryKey(verb, roomId, question)
const comparable = (part: unknown) => JSON.stringify(Array.isArray(part) ? [...part].sort() : part)

describe('a cursor of a log', () => {
  it.each(Object.keys(parts) as (keyof HistoryQuery)[])('is refused where %s alone is another', (part) => {
    fc.assert(
      fc.property(asked, parts[part], fc.nat(), (first, other, place) => {
        fc.pre(comparable(first.question[part]) !== comparable(other))
        const second = { ...first, question: { ...first.question, [part]: other } }
        const span = { low: 1, high: place + 1, size: 1 }
        expect(() => positionIn(cursorFor(nameOf(first), place), nameOf(second))).toThrow(BadFrame)
        expect(() => progressIn(cursorAt(nameOf(first), span), nameOf(second))).toThrow(BadFrame)
      }),
    )
  })

  it('is refused in another room, and for another verb', () => {
    fc.assert(
      fc.property(asked, fc.string({ minLength: 1 }), (first, roomId) => {
        fc.pre(roomId !== first.roomId)
        const cursor = cursorFor(nameOf(first), 1)
        const verb = first.verb === 'history' ? 'removeMessages' : 'history'
        expect(() => positionIn(cursor, nameOf({ ...first, roomId }))).toThrow(BadFrame)
        expect(() => positionIn(cursor, nameOf({ ...first, verb }))).toThrow(BadFrame)
      }),
    )
  })

  it('is good for the same question, whatever the order of its authors, and for nothing made up', () => {
    fc.assert(
      fc.property(asked, fc.nat(), ({ verb, roomId, question }, place) => {
        const authors = question.authors?.toReversed()
        const name = queryKey(verb, roomId, question)
        const again = queryKey(verb, roomId, { ...question, authors })
        expect(positionIn(cursorFor(name, place), again)).toBe(place)
        const span = { low: 1, high: place + 1, size: 7 }
        expect(progressIn(cursorAt(name, span), again)).toEqual(span)
        expect(readCursor(cursorFor(name, place), name)).toBe(place)
      }),
    )
  })

  it.each(['2-1-1', '0-1-1', '1-0-1', '1-2-0', '1-2', '1-2-3-4', '1-2-x', '1.5-2-1', '-1-2-1', ''])(
    'names no span such as %p',
    (place) => expect(() => progressIn(cursorFor('q', place), 'q')).toThrow(BadFrame),
  )

  it('may name a span of one entry', () => {
    expect(progressIn(cursorFor('q', '5-5-1'), 'q')).toEqual({ low: 5, high: 5, size: 1 })
  })
})

describe('a cursor that a verb answered', () => {
  let app: MemoryApp
  const root = person('root', { admin: true })
  const ana = person('ana')

  beforeEach(async () => {
    app = memoryApp()
    for (const roomId of ['r', 's']) {
      await furnish(app, roomId, { privacy: 'open' }, { 'user:ana': ['member', 'manager'], 'user:ben': ['member'] })
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
    ['words', { search: 'wor' }],
    ['way of matching', { match: 'all' }],
    ['authors', { authors: ['ana'] }],
    ['beginning', { from: '1970-01-01T00:00:00Z' }],
    ['end', { to: '2030-01-01T00:00:00Z' }],
    ['order', { order: 'newest' }],
    ['sorting', { sort: 'newest' }],
  ])('for words in a history is refused with another %s', async (_, other) => {
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
    ['way', { mine: undefined, managed: true }, 'ana'],
    ['category', { mine: undefined, categoryId: 'general' }, 'ana'],
  ])('of a list of rooms is refused with another %s', async (_, other, user) => {
    const frame = { mine: true, limit: 1 }
    const { cursor } = await call(app, browse, frame, ana)
    expect(cursor).toEqual(expect.any(String))
    expect(await call(app, browse, { ...frame, cursor }, ana)).toMatchObject({ ok: true, rooms: [{ roomId: 's' }] })
    expect(await call(app, browse, { ...frame, ...other, cursor }, person(user))).toMatchObject(refused)
  })

  it('of people, roles and the record is refused in another room', async () => {
    await seat(app, 'r', ana, 'a')
    for (const [verb, name, place] of [
      [participants, 'participants r', 'a'],
      [roles, 'roles r ', 'member#user#a'],
    ] as const) {
      const cursor = cursorFor(name, place)
      expect(await call(app, verb, { roomId: 'r', cursor }, ana)).toMatchObject({ ok: true })
      expect(await call(app, verb, { roomId: 's', cursor }, ana)).toMatchObject(refused)
    }
    expect(
      await call(app, roles, { roomId: 'r', role: 'member', cursor: cursorFor('roles r ', 'x') }, ana),
    ).toMatchObject(refused)
    expect(await call(app, record, { roomId: 'r', cursor: cursorFor('record s', '1 x') }, root)).toMatchObject(refused)
  })

  it('of categories is refused for those that one may make rooms in', async () => {
    await app.categories.create(categoryOf('c'))
    const cursor = cursorFor('categories false', 'a')
    expect(await call(app, categories, { cursor }, ana)).toMatchObject({ ok: true })
    expect(await call(app, categories, { creatable: true, cursor }, ana)).toMatchObject(refused)
  })
})
