import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { purge } from '../../lambdas/domain/log/purge.ts'
import { appendRemoval, redactAll } from '../../lambdas/domain/log/removals.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

const by = { user: 'root', name: 'Root' }
const ana = { user: 'ana', name: 'Ana' }
let log: MemoryLog
let clock: FakeClock

beforeEach(() => {
  log = new MemoryLog()
  clock = new FakeClock()
  log.open('r', clock.now())
})

const addMessage = async (seq: number, sentAt = clock.now()) =>
  log.put('r', { seq, sentAt, from: ana, body: { text: `${seq}` } })

describe('a removal', () => {
  it('is stored after messages that win the race for its position', async () => {
    await addMessage(1)
    const put = log.put.bind(log)
    let rivals = 3
    jest.spyOn(log, 'put').mockImplementation(async (roomId, entry) => {
      if (rivals-- > 0) {
        await put(roomId, { seq: entry.seq, sentAt: clock.now(), from: ana, body: { text: 'rival' } })
      }
      return put(roomId, entry)
    })
    const removal = await appendRemoval(log, clock, 'r', { by, removes: [1], replacement: 'gone' })
    expect(removal).toStrictEqual({ seq: 5, sentAt: clock.now(), from: by, removes: [1], replacement: 'gone' })
    expect(await log.read('r', 5, 9)).toStrictEqual([removal])
    expect((await log.read('r', 2, 3)).map(({ body }) => body?.text)).toEqual(['rival', 'rival', 'rival'])
  })

  it('keeps the rate use of the room and adds nothing', async () => {
    const spent = { room: 50, authors: { x: 9 } }
    await log.put('r', { seq: 1, sentAt: clock.now(), from: ana, spent })
    const rate = { perSecond: 1, burst: 1 }
    const request = { by, removes: [1], broadcast: '' }
    await appendRemoval(log, clock, 'r', request, { rates: { room: rate, author: rate } })
    const [entry] = await log.read('r', 2, 1)
    expect(entry).toStrictEqual({ seq: 2, sentAt: clock.now(), from: by, removes: [1], broadcast: '', spent })
  })

  it('counts the messages that it removed, and stores its user and its time', async () => {
    for (const seq of [1, 2, 3]) await addMessage(seq)
    const removal: Entry = { seq: 4, sentAt: 77, from: by, removes: [1, 2, 9], replacement: 'gone' }
    expect(await redactAll(log, 'r', removal)).toBe(2)
    expect(await redactAll(log, 'r', removal)).toBe(0)
    const [first] = await log.read('r', 1, 1)
    expect(first).toMatchObject({ removed: { by: 'root', at: 77 }, body: { text: 'gone' } })
    expect(await redactAll(log, 'r', { seq: 5, sentAt: 78, removes: [3] })).toBe(1)
    expect((await log.read('r', 3, 1))[0]).toMatchObject({ removed: { by: '', at: 78 } })
    expect(await redactAll(log, 'r', { seq: 6, sentAt: 79 })).toBe(0)
  })
})

describe('a purge', () => {
  const purgeBefore = (before: number) => purge(log, 'r', before, clock.now())

  it('of an empty room does nothing', async () => {
    expect(await purgeBefore(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1, complete: true })
    expect(await purge(log, 'none', 1, clock.now())).toEqual({ floor: 1, complete: true })
    clock.time += 100_000
    expect(await purgeBefore(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1, complete: true })
  })

  it('keeps all messages of the given time', async () => {
    const start = clock.now()
    for (const [seq, at] of [
      [1, 0],
      [2, 10],
      [3, 10],
    ] as const) {
      await addMessage(seq, start + at)
    }
    clock.time += 100_000
    expect(await purgeBefore(start + 10)).toEqual({ floor: 2, complete: true })
    expect((await log.read('r', 1, 9)).map(({ seq }) => seq)).toEqual([2, 3])
  })

  it('moves the floor only up', async () => {
    for (const seq of [1, 2, 3]) await addMessage(seq, clock.now() + seq)
    clock.time += 100_000
    const raise = jest.spyOn(log, 'raiseFloor')
    await purgeBefore(0)
    expect(raise).not.toHaveBeenCalled()
    await purgeBefore(Number.MAX_SAFE_INTEGER)
    expect(raise.mock.calls).toEqual([['r', 3]])
    await purgeBefore(Number.MAX_SAFE_INTEGER)
    expect(raise).toHaveBeenCalledTimes(1)
  })

  it('deletes at most a thousand entries', async () => {
    for (let seq = 1; seq <= 1002; seq++) await addMessage(seq)
    clock.time += 100_000
    expect(await purgeBefore(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1002, complete: false })
    expect((await log.read('r', 1, 9)).map(({ seq }) => seq)).toEqual([1001, 1002])
    expect(await purgeBefore(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1002, complete: true })
  })
})
