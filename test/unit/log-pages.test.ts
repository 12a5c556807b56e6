import type { LogPage } from '../../lambdas/domain/log/pages.ts'
import { newestPage, pageAfter, pageBefore } from '../../lambdas/domain/log/pages.ts'
import { MemoryLog } from '../support/memory/log.ts'
import { refusal } from '../support/refusals.ts'

let log: MemoryLog

beforeEach(() => {
  log = new MemoryLog()
})

async function fill(messages: number, floor = 1): Promise<void> {
  log.open('r', 0)
  for (let seq = 1; seq <= messages; seq++) await log.put('r', { seq, sentAt: seq, body: { text: `${seq}` } })
  if (floor > 1) log.purge('r', floor)
}

const summary = ({ entries, ...page }: LogPage) => ({ seqs: entries.map((entry) => entry.seq), ...page })
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe('the newest messages', () => {
  it.each([
    [10, 1, 3, [8, 9, 10], false],
    [10, 1, 9, range(2, 10), false],
    [10, 1, 10, range(1, 10), true],
    [10, 1, 11, range(1, 10), true],
    [10, 4, 6, range(5, 10), false],
    [10, 4, 7, range(4, 10), true],
    [10, 10, 1, [10], true],
    [10, 10, 30, [10], true],
    [1, 1, 1, [1], true],
    [10, 1, 0, [], false],
  ])('of %i, with floor %i and limit %i', async (messages, floor, limit, seqs, complete) => {
    await fill(messages, floor)
    expect(summary(await newestPage(log, 'r', limit))).toEqual({ seqs, head: messages, floor, complete })
  })

  it.each([0, 1, 30])('of an empty room are none and complete (limit %i)', async (limit) => {
    await fill(0)
    expect(summary(await newestPage(log, 'r', limit))).toEqual({ seqs: [], head: 0, floor: 1, complete: true })
  })

  it('are at most 200', async () => {
    await fill(230)
    const page = summary(await newestPage(log, 'r', 500))
    expect(page).toEqual({ seqs: range(31, 230), head: 230, floor: 1, complete: false })
  })
})

describe('the messages before a position', () => {
  it.each([
    [11, 1, 3, [8, 9, 10], false],
    [6, 1, 3, [3, 4, 5], false],
    [4, 1, 3, [1, 2, 3], true],
    [3, 1, 3, [1, 2], true],
    [2, 1, 1, [1], true],
    [1, 1, 3, [], true],
    [0, 1, 3, [], true],
    [99, 1, 2, [9, 10], false],
    [6, 1, 0, [], false],
    [1, 1, 0, [], true],
    [7, 4, 3, [4, 5, 6], true],
    [8, 4, 3, [5, 6, 7], false],
    [4, 4, 3, [], true],
    [2, 4, 3, [], true],
  ])('%i of ten, with floor %i and limit %i', async (seq, floor, limit, seqs, complete) => {
    await fill(10, floor)
    expect(summary(await pageBefore(log, 'r', seq, limit))).toEqual({ seqs, head: 10, floor, complete })
  })

  it('do not include entries below the floor that are not deleted yet', async () => {
    await fill(10)
    jest.spyOn(log, 'floor').mockResolvedValue(5)
    expect(summary(await pageBefore(log, 'r', 8, 10))).toEqual({ seqs: [5, 6, 7], head: 10, floor: 5, complete: true })
  })
})

describe('the messages after a position', () => {
  it.each([
    [0, 1, 3, [1, 2, 3], false],
    [0, 1, 10, range(1, 10), true],
    [7, 1, 3, [8, 9, 10], true],
    [7, 1, 2, [8, 9], false],
    [9, 1, 1, [10], true],
    [10, 1, 5, [], true],
    [10, 1, 0, [], true],
    [9, 1, 0, [], false],
    [3, 4, 10, range(4, 10), true],
    [3, 4, 2, [4, 5], false],
    [3, 4, 7, range(4, 10), true],
    [3, 4, 6, range(4, 9), false],
    [4, 4, 10, range(5, 10), true],
    [9, 10, 1, [10], true],
  ])('%i of ten, with floor %i and limit %i', async (after, floor, limit, seqs, complete) => {
    await fill(10, floor)
    expect(summary(await pageAfter(log, 'r', after, limit))).toEqual({ seqs, head: 10, floor, complete })
  })

  it('are none in an empty room', async () => {
    await fill(0)
    expect(summary(await pageAfter(log, 'r', 0, 30))).toEqual({ seqs: [], head: 0, floor: 1, complete: true })
  })

  it('are at most 200', async () => {
    await fill(230)
    expect(summary(await pageAfter(log, 'r', 0, 500))).toEqual({
      seqs: range(1, 200),
      head: 230,
      floor: 1,
      complete: false,
    })
    expect(summary(await pageAfter(log, 'r', 30, 500))).toEqual({
      seqs: range(31, 230),
      head: 230,
      floor: 1,
      complete: true,
    })
  })

  it.each([
    ['beyond the head', 11, 1],
    ['far beyond the head', Number.MAX_SAFE_INTEGER, 1],
    ['just below the floor', 2, 4],
    ['far below the floor', 0, 4],
  ])('require a resync for a position %s', async (_, after, floor) => {
    await fill(10, floor)
    expect(await refusal(pageAfter(log, 'r', after, 5))).toMatchObject({
      code: 'resync_required',
      details: { head: 10, floor },
    })
  })

  it('require a resync for a position below the floor that is not deleted yet', async () => {
    await fill(10)
    jest.spyOn(log, 'floor').mockResolvedValue(5)
    expect((await refusal(pageAfter(log, 'r', 3, 5))).code).toBe('resync_required')
    expect((await pageAfter(log, 'r', 4, 5)).entries[0]?.seq).toBe(5)
  })
})
