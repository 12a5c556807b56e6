import fc from 'fast-check'
import { addToRecord, linesOf } from '../../lambdas/domain/record/lines.ts'
import type { RecordEvent } from '../../lambdas/domain/record/record.ts'
import { searchEvent } from '../../lambdas/replies/history-query.ts'
import { recordPage } from '../../lambdas/replies/record.ts'
import { pagingAt } from '../support/memory/paging.ts'
import { memoryStores } from '../support/memory/stores.ts'

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))
const eventWith = (details: Record<string, unknown>): RecordEvent => ({ at: 5, event: 'revoked', by: 'ana', details })
const always = { from: 0, to: 1e15 }

describe('the lines of an event', () => {
  it('are one line, as it is, if its lists are short', () => {
    for (const event of [eventWith({ role: 'member', principals: ['user:ben'] }), eventWith({ principals: [] })]) {
      expect(linesOf(event)).toEqual([event])
    }
    const plain: RecordEvent = { at: 1, event: 'joined', by: 'ana' }
    expect(linesOf(plain)).toEqual([plain])
  })

  it('have together every item of every list once and in order, and each fits into a frame', () => {
    const principals = fc.array(fc.string({ minLength: 1, maxLength: 260, unit: 'binary' }), { maxLength: 400 })
    fc.assert(
      fc.property(principals, principals, (added, removed) => {
        const lines = linesOf(eventWith({ role: 'member', added, removed }))
        const all = (name: string) => lines.flatMap(({ details = {} }) => (details[name] ?? []) as string[])
        expect([all('added'), all('removed')]).toEqual([added, removed])
        for (const line of lines) {
          expect(bytesOf(line)).toBeLessThan(24 * 1024)
          expect(line.details).toMatchObject({ role: 'member' })
        }
        if (lines.length > 1) {
          const numbers = lines.map((_, at) => ({ part: at + 1, parts: lines.length }))
          expect(lines.map(({ details }) => details)).toMatchObject(numbers)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('of 900 long grants are read page by page', async () => {
    const stores = memoryStores()
    const principals = Array.from({ length: 900 }, (_, nr) => `user:${nr}`.padEnd(250, 'é'))
    await addToRecord(stores.records, 'r', eventWith({ role: 'member', principals }))
    const lines = await stores.records.read('r', always, '', 1000)
    expect(lines.length).toBeGreaterThan(20)
    const read: unknown[] = []
    let cursor: string | undefined
    do {
      const page = await recordPage(stores, { roomId: 'r' }, await pagingAt(cursor))
      expect(page.entries.length).toBeGreaterThan(0)
      read.push(...page.entries.flatMap(({ details }) => Object(details).principals))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(read).toEqual(principals)
  })
})

describe('the line of a search', () => {
  const ana = { user: 'ana' }

  it('has a short question as it was asked, with its digest and numbers', () => {
    const query = { search: 'größe', match: 'all' as const, authors: ['ben', 'cem'], from: '2026-01-01T00:00:00Z' }
    expect(searchEvent(ana, 7, { ...query, after: 3, roomIds: ['r', 's'] })).toEqual({
      at: 7,
      event: 'searched',
      by: 'ana',
      details: { ...query, digest: expect.any(String), searchCharacters: 5, authorCount: 2, roomCount: 2 },
    })
  })

  it('has less than one kilobyte, however many authors are asked for', () => {
    const authors = Array.from({ length: 100 }, (_, nr) => `${nr}`.padEnd(256, '€'))
    const line = searchEvent(ana, 7, { search: '€'.repeat(200), authors, roomIds: Array.from({ length: 20 }, String) })
    expect(bytesOf(line)).toBeLessThan(700)
    expect(line.details).toEqual({
      digest: expect.any(String),
      searchCharacters: 200,
      authorCount: 100,
      roomCount: 20,
    })
  })

  it('has the same digest for the same question only', () => {
    const digest = (query: Parameters<typeof searchEvent>[2]) => searchEvent(ana, 7, query).details?.digest
    expect(digest({ authors: ['a', 'b'] })).toBe(digest({ authors: ['b', 'a'], order: 'oldest', after: 9 }))
    const others = [{ authors: ['a'] }, { search: 'a' }, { search: 'b' }, { search: 'a', match: 'all' as const }]
    expect(new Set(others.map(digest)).size).toBe(others.length)
  })
})
