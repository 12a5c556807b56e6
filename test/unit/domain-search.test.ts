import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { contiguous, firstSentAt, rangeWithin } from '../../lambdas/domain/log/range.ts'
import { entryFilter, type SearchPlan, searchLog } from '../../lambdas/domain/log/search.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

let log: MemoryLog
let clock: FakeClock
/** The limit of each read. */
let readLimits: number[]

beforeEach(() => {
  log = new MemoryLog()
  clock = new FakeClock()
  readLimits = []
  const skim = log.skim.bind(log)
  jest.spyOn(log, 'skim').mockImplementation((roomId, range, from, limit) => {
    readLimits.push(limit)
    return skim(roomId, range, from, limit)
  })
})

async function fill(count: number, textOf = (seq: number) => `${seq}`): Promise<void> {
  log.open('r', 0)
  for (let seq = 1; seq <= count; seq++) {
    await log.put('r', { seq, sentAt: seq * 10, from: { user: 'ana', name: 'Ana' }, body: { text: textOf(seq) } })
  }
}

/** A collector with space for `most` entries. */
function collectorOf(most: number) {
  const found: number[] = []
  return {
    found,
    take: ({ seq }: Entry) => found.length < most && found.push(seq) > 0,
    fullness: () => (most === 0 ? 1 : found.length / most),
  }
}

const planOf = (more: Partial<SearchPlan> = {}): SearchPlan => ({
  roomId: 'r',
  order: 'oldest',
  matches: () => true,
  exact: false,
  most: 1000,
  ...more,
})

describe('a search', () => {
  it.each(['oldest', 'newest'] as const)('reads at most the allowed number of entries from the %s', async (order) => {
    await fill(100)
    const collector = collectorOf(100)
    const left = await searchLog(
      log,
      clock,
      planOf({ order, most: 25, matches: () => false }),
      { low: 1, high: 100, size: 16 },
      collector,
    )
    expect(readLimits).toEqual([16, 9])
    expect(left).toEqual(order === 'oldest' ? { low: 26, high: 100, size: 256 } : { low: 1, high: 75, size: 256 })
  })

  it('never reads more at once than the allowed number of entries', async () => {
    await fill(100)
    const left = await searchLog(log, clock, planOf({ most: 7 }), { low: 1, high: 100, size: 64 }, collectorOf(100))
    expect(readLimits).toEqual([7])
    expect(left).toMatchObject({ low: 8, high: 100 })
  })

  it('ends at the first entry that the collector has no space for, and the next search starts there', async () => {
    await fill(10)
    const collector = collectorOf(3)
    expect(await searchLog(log, clock, planOf(), { low: 1, high: 10, size: 16 }, collector)).toEqual({
      low: 4,
      high: 10,
      size: 3,
    })
    expect(collector.found).toEqual([1, 2, 3])
    const back = collectorOf(3)
    const newest = planOf({ order: 'newest' })
    expect(await searchLog(log, clock, newest, { low: 1, high: 10, size: 16 }, back)).toEqual({
      low: 1,
      high: 7,
      size: 3,
    })
    expect(back.found).toEqual([10, 9, 8])
  })

  it('has no rest after all entries were read', async () => {
    await fill(10)
    for (const order of ['oldest', 'newest'] as const) {
      const collector = collectorOf(100)
      expect(await searchLog(log, clock, planOf({ order }), { low: 1, high: 10, size: 4 }, collector)).toBeUndefined()
      expect(collector.found).toHaveLength(10)
    }
    expect(await searchLog(log, clock, planOf(), { low: 5, high: 4, size: 1 }, collectorOf(1))).toBeUndefined()
  })

  it('reads nothing if the collector is full', async () => {
    await fill(10)
    expect(await searchLog(log, clock, planOf(), { low: 2, high: 10, size: 4 }, collectorOf(0))).toEqual({
      low: 2,
      high: 10,
      size: 1,
    })
    expect(readLimits).toEqual([])
  })

  it('reads four times as many entries after each page without a match, up to a thousand', async () => {
    await fill(3000)
    await searchLog(
      log,
      clock,
      planOf({ most: 5000, matches: () => false }),
      { low: 1, high: 3000, size: 64 },
      collectorOf(5),
    )
    expect(readLimits).toEqual([64, 256, 1000, 1000, 1000])
  })

  it('reads as many entries as will probably fill the collector', async () => {
    await fill(1000, (seq) => (seq % 4 ? 'hay' : 'needle'))
    const found = planOf({ matches: ({ body }) => body?.text === 'needle' })
    const collector = collectorOf(20)
    await searchLog(log, clock, found, { low: 1, high: 1000, size: 40 }, collector)
    expect(readLimits).toEqual([40, 40])
    expect(collector.found.at(-1)).toBe(80)
  })

  it('reads the log consistently if an eventual read lags, and always if the plan is exact', async () => {
    await fill(10)
    log.lag = 4
    const collector = collectorOf(100)
    await searchLog(log, clock, planOf(), { low: 1, high: 10, size: 100 }, collector)
    expect(collector.found).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    log.skimmed = 0
    for (const order of ['oldest', 'newest'] as const) {
      const exact = collectorOf(100)
      await searchLog(log, clock, planOf({ exact: true, order }), { low: 1, high: 10, size: 100 }, exact)
      expect(exact.found).toHaveLength(10)
    }
    expect(log.skimmed).toBe(0)
  })

  it.each(['oldest', 'newest'] as const)('continues after a purge from the %s', async (order) => {
    await fill(60)
    log.purge('r', 40)
    const collector = collectorOf(100)
    expect(await searchLog(log, clock, planOf({ order }), { low: 1, high: 60, size: 16 }, collector)).toBeUndefined()
    expect(collector.found.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, at) => 40 + at))
  })

  it('fails on any other gap', async () => {
    await fill(10)
    await log.trim('r', 5, 100)
    await expect(searchLog(log, clock, planOf(), { low: 1, high: 10, size: 16 }, collectorOf(9))).rejects.toThrow(
      'hole',
    )
    await expect(searchLog(log, clock, planOf(), { low: 4, high: 10, size: 16 }, collectorOf(9))).rejects.toThrow(
      'hole',
    )
  })

  it('adapts the size of its pages to the matches so far', async () => {
    await fill(10)
    const first = await searchLog(log, clock, planOf({ most: 4 }), { low: 1, high: 10, size: 2 }, collectorOf(100))
    expect(readLimits).toEqual([2, 2])
    expect(first).toEqual({ low: 5, high: 10, size: 4 })
    const none = planOf({ most: 2, matches: () => false })
    expect(await searchLog(log, clock, none, { low: 9, high: 10, size: 2 }, collectorOf(1))).toBeUndefined()
    expect(await searchLog(log, clock, none, { low: 8, high: 10, size: 2 }, collectorOf(1))).toEqual({
      low: 10,
      high: 10,
      size: 8,
    })
    expect(await searchLog(log, clock, planOf(), { low: 10, high: 10, size: 1 }, collectorOf(9))).toBeUndefined()
  })

  it('ends after 400 ms but reads at least one page', async () => {
    await fill(100)
    const read = log.read.bind(log)
    jest.spyOn(log, 'read').mockImplementation((...args) => {
      clock.time += 200
      return read(...args)
    })
    const slow = planOf({ exact: true, matches: () => false })
    expect(await searchLog(log, clock, slow, { low: 1, high: 100, size: 2 }, collectorOf(9))).toMatchObject({ low: 11 })
    clock.time += 10_000
    expect(await searchLog(log, clock, slow, { low: 1, high: 100, size: 60 }, collectorOf(9))).toBeUndefined()
  })
})

describe('the entry filter', () => {
  const entry = (more: Partial<Entry>): Entry => ({ seq: 1, sentAt: 1, from: { user: 'ana', name: 'A' }, ...more })
  const words = { text: 'one', match: 'any', matchCase: false } as const

  it('matches entries of the given authors', () => {
    const isOf = entryFilter({ authors: ['ana', 'ben'] })
    expect(isOf(entry({ body: { text: 'x' } }))).toBe(true)
    expect(isOf(entry({ from: { user: 'eve', name: 'E' } }))).toBe(false)
    expect(isOf(entry({ removes: [1] }))).toBe(false)
    expect(isOf({ seq: 0, sentAt: 1 })).toBe(false)
  })

  it('matches words in the title or the text', () => {
    const has = entryFilter({ search: words })
    expect(has(entry({ body: { text: 'One' } }))).toBe(true)
    expect(has(entry({ body: { text: 'two', title: 'one' } }))).toBe(true)
    expect(has(entry({ body: { text: 'one', title: 'two' } }))).toBe(true)
    expect(has(entry({ body: { text: 'two' } }))).toBe(false)
    expect(entryFilter({ search: { ...words, text: 'undefined' } })(entry({ body: { text: 'x' } }))).toBe(false)
    expect(has(entry({ removed: { by: 'x', at: 1 } }))).toBe(false)
    expect(
      entryFilter({ search: { ...words, text: 'a b', match: 'phrase' } })(entry({ body: { title: 'a', text: 'b' } })),
    ).toBe(false)
  })

  it('requires all given conditions and matches everything without one', () => {
    expect(entryFilter({ authors: ['eve'], search: words })(entry({ body: { text: 'one' } }))).toBe(false)
    expect(entryFilter({ authors: ['ana'], search: words })(entry({ body: { text: 'one' } }))).toBe(true)
    expect(entryFilter({})(entry({ removes: [1] }))).toBe(true)
  })
})

describe('a time in a log', () => {
  it.each([
    [0, 1],
    [10, 1],
    [11, 2],
    [50, 5],
    [100, 10],
    [101, 11],
  ])('%i is first reached at position %i', async (time, seq) => {
    await fill(10)
    expect(await firstSentAt(log, 'r', time, { low: 1, high: 10 })).toBe(seq)
  })

  it('is searched only in the range and above the floor', async () => {
    await fill(10)
    expect(await firstSentAt(log, 'r', 0, { low: 4, high: 6 })).toBe(4)
    expect(await firstSentAt(log, 'r', 1000, { low: 4, high: 6 })).toBe(7)
    expect(await firstSentAt(log, 'r', 50, { low: 7, high: 6 })).toBe(7)
    log.purge('r', 5)
    expect(await firstSentAt(log, 'r', 51, { low: 1, high: 10 })).toBe(6)
  })

  it('bounds a range including both ends', async () => {
    await fill(10)
    const head = (await log.head('r')) ?? { seq: 0, sentAt: 0 }
    const within = (bounds: object, floor = 1) => rangeWithin(log, 'r', { head, floor }, bounds)
    expect(await within({})).toEqual({ low: 1, high: 10 })
    expect(await within({ after: 3, before: 7 })).toEqual({ low: 4, high: 6 })
    expect(await within({}, 4)).toEqual({ low: 4, high: 10 })
    expect(await within({ before: 99 })).toEqual({ low: 1, high: 10 })
    expect(await within({ from: 30, to: 60 })).toEqual({ low: 3, high: 6 })
    expect(await within({ from: 31, to: 59 })).toEqual({ low: 4, high: 5 })
    expect(await within({ from: 100, to: 100 })).toEqual({ low: 10, high: 10 })
    expect(await within({ from: 101 })).toEqual({ low: 11, high: 10 })
    expect(await within({ to: 9 })).toEqual({ low: 1, high: 0 })
    expect(await within({ to: 99 })).toEqual({ low: 1, high: 9 })
  })

  it('is not searched beyond a gap', () => {
    const entries = [5, 6, 8].map((seq) => ({ seq, sentAt: 1 }))
    const seqs = (found: Entry[]) => found.map(({ seq }) => seq)
    expect(seqs(contiguous(entries, 5, 1))).toEqual([5, 6])
    expect(seqs(contiguous(entries, 4, 1))).toEqual([])
    expect(seqs(contiguous(entries.toReversed(), 8, -1))).toEqual([8])
    expect(seqs(contiguous(entries.slice(0, 2), 5, 1))).toEqual([5, 6])
  })
})
