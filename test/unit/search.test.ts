import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { newestPage, pageAfter, pageBefore } from '../../lambdas/domain/log/pages.ts'
import { historyPage } from '../../lambdas/replies/history.ts'
import type { HistoryQuery } from '../../lambdas/replies/history-query.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'
import { pagingAt } from '../support/memory/paging.ts'
import { refusal } from '../support/refusals.ts'

const roomId = 'r'
const room = { roomId, logged: true }
let messages: MemoryLog
let clock: FakeClock

beforeEach(() => {
  messages = new MemoryLog()
  clock = new FakeClock()
})

async function fill(count: number, textOf: (seq: number) => string): Promise<void> {
  messages.open(roomId, 0)
  for (let seq = 1; seq <= count; seq++) {
    await messages.put(roomId, { seq, sentAt: seq, from: { user: 'ana', name: 'Ana' }, body: { text: textOf(seq) } })
  }
}

/** Searches to the end and counts the calls. */
async function searchAll(query: HistoryQuery & { limit: number }) {
  const found: number[] = []
  let calls = 0
  let cursor: string | undefined
  do {
    const page = await historyPage({ messages, clock }, room, query, await pagingAt(cursor))
    found.push(...page.messages.map(({ seq }) => seq))
    cursor = page.cursor
    calls++
  } while (cursor !== undefined)
  return { found: found.sort((a, b) => a - b), calls }
}

describe('a search', () => {
  it.each(['oldest', 'newest'] as const)('reads every entry once if few match, from the %s', async (order) => {
    await fill(9000, (seq) => (seq % 1000 ? 'hay' : 'needle'))
    const { found, calls } = await searchAll({ search: 'needle', order, limit: 500 })
    expect(found).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000])
    expect(calls).toBe(2)
    expect(messages.skimmed).toBe(9000)
  })

  it.each([7, 100, 500])('reads few entries twice if all match (limit %i)', async (limit) => {
    await fill(2000, (seq) => `needle ${seq}`)
    const { found } = await searchAll({ search: 'needle', limit })
    expect(found).toHaveLength(2000)
    expect(messages.skimmed).toBeLessThan(2000 * 1.25)
  })

  it('reads few entries twice if long messages match', async () => {
    await fill(300, () => `needle ${'x'.repeat(4000)}`)
    const { found } = await searchAll({ search: 'needle', limit: 500 })
    expect(found).toHaveLength(300)
    expect(messages.skimmed).toBeLessThan(300 * 1.5)
  })

  it('reads few entries twice if the matches are close together', async () => {
    await fill(9000, (seq) => (seq % 3000 < 300 ? 'needle' : 'hay'))
    const { found } = await searchAll({ search: 'needle', limit: 500 })
    expect(found).toHaveLength(900)
    expect(messages.skimmed).toBeLessThan(9000 * 2)
  })

  it('ends after its maximum time, and the next call continues there', async () => {
    await fill(5000, (seq) => `hay ${seq}`)
    const skim = messages.skim.bind(messages)
    jest.spyOn(messages, 'skim').mockImplementation((...args) => {
      clock.time += 300
      return skim(...args)
    })
    const page = await historyPage(
      { messages, clock },
      room,
      { search: 'needle', order: 'oldest', limit: 30 },
      await pagingAt(),
    )
    expect(page).toMatchObject({ messages: [], exceeded: true, searchedTo: 30 + 120 })
    expect((await searchAll({ search: 'hay 4999', match: 'phrase', limit: 5 })).found).toEqual([4999])
  })
})

describe('a read during a purge', () => {
  /** Purges everything below 40 between the read of the floor and the read of the entries. */
  async function purgeDuringRead(): Promise<void> {
    const old = await messages.floor(roomId)
    messages.purge(roomId, 40)
    jest.spyOn(messages, 'floor').mockResolvedValueOnce(old)
  }

  beforeEach(() => fill(60, (seq) => `message ${seq}`))

  const seqs = (entries: Entry[]) => entries.map(({ seq }) => seq)
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)

  it('up from a position requires a resync instead of a page with a gap', async () => {
    await purgeDuringRead()
    const { code, details } = await refusal(pageAfter(messages, roomId, 5, 30))
    expect({ code, details }).toEqual({ code: 'resync_required', details: { head: 60, floor: 40 } })
  })

  it('down from a position ends at the new floor', async () => {
    await purgeDuringRead()
    expect(seqs((await newestPage(messages, roomId, 50)).entries)).toEqual(range(40, 60))
    expect(seqs((await pageBefore(messages, roomId, 42, 50)).entries)).toEqual([40, 41])
  })

  it.each(['oldest', 'newest'] as const)(
    'of a search continues with the remaining entries, from the %s',
    async (order) => {
      await purgeDuringRead()
      const page = await historyPage(
        { messages, clock },
        room,
        { search: 'message', order, limit: 100 },
        await pagingAt(),
      )
      expect(page.messages.map(({ seq }) => seq)).toEqual(range(40, 60))
      expect(page.exceeded).toBe(false)
    },
  )

  it('of a search fails on any other gap', async () => {
    await messages.trim(roomId, 20, 100)
    const query = { search: 'message', order: 'oldest', limit: 100 } as const
    const broken = historyPage({ messages, clock }, room, query, await pagingAt())
    await expect(broken).rejects.toThrow('The log of room r has a hole.')
  })
})
