import { createHmac } from 'node:crypto'
import { listQuery } from '../../lambdas/replies/history-query.ts'
import { history } from '../../lambdas/routes/history.ts'
import { participants } from '../../lambdas/routes/participants.ts'
import { roles } from '../../lambdas/routes/roles.ts'
import { BadFrame } from '../../protocol/parse.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, person } from '../support/memory/fixtures.ts'
import { cursorKey, pagingAt } from '../support/memory/paging.ts'

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const cursorTo = async (position: string | number, query: string[] = ['query'], user = 'ana') =>
  (await pagingAt(undefined, query, user)).cursorAt(position)

/** A cursor with the seal of another key. */
const forged = (position: string | number) => {
  const text = JSON.stringify(position)
  const seal = createHmac('sha256', 'another key')
    .update(JSON.stringify(['ana', ['query'], text]))
    .digest()
  return Buffer.concat([seal.subarray(0, 16), Buffer.from(text)]).toString('base64url')
}

describe('a cursor', () => {
  it.each(['user:ana', '', 'ünï 😀', 0, 17, Number.MAX_SAFE_INTEGER])('returns its position: %p', async (position) => {
    expect((await pagingAt(await cursorTo(position), ['query'])).start).toBe(position)
  })

  it('contains only characters that need no escaping', async () => {
    expect(await cursorTo('ünï>>>', ['history 😀?/+'])).toMatch(/^[\w-]+$/)
  })

  it.each<[string, () => string | Promise<string>]>([
    ['of another query', () => cursorTo(1, ['other'])],
    ['of a query with the same words', () => cursorTo(1, ['que', 'ry'])],
    ['of another user', () => cursorTo(1, ['query'], 'ben')],
    ['without a text', () => ''],
    ['that is no base64', () => '!!!'],
    ['of an earlier version', () => encoded(['query', 1])],
    ['with another key', () => forged(1)],
    ['without a position', async () => (await cursorTo(1)).slice(0, 21)],
    [
      'with the seal of another position',
      async () => {
        const bytes = Buffer.from(await cursorTo(1), 'base64url')
        return Buffer.concat([bytes.subarray(0, 16), Buffer.from('2')]).toString('base64url')
      },
    ],
  ])('is invalid %s', async (_, cursor) => {
    const refused = pagingAt(await cursor(), ['query'])
    await expect(refused).rejects.toThrow(BadFrame)
    await expect(refused).rejects.toMatchObject({ field: 'cursor' })
  })

  it('is sealed with the key of the deployment', async () => {
    const [seal, key] = [Buffer.from(await cursorTo(7), 'base64url').subarray(0, 16), await cursorKey()]
    const digest = createHmac('sha256', key)
      .update(JSON.stringify(['ana', ['query'], '7']))
      .digest()
    expect(seal).toEqual(digest.subarray(0, 16))
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
    const cursor = await cursorTo('ana', ['participants', 'r'])
    expect(await call(app, participants, { roomId: 'r', cursor }, ana)).toMatchObject({ ok: true, participants: [] })
    expect(await call(app, roles, { roomId: 'r', cursor }, ana)).toMatchObject({ error: { code: 'invalid' } })
  })

  it.each([
    ['letters', 'abc'],
    ['an empty text', ''],
    ['a fraction', '1.5'],
    ['a negative number', -1],
  ])('refuses a cursor of `history` whose position is %s', async (_, position) => {
    const { cursorAt } = await pagingAt(undefined, listQuery('history', 'r', { sort: 'oldest' }))
    const cursor = cursorAt(position)
    const reply = await call(app, history, { roomId: 'r', cursor }, ana)
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid', details: { field: 'cursor' } } })
  })
})
