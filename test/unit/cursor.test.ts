import { cursorFor, readCursor } from '../../lambdas/replies/cursor.ts'
import { queryKey } from '../../lambdas/replies/history-query.ts'
import { history } from '../../lambdas/routes/history.ts'
import { participants } from '../../lambdas/routes/participants.ts'
import { roles } from '../../lambdas/routes/roles.ts'
import { BadFrame } from '../../protocol/parse.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, person } from '../support/memory/fixtures.ts'

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a cursor', () => {
  it.each(['user:ana', '', 'ünï 😀', 0, 17, Number.MAX_SAFE_INTEGER])('returns its position: %p', (position) => {
    expect(readCursor(cursorFor('query', position), 'query')).toBe(position)
  })

  it('contains only characters that need no escaping', () => {
    expect(cursorFor('history 😀?/+', 'ünï>>>')).toMatch(/^[\w-]+$/)
  })

  it.each([
    ['another query', cursorFor('other', 1)],
    ['an empty text', ''],
    ['no base64', '!!!'],
    ['no JSON', 'aGVsbG8'],
    ['a number', encoded(1)],
    ['null', encoded(null)],
    ['an object', encoded({ 0: 'query', 1: 5 })],
    ['no position', encoded(['query'])],
    ['a fraction', encoded(['query', 1.5])],
    ['a too large number', encoded(['query', 2 ** 53])],
    ['a list as position', encoded(['query', [1]])],
    ['null as position', encoded(['query', null])],
    ['a list as query', encoded([['query'], 1])],
  ])('is invalid if it contains %s', (_, cursor) => {
    expect(() => readCursor(cursor, 'query')).toThrow(BadFrame)
    expect(() => readCursor(cursor, 'query')).toThrow(expect.objectContaining({ field: 'cursor' }))
  })
})

describe('paging', () => {
  let app: MemoryApp
  const ana = person('ana')

  beforeEach(async () => {
    app = memoryApp()
    for (const roomId of ['r', 's']) await addRoom(app, roomId, {}, { 'user:ana': ['member'] })
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
      'up from a position',
      { after: 1 },
      [
        [2, 3, 4, 5],
        [6, 7, 8, 9],
      ],
    ],
    ['up from the start', { after: 0 }, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]],
    ['down from the end', {}, [[6, 7, 8, 9], [2, 3, 4, 5], [1]]],
    ['down from a position', { before: 6 }, [[2, 3, 4, 5], [1]]],
  ])('returns every message once: %s', async (_, frame, pages) => {
    expect(await everyPage({ roomId: 'r', limit: 4, ...frame })).toEqual(pages)
  })

  it.each<[string, object, object]>([
    ['another room', { roomId: 'r', limit: 2 }, { roomId: 's' }],
    ['another direction', { roomId: 'r', after: 0, limit: 2 }, { roomId: 'r' }],
    ['another start', { roomId: 'r', after: 0, limit: 2 }, { roomId: 'r', after: 1 }],
    ['`after` instead of `before`', { roomId: 'r', before: 5, limit: 2 }, { roomId: 'r', after: 5 }],
  ])('refuses a cursor for %s', async (_, first, second) => {
    const { cursor } = await call(app, history, first, ana)
    expect(cursor).toEqual(expect.any(String))
    const reply = await call(app, history, { ...second, cursor }, ana)
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid', details: { field: 'cursor' } } })
  })

  it('refuses a cursor of `participants` for `roles`', async () => {
    await addSession(app, 'r', ana, 'a1')
    const cursor = cursorFor('participants r', 'ana')
    expect(await call(app, participants, { roomId: 'r', cursor }, ana)).toMatchObject({ ok: true, participants: [] })
    expect(await call(app, roles, { roomId: 'r', cursor }, ana)).toMatchObject({ error: { code: 'invalid' } })
  })

  it.each([
    ['letters', 'abc'],
    ['an empty text', ''],
    ['a fraction', '1.5'],
    ['a negative number', -1],
  ])('refuses a cursor of `history` whose position is %s', async (_, position) => {
    const cursor = cursorFor(queryKey('history', 'r', { sort: 'oldest' }), position)
    const reply = await call(app, history, { roomId: 'r', cursor }, ana)
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid', details: { field: 'cursor' } } })
  })
})
