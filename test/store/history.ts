import * as fc from 'fast-check'
import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { firstSentAt, rangeWithin } from '../../lambdas/domain/log/range.ts'
import { entryFilter } from '../../lambdas/domain/log/search.ts'
import { messageFrame } from '../../lambdas/replies/encode.ts'
import { historyPage } from '../../lambdas/replies/history.ts'
import { boundsOf, filterOf, type HistoryQuery, isUnfiltered, orderOf } from '../../lambdas/replies/history-query.ts'
import { pagingAt } from '../support/memory/paging.ts'
import { type LogStores, newLog } from './log-stores.ts'

const start = 1_700_000_000_000
const people = ['ana', 'ben', 'eve']
const vocabulary = ['red', 'Green', 'blue', 'ﬁsh', 'CAFÉ']

/** Milliseconds from one message to the next; many have the same time. */
const steps = [0, 0, 1, 0, 3, 0, 0, 1, 50]

/**
 * Entries of every kind: messages with a title, long messages, removed messages with and without a replacement,
 * removals and placeholders.
 */
function entryAt(seq: number, sentAt: number): Entry {
  const user = people[seq % people.length] ?? ''
  const from = { user, name: user.toUpperCase() }
  const text = `${vocabulary[seq % vocabulary.length]} ${vocabulary[(seq * 3) % vocabulary.length]} ${seq}`
  const entry: Entry = { seq, sentAt, from, digest: `${seq}`, body: { text } }
  const { body: _, ...bodiless } = entry
  if (seq % 11 === 0) return { seq, sentAt, from, removes: [seq - 1], ...(seq % 2 && { replacement: 'gone' }) }
  if (seq % 11 === 10) return { ...bodiless, removed: { by: 'eve', at: sentAt } }
  if (seq % 13 === 0) return { ...bodiless, removed: { by: 'eve', at: sentAt }, body: { text: 'blue instead' } }
  if (seq % 17 === 0) return { seq, sentAt, from: { user, name: user }, removed: { by: 'unlogged', at: sentAt } }
  if (seq % 7 === 0) return { ...entry, body: { text, title: `Red story ${seq}` } }
  if (seq % 19 === 0) return { ...entry, body: { text: `${text} ${'long '.repeat(600)}` } }
  return entry
}

/** The expected messages, found by a filter over all entries. */
function expectedMessages(entries: Entry[], roomId: string, query: HistoryQuery) {
  const { after, before, from, to, authors, search, match = 'any', matchCase = false } = query
  const fold = (text: string) => (matchCase ? text.normalize('NFKC') : text.normalize('NFKC').toLowerCase())
  const found = entries.filter(({ seq, sentAt, from: author, body, removes }) => {
    if (after !== undefined && seq <= after) return false
    if (before !== undefined && seq >= before) return false
    if (from !== undefined && sentAt < Date.parse(from)) return false
    if (to !== undefined && sentAt > Date.parse(to)) return false
    if (authors && (removes || !authors.includes(author?.user ?? ''))) return false
    if (search === undefined) return true
    const text = body && fold(`${body.title ?? ''} ${body.text}`)
    const words = match === 'phrase' ? [fold(search)] : fold(search).split(' ').filter(Boolean)
    const has = (word: string) => text?.includes(word) ?? false
    return match === 'all' ? words.every(has) : words.some(has)
  })
  const frames = found.map((entry) => messageFrame(roomId, entry))
  return orderOf(query) === 'oldest' ? frames : frames.reverse()
}

const time = (ms: number) => new Date(ms).toISOString()

function queries(head: number, lastSentAt: number): fc.Arbitrary<HistoryQuery> {
  const moment = fc.integer({ min: start - 2, max: lastSentAt + 2 }).map(time)
  const bound = fc.oneof(
    fc.record({ after: fc.integer({ min: 0, max: head + 3 }) }),
    fc.record({ before: fc.integer({ min: 0, max: head + 3 }) }),
    fc.constant({}),
  )
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
  const search = fc.record({
    search: fc.constantFrom('red', 'RED blue', 'green fish', 'story', 'fish CAFÉ', 'ﬁsh', '1', 'instead', 'nowhere'),
    match: optional(fc.constantFrom('any', 'all', 'phrase')),
    matchCase: optional(fc.boolean()),
  })
  const rest = fc.record({
    from: optional(moment),
    to: optional(moment),
    authors: optional(fc.uniqueArray(fc.constantFrom(...people, 'nobody'), { minLength: 1 })),
    order: optional(fc.constantFrom('oldest', 'newest')),
    sort: optional(fc.constantFrom('oldest', 'newest')),
  })
  return fc
    .tuple(bound, rest, fc.oneof(search, fc.constant({})))
    .map(([edge, filters, words]): HistoryQuery => ({ ...edge, ...filters, ...words }))
}

/** The history that every log returns. */
export function historyContract(stores: () => LogStores): void {
  const log = () => stores().messages

  async function filled(entries: Entry[]): Promise<string> {
    const roomId = await newLog(stores())
    for (const entry of entries) await log().put(roomId, entry)
    return roomId
  }

  function manyEntries(count: number): Entry[] {
    let sentAt = start
    return Array.from({ length: count }, (_, at) => {
      sentAt += steps[at % steps.length] ?? 0
      return entryAt(at + 1, sentAt)
    })
  }

  it.each([1, 58])(
    'returns the same messages as a filter over all entries, for any query and any paging (floor %i)',
    async (floor) => {
      const entries = manyEntries(180)
      const roomId = await filled(entries)
      await log().raiseFloor(roomId, floor)
      await log().trim(roomId, floor, 20)
      const kept = entries.filter(({ seq }) => seq >= floor)
      const property = fc.asyncProperty(
        queries(180, entries.at(-1)?.sentAt ?? 0),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 20 }),
        async (query, limit, rooms) => {
          // Only plain paging refuses a position below the floor.
          fc.pre(!isUnfiltered(query) || query.after === undefined || (query.after >= floor - 1 && query.after <= 180))
          const found = []
          let cursor: string | undefined
          let calls = 0
          do {
            const [room, paging] = [{ roomId, logged: true }, await pagingAt(cursor)]
            const page = await historyPage(stores(), room, { ...query, limit }, paging, calls ? 1 : rooms)
            expect(page).toMatchObject({ head: 180, floor, exceeded: page.cursor !== undefined })
            expect(page.messages.length).toBeLessThanOrEqual(limit)
            const inOrder = (query.sort ?? 'oldest') === orderOf(query)
            found.push(...(inOrder ? page.messages : page.messages.toReversed()))
            cursor = page.cursor
          } while (cursor !== undefined && ++calls < 400)
          expect(found).toEqual(expectedMessages(kept, roomId, query))
        },
      )
      await fc.assert(property, { numRuns: 120 })
    },
  )

  it('finds the first entry at any time by bisection', async () => {
    const times = [5, 5, 5, 7, 8, 8, 12, 12, 12, 12, 20]
    const roomId = await filled(times.map((at, index) => ({ ...entryAt(index + 1, start + at) })))
    for (let low = 1; low <= times.length; low++) {
      for (let high = low - 1; high <= times.length; high++) {
        for (const at of [0, 4, 5, 6, 7, 8, 9, 12, 13, 20, 21]) {
          const within = times.map((_, index) => index + 1).filter((seq) => seq >= low && seq <= high)
          const expected = within.find((seq) => (times[seq - 1] ?? 0) >= at) ?? high + 1
          expect(await firstSentAt(log(), roomId, start + at, { low, high })).toBe(expected)
        }
      }
    }
  })

  it('returns an empty page for an empty log', async () => {
    const roomId = await filled([])
    const [head, floor] = [{ seq: 0, sentAt: start }, 1]
    const everything = { from: start - 5, to: start + 5 }
    expect(await rangeWithin(log(), roomId, { head, floor }, everything)).toEqual({ low: 1, high: 0 })
    const page = await historyPage(stores(), { roomId, logged: true }, { search: 'x', limit: 10 }, await pagingAt())
    expect(page).toEqual({ messages: [], head: 0, floor: 1, exceeded: false })
  })

  it('accepts contradictory bounds and an empty filter', () => {
    expect(boundsOf({ from: time(5), to: time(3) })).toMatchObject({ from: 5, to: 3 })
    expect(entryFilter(filterOf({}, 'any'))({ seq: 1, sentAt: 1 })).toBe(true)
  })

  it('skims a range from both ends, up to the limit', async () => {
    const roomId = await filled(manyEntries(9))
    const seqs = async (low: number, high: number, from: 'oldest' | 'newest', limit: number) =>
      (await log().skim(roomId, { low, high }, from, limit)).map(({ seq }) => seq)
    expect(await seqs(3, 6, 'oldest', 10)).toEqual([3, 4, 5, 6])
    expect(await seqs(3, 6, 'newest', 3)).toEqual([6, 5, 4])
    expect(await seqs(3, 99, 'oldest', 2)).toEqual([3, 4])
    expect(await log().skim('no-such-room', { low: 1, high: 9 }, 'oldest', 5)).toEqual([])
  })
}
