import { exportRecord } from '../../lambdas/domain/record/export.ts'
import { leftEvent } from '../../lambdas/domain/record/record.ts'
import { MemoryLog } from '../support/memory/log.ts'
import { MemoryRecord } from '../support/memory/record.ts'

const always = { from: 0, to: 1e15 }
const start = { seq: 0, place: '' }

let messages: MemoryLog
let record: MemoryRecord
beforeEach(() => {
  messages = new MemoryLog()
  record = new MemoryRecord()
})

const addMessage = async (seq: number, sentAt: number) => messages.put('r', { seq, sentAt, body: { text: `${seq}` } })
const addEvent = async (at: number, by = 'ana') => record.add('r', { at, event: 'joined', by })

/** One page of an export. `summary` has the number of each message, and `@` with the time of each event. */
async function page(range = always, from = start, limit = 100) {
  const { items, complete } = await exportRecord({ messages, records: record }, 'r', range, from, limit)
  const summary = items.map((item) => (item.kind === 'said' ? `${item.entry.seq}` : `@${item.line.at}`))
  return { summary: summary.join(' '), times: items.map(({ at }) => at), complete, items }
}

it('the event of a leave has the user, the time and the reason', () => {
  expect(leftEvent('ana', 7, 'disconnected')).toEqual({
    at: 7,
    event: 'left',
    by: 'ana',
    details: { how: 'disconnected' },
  })
})

describe('an export', () => {
  it('of a room without messages and events is empty and complete', async () => {
    expect(await page()).toMatchObject({ summary: '', complete: true })
  })

  it('contains messages and events by time', async () => {
    messages.open('r', 0)
    for (const [seq, at] of [
      [1, 10],
      [2, 30],
      [3, 50],
    ] as const)
      await addMessage(seq, at)
    for (const at of [20, 40, 60]) await addEvent(at)
    expect(await page()).toMatchObject({
      summary: '1 @20 2 @40 3 @60',
      times: [10, 20, 30, 40, 50, 60],
      complete: true,
    })
  })

  it('includes both ends of its range', async () => {
    messages.open('r', 0)
    for (const [seq, at] of [
      [1, 10],
      [2, 20],
      [3, 30],
    ] as const)
      await addMessage(seq, at)
    for (const at of [9, 10, 20, 21]) await addEvent(at)
    expect(await page({ from: 10, to: 20 })).toMatchObject({ summary: '1 @10 2 @20', complete: true })
    expect(await page({ from: 31, to: 40 })).toMatchObject({ summary: '', complete: true })
  })

  it('contains nothing later than the end of an incomplete source', async () => {
    messages.open('r', 0)
    for (const [seq, at] of [
      [1, 10],
      [2, 20],
      [3, 20],
    ] as const)
      await addMessage(seq, at)
    for (const at of [15, 20, 25, 30]) await addEvent(at)
    const { summary, complete } = await page(always, start, 3)
    expect([summary, complete]).toEqual(['1 @15 2 3 @20', false])
    expect(await page(always, start, 2)).toMatchObject({ summary: '1 @15 2 @20', complete: false })
    expect(await page(always, start, 4)).toMatchObject({ summary: '1 @15 2 3 @20 @25 @30', complete: false })
    expect(await page(always, start, 5)).toMatchObject({ summary: '1 @15 2 3 @20 @25 @30', complete: true })
  })

  it('contains everything up to the end of an incomplete source', async () => {
    messages.open('r', 0)
    for (let seq = 1; seq <= 4; seq++) await addMessage(seq, seq * 10)
    for (const at of [15, 25, 35, 45]) await addEvent(at)
    expect(await page(always, start, 3)).toMatchObject({ summary: '1 @15 2 @25 3', complete: false })
    expect(await page({ from: 11, to: 99 }, start, 3)).toMatchObject({ summary: '@15 2 @25 3 @35', complete: false })
  })

  it('ends where the log or the record is incomplete', async () => {
    messages.open('r', 0)
    for (const [seq, at] of [
      [1, 10],
      [2, 20],
      [3, 99],
    ] as const)
      await addMessage(seq, at)
    await addEvent(50)
    expect(await page(always, start, 2)).toMatchObject({ summary: '1 2', complete: false })
    messages = new MemoryLog()
    messages.open('r', 0)
    await addMessage(1, 99)
    await addEvent(60)
    expect(await page(always, start, 2)).toMatchObject({ summary: '@50 @60', complete: false })
  })

  it('continues from a cursor and contains everything once', async () => {
    messages.open('r', 0)
    for (let seq = 1; seq <= 9; seq++) await addMessage(seq, seq * 10)
    for (let nr = 1; nr <= 5; nr++) await addEvent(nr * 15)
    const all: string[] = []
    let cursor = start
    for (let calls = 0; calls < 20; calls++) {
      const { items, summary, complete } = await page(always, cursor, 4)
      all.push(...summary.split(' '))
      for (const item of items) {
        cursor = item.kind === 'said' ? { ...cursor, seq: item.entry.seq } : { ...cursor, place: item.line.place }
      }
      if (complete) break
    }
    expect(all.join(' ')).toBe('1 @15 2 3 @30 4 @45 5 6 @60 7 @75 8 9')
  })

  it('omits purged messages', async () => {
    messages.open('r', 0)
    for (let seq = 1; seq <= 4; seq++) await addMessage(seq, seq)
    messages.purge('r', 3)
    expect(await page()).toMatchObject({ summary: '3 4', complete: true })
    expect(await page(always, { seq: 4, place: '' })).toMatchObject({ summary: '', complete: true })
  })
})
