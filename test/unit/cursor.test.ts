import { cursorFor, readCursor } from '../../lambdas/replies/cursor.ts'
import { queryKey } from '../../lambdas/replies/history-query.ts'
import { history } from '../../lambdas/routes/history.ts'
import { participants } from '../../lambdas/routes/participants.ts'
import { roles } from '../../lambdas/routes/roles.ts'
import { BadFrame } from '../../protocol/parse.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, furnish, person, seat } from '../support/memory/scene.ts'

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a cursor', () => {
  it.each(['user:ana', '', 'ünï 😀', 0, 17, Number.MAX_SAFE_INTEGER])('brings its place back: %p', (place) => {
    expect(readCursor(cursorFor('question', place), 'question')).toBe(place)
  })

  it('is of letters that need no escaping anywhere', () => {
    expect(cursorFor('history 😀?/+', 'ünï>>>')).toMatch(/^[\w-]+$/)
  })

  it.each([
    ['of another question', cursorFor('other', 1)],
    ['of nothing', ''],
    ['of noise', '!!!'],
    ['of other words', 'aGVsbG8'],
    ['of a number', encoded(1)],
    ['of null', encoded(null)],
    ['of an object', encoded({ 0: 'question', 1: 5 })],
    ['without a place', encoded(['question'])],
    ['with a fraction', encoded(['question', 1.5])],
    ['with a number too large', encoded(['question', 2 ** 53])],
    ['with a list for a place', encoded(['question', [1]])],
    ['with null for a place', encoded(['question', null])],
    ['whose question is a list', encoded([['question'], 1])],
  ])('that is made up is invalid: %s', (_, cursor) => {
    expect(() => readCursor(cursor, 'question')).toThrow(BadFrame)
    expect(() => readCursor(cursor, 'question')).toThrow(expect.objectContaining({ field: 'cursor' }))
  })
})

describe('a page after a page', () => {
  let app: MemoryApp
  const ana = person('ana')

  beforeEach(async () => {
    app = memoryApp()
    for (const roomId of ['r', 's']) await furnish(app, roomId, {}, { 'user:ana': ['member'] })
    for (let seq = 1; seq <= 9; seq++) await app.messages.put('r', { seq, sentAt: seq, body: { text: `${seq}` } })
  })

  const seqsOf = (reply: Record<string, unknown>) => [Object(reply.messages)].flat().map((message) => message.seq)

  async function everyPage(frame: object): Promise<unknown[][]> {
    const pages: unknown[][] = []
    let cursor: unknown
    do {
      const reply = await call(app, history, { ...frame, ...(cursor !== undefined && { cursor }) }, ana)
      pages.push(seqsOf(reply))
      cursor = reply.cursor
    } while (cursor !== undefined && pages.length < 20)
    return pages
  }

  it.each<[string, object, number[][]]>([
    [
      'upwards from a position',
      { after: 1 },
      [
        [2, 3, 4, 5],
        [6, 7, 8, 9],
      ],
    ],
    ['upwards from the beginning', { after: 0 }, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]],
    ['downwards from the end', {}, [[6, 7, 8, 9], [2, 3, 4, 5], [1]]],
    ['downwards from a position', { before: 6 }, [[2, 3, 4, 5], [1]]],
  ])('brings every message once: %s', async (_, frame, pages) => {
    expect(await everyPage({ roomId: 'r', limit: 4, ...frame })).toEqual(pages)
  })

  it.each<[string, object, object]>([
    ['another room', { roomId: 'r', limit: 2 }, { roomId: 's' }],
    ['another direction', { roomId: 'r', after: 0, limit: 2 }, { roomId: 'r' }],
    ['another beginning', { roomId: 'r', after: 0, limit: 2 }, { roomId: 'r', after: 1 }],
    ['before, for after', { roomId: 'r', before: 5, limit: 2 }, { roomId: 'r', after: 5 }],
  ])('is not to be had for %s', async (_, first, second) => {
    const { cursor } = await call(app, history, first, ana)
    expect(cursor).toEqual(expect.any(String))
    const reply = await call(app, history, { ...second, cursor }, ana)
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid', details: { field: 'cursor' } } })
  })

  it('is not to be had of roles with a cursor of people who are there', async () => {
    await seat(app, 'r', ana, 'a1')
    const cursor = cursorFor('participants r', 'ana')
    expect(await call(app, participants, { roomId: 'r', cursor }, ana)).toMatchObject({ ok: true, participants: [] })
    expect(await call(app, roles, { roomId: 'r', cursor }, ana)).toMatchObject({ error: { code: 'invalid' } })
  })

  it.each([
    ['letters', 'abc'],
    ['nothing', ''],
    ['a fraction', '1.5'],
    ['below the beginning', -1],
  ])('of a history is invalid when its place is made up of %s', async (_, place) => {
    const cursor = cursorFor(queryKey('history', 'r', { sort: 'oldest' }), place)
    const reply = await call(app, history, { roomId: 'r', cursor }, ana)
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid', details: { field: 'cursor' } } })
  })
})
