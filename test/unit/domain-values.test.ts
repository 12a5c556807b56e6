import { defaultQuotas } from '../../lambdas/bindings.ts'
import { RateLimiter } from '../../lambdas/domain/budget/limiter.ts'
import { tagOf, useAfterOne, waitMs } from '../../lambdas/domain/budget/rate.ts'
import { checkRate } from '../../lambdas/domain/budget/room-rate.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { foldName, isSameName } from '../../lambdas/domain/names.ts'
import { getOrSet } from '../../lambdas/domain/people/preferences.ts'
import { groupById, idBetween, joinById, mergeById, none } from '../../lambdas/domain/rooms/sorted-streams.ts'
import { contiguousRanges, pauseMs } from '../../lambdas/domain/sessions/delivery.ts'
import { textMatcher } from '../../lambdas/domain/text-query.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryPreferences } from '../support/memory/preferences.ts'

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) {
    found.push(item)
    if (found.length > 100) throw new Error('The stream does not end.')
  }
  return found
}

async function* rooms(ids: string) {
  for (const [at, roomId] of ids.split(' ').filter(Boolean).entries()) yield { roomId, at }
}
const idsOf = (items: { roomId: string }[]) => items.map(({ roomId }) => roomId).join(' ')

describe('sorted streams of rooms', () => {
  it('are merged in order', async () => {
    expect(idsOf(await all(mergeById([rooms('b d f'), rooms('a b g'), rooms(''), rooms('c')])))).toBe('a b b c d f g')
    expect(await all(mergeById([]))).toEqual([])
    expect(await all(none())).toEqual([])
  })

  it('are joined with the marks of the same room, each room once', async () => {
    const met = await all(joinById(rooms('b b c e'), rooms('a b b d e f')))
    expect(met.map(({ roomId, item, marks }) => [roomId, item.at, marks.map(({ at }) => at)])).toEqual([
      ['b', 0, [1, 2]],
      ['c', 2, []],
      ['e', 3, [4]],
    ])
    expect(await all(joinById(rooms(''), rooms('a')))).toEqual([])
    expect(await all(joinById(rooms('a'), rooms('')))).toMatchObject([{ roomId: 'a', marks: [] }])
  })

  it('are grouped by room', async () => {
    expect((await all(groupById(rooms('a a b c c c')))).map(idsOf)).toEqual(['a a', 'b', 'c c c'])
    expect(await all(groupById(rooms('')))).toEqual([])
  })

  it.each([
    ['a', 'b', 'b'],
    ['abc', 'abd', 'abd'],
    ['ab', 'abc', 'abc'],
    ['abc', 'b', 'b'],
    ['aa', 'abzz', 'ab'],
  ])('have the shortest id between %s and %s: %s', (one, other, id) => {
    expect(idBetween(one, other)).toBe(id)
  })
})

describe('names', () => {
  it.each([
    ['Lobby', 'lobby'],
    ['  the   LOBBY\t', 'the lobby'],
    ['ＬＯＢＢＹ', 'lobby'],
    ['Lob\u00adby\u200d', 'lobby'],
    ['ﬁn', 'fin'],
    ['ÉCOLE', 'école'],
    ['Straße', 'strasse'],
  ])('such as %p are folded to %p', (name, folded) => {
    expect(foldName(name)).toBe(folded)
    expect(isSameName(name, folded)).toBe(true)
  })

  it('are different if their folded names differ', () => {
    expect(isSameName('Lobby', 'Lobby 2')).toBe(false)
    expect(isSameName('ab', 'a b')).toBe(false)
  })
})

describe('the words of a text query', () => {
  const finds = (text: string, match: 'any' | 'all' | 'phrase', candidate: string, matchCase = false) =>
    textMatcher({ text, match, matchCase })(candidate)

  it('match in any case, unless `matchCase` is set', () => {
    expect(finds('WORD', 'any', 'a word')).toBe(true)
    expect(finds('WORD', 'any', 'a word', true)).toBe(false)
    expect(finds('Word', 'any', 'a Word', true)).toBe(true)
    expect(finds('ＷＯＲＤ', 'any', 'WORD', true)).toBe(true)
    expect(finds('ﬁn', 'any', 'FIN')).toBe(true)
  })

  it('match as any word, as all words or as a phrase', () => {
    expect(finds(' one  two ', 'any', 'two')).toBe(true)
    expect(finds('one two', 'all', 'two')).toBe(false)
    expect(finds('one two', 'all', 'two one')).toBe(true)
    expect(finds('one two', 'phrase', 'two one')).toBe(false)
    expect(finds('one two', 'phrase', 'zone twofold')).toBe(true)
    expect(finds('one', 'any', 'none of it')).toBe(true)
    expect(finds('one two', 'any', 'three')).toBe(false)
  })
})

describe('waiting positions', () => {
  const waiting = (roomId: string, ...seqs: number[]) => seqs.map((seq) => ({ roomId, seq }))

  it('are grouped into contiguous ranges in any order', () => {
    const found = contiguousRanges([...waiting('r', 3, 1, 2, 2, 7, 5, 6), ...waiting('s', 9)])
    expect([...found]).toEqual([
      [
        'r',
        [
          [1, 3],
          [5, 7],
        ],
      ],
      ['s', [[9, 9]]],
    ])
    expect([...contiguousRanges([])]).toEqual([])
  })

  it('cause a pause for the time of their posts, at most 15 seconds', () => {
    expect([0, 100, 3000, 30_000, 40_000].map((posts) => pauseMs(posts, 2000))).toEqual([0, 50, 1500, 15_000, 15_000])
  })
})

describe('a preference', () => {
  it('is stored, and is returned unless the client knows its version', async () => {
    const stores = { preferences: new MemoryPreferences(), settings: { quotas: defaultQuotas } }
    expect(await getOrSet(stores, 'ana', { label: 'l' })).toEqual({ version: 0 })
    expect(await getOrSet(stores, 'ana', { label: 'l', data: '' })).toEqual({ version: 1 })
    expect(await getOrSet(stores, 'ana', { label: 'l', data: 'x', knownVersion: 1 })).toEqual({ version: 2 })
    expect(await getOrSet(stores, 'ana', { label: 'l' })).toEqual({ data: 'x', version: 2 })
    expect(await getOrSet(stores, 'ana', { label: 'l', knownVersion: 1 })).toEqual({ data: 'x', version: 2 })
    expect(await getOrSet(stores, 'ana', { label: 'l', knownVersion: 2 })).toEqual({ version: 2 })
    expect(await getOrSet(stores, 'ben', { label: 'l' })).toEqual({ version: 0 })
  })
})

describe('a rate limit', () => {
  const rate = { perSecond: 4, burst: 3 }

  it('allows a burst and then a number per second', () => {
    const used = [1, 2, 3].reduce((before) => useAfterOne(rate, before), 0)
    expect(used).toBe(750)
    expect([0, 250, 500, 501, 750].map((before) => waitMs(rate, before))).toEqual([0, 0, 0, 1, 250])
    expect([0, 250, 500, 700, 9000].map((before) => useAfterOne(rate, before))).toEqual([250, 500, 750, 750, 750])
  })

  it('is remembered only for the latest keys', () => {
    const clock = new FakeClock()
    const limiter = new RateLimiter(rate, clock, 2)
    for (const key of ['a', 'a', 'a', 'b', 'b', 'b', 'a']) limiter.take(key)
    expect([limiter.waitMs('a'), limiter.waitMs('b')]).toEqual([250, 250])
    limiter.take('c')
    expect([limiter.waitMs('a'), limiter.waitMs('b')]).toEqual([250, 0])
    clock.time += 100
    expect(limiter.waitMs('a')).toBe(150)
    clock.time -= 500
    expect(limiter.waitMs('a')).toBe(250)
    clock.time += 5000
    expect(limiter.waitMs('a')).toBe(0)
  })

  const rates = { room: { perSecond: 1000, burst: 1000 }, author: rate }
  const usedUp = (sentAt: number) => ({ seq: 1, sentAt, spent: { room: 0, authors: { [tagOf('ana')]: 750 } } })
  function waitOf(last: ReturnType<typeof usedUp>, clock: FakeClock, limits = rates): number {
    try {
      checkRate({ rates: limits }, clock, last, 'ana')
    } catch (error) {
      if (error instanceof Refusal) return error.retryAfterMs ?? -1
      throw error
    }
    return 0
  }

  it('makes an author wait longer if the clock is behind, but has no effect beyond a second', () => {
    const clock = new FakeClock()
    expect([0, -100, -250, 1, 1000, 1001].map((ahead) => waitOf(usedUp(clock.time + ahead), clock))).toEqual([
      250, 150, 0, 251, 1250, 0,
    ])
  })

  it('of a room spreads the retries over four seconds', () => {
    const clock = new FakeClock()
    const small = { room: { perSecond: 10, burst: 1 }, author: { perSecond: 1000, burst: 1000 } }
    const last = { seq: 1, sentAt: clock.time + 200, spent: { room: 100, authors: {} } }
    expect(waitOf(last, clock, small)).toBe(300)
    clock.chance = 0.5
    expect(waitOf(last, clock, small)).toBe(2300)
  })
})
