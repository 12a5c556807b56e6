import { exportRecord } from '../../lambdas/domain/record/export.ts'
import { leftEvent } from '../../lambdas/domain/record/record.ts'
import { MemoryMessages } from '../support/memory/messages.ts'
import { MemoryRecords } from '../support/memory/record.ts'

const always = { from: 0, to: 1e15 }
const start = { seq: 0, place: '' }

let messages: MemoryMessages
let records: MemoryRecords
beforeEach(() => {
  messages = new MemoryMessages()
  records = new MemoryRecords()
})

const say = async (seq: number, sentAt: number) => messages.put('r', { seq, sentAt, body: { text: `${seq}` } })
const note = async (at: number, by = 'ana') => records.add('r', { at, event: 'joined', by })

/** What an export gives out: a number for what was said, `@` and the time for what was recorded. */
async function page(span = always, from = start, most = 100) {
  const { items, complete } = await exportRecord({ messages, records }, 'r', span, from, most)
  const told = items.map((item) => (item.kind === 'said' ? `${item.entry.seq}` : `@${item.line.at}`))
  return { told: told.join(' '), times: items.map(({ at }) => at), complete, items }
}

it('a leaving says who left, when and how', () => {
  expect(leftEvent('ana', 7, 'disconnected')).toEqual({
    at: 7,
    event: 'left',
    by: 'ana',
    details: { how: 'disconnected' },
  })
})

describe('an export', () => {
  it('of a room without log and record is empty and complete', async () => {
    expect(await page()).toMatchObject({ told: '', complete: true })
  })

  it('is what was said and what was recorded, by time', async () => {
    messages.open('r', 0)
    for (const [seq, at] of [
      [1, 10],
      [2, 30],
      [3, 50],
    ] as const)
      await say(seq, at)
    for (const at of [20, 40, 60]) await note(at)
    expect(await page()).toMatchObject({ told: '1 @20 2 @40 3 @60', times: [10, 20, 30, 40, 50, 60], complete: true })
  })

  it('has the ends of its span, and nothing beyond', async () => {
    messages.open('r', 0)
    for (const [seq, at] of [
      [1, 10],
      [2, 20],
      [3, 30],
    ] as const)
      await say(seq, at)
    for (const at of [9, 10, 20, 21]) await note(at)
    expect(await page({ from: 10, to: 20 })).toMatchObject({ told: '1 @10 2 @20', complete: true })
    expect(await page({ from: 31, to: 40 })).toMatchObject({ told: '', complete: true })
  })

  it('gives out nothing later than a source that was cut, which may go on at its last moment', async () => {
    messages.open('r', 0)
    for (const [seq, at] of [
      [1, 10],
      [2, 20],
      [3, 20],
    ] as const)
      await say(seq, at)
    for (const at of [15, 20, 25, 30]) await note(at)
    const { told, complete } = await page(always, start, 3)
    expect([told, complete]).toEqual(['1 @15 2 3 @20', false])
    expect(await page(always, start, 2)).toMatchObject({ told: '1 @15 2 @20', complete: false })
    expect(await page(always, start, 4)).toMatchObject({ told: '1 @15 2 3 @20 @25 @30', complete: false })
    expect(await page(always, start, 5)).toMatchObject({ told: '1 @15 2 3 @20 @25 @30', complete: true })
  })

  it('goes as far as the last entry of a source that was cut', async () => {
    messages.open('r', 0)
    for (let seq = 1; seq <= 4; seq++) await say(seq, seq * 10)
    for (const at of [15, 25, 35, 45]) await note(at)
    expect(await page(always, start, 3)).toMatchObject({ told: '1 @15 2 @25 3', complete: false })
    expect(await page({ from: 11, to: 99 }, start, 3)).toMatchObject({ told: '@15 2 @25 3 @35', complete: false })
  })

  it('waits for the log where that alone was cut, and for the record where that was', async () => {
    messages.open('r', 0)
    for (const [seq, at] of [
      [1, 10],
      [2, 20],
      [3, 99],
    ] as const)
      await say(seq, at)
    await note(50)
    expect(await page(always, start, 2)).toMatchObject({ told: '1 2', complete: false })
    messages = new MemoryMessages()
    messages.open('r', 0)
    await say(1, 99)
    await note(60)
    expect(await page(always, start, 2)).toMatchObject({ told: '@50 @60', complete: false })
  })

  it('goes on from a bookmark, and has everything once', async () => {
    messages.open('r', 0)
    for (let seq = 1; seq <= 9; seq++) await say(seq, seq * 10)
    for (let nr = 1; nr <= 5; nr++) await note(nr * 15)
    const all: string[] = []
    let mark = start
    for (let calls = 0; calls < 20; calls++) {
      const { items, told, complete } = await page(always, mark, 4)
      all.push(...told.split(' '))
      for (const item of items) {
        mark = item.kind === 'said' ? { ...mark, seq: item.entry.seq } : { ...mark, place: item.line.place }
      }
      if (complete) break
    }
    expect(all.join(' ')).toBe('1 @15 2 3 @30 4 @45 5 6 @60 7 @75 8 9')
  })

  it('leaves out what was purged', async () => {
    messages.open('r', 0)
    for (let seq = 1; seq <= 4; seq++) await say(seq, seq)
    messages.purge('r', 3)
    expect(await page()).toMatchObject({ told: '3 4', complete: true })
    expect(await page(always, { seq: 4, place: '' })).toMatchObject({ told: '', complete: true })
  })
})
