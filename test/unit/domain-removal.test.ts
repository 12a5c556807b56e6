import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { purge } from '../../lambdas/domain/log/purge.ts'
import { appendRemoval, redactAll } from '../../lambdas/domain/log/removals.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryMessages } from '../support/memory/messages.ts'

const by = { user: 'root', name: 'Root' }
const ana = { user: 'ana', name: 'Ana' }
let log: MemoryMessages
let clock: FakeClock

beforeEach(() => {
  log = new MemoryMessages()
  clock = new FakeClock()
  log.open('r', clock.now())
})

const say = async (seq: number, sentAt = clock.now()) =>
  log.put('r', { seq, sentAt, from: ana, body: { text: `${seq}` } })

describe('a removal', () => {
  it('stands behind what others say meanwhile, however often they are first', async () => {
    await say(1)
    const put = log.put.bind(log)
    let rivals = 3
    jest.spyOn(log, 'put').mockImplementation(async (roomId, entry) => {
      if (rivals-- > 0) {
        await put(roomId, { seq: entry.seq, sentAt: clock.now(), from: ana, body: { text: 'meanwhile' } })
      }
      return put(roomId, entry)
    })
    const removal = await appendRemoval(log, clock, 'r', { by, removes: [1], replacement: 'gone' })
    expect(removal).toStrictEqual({ seq: 5, sentAt: clock.now(), from: by, removes: [1], replacement: 'gone' })
    expect(await log.read('r', 5, 9)).toStrictEqual([removal])
    expect((await log.read('r', 2, 3)).map(({ body }) => body?.text)).toEqual(['meanwhile', 'meanwhile', 'meanwhile'])
  })

  it('carries how busy the room is, and uses nothing itself', async () => {
    const spent = { room: 50, authors: { x: 9 } }
    await log.put('r', { seq: 1, sentAt: clock.now(), from: ana, spent })
    const rate = { perSecond: 1, burst: 1 }
    const removing = { by, removes: [1], broadcast: '' }
    await appendRemoval(log, clock, 'r', removing, { rates: { room: rate, author: rate } })
    const [entry] = await log.read('r', 2, 1)
    expect(entry).toStrictEqual({ seq: 2, sentAt: clock.now(), from: by, removes: [1], broadcast: '', spent })
  })

  it('counts what it took away itself, and says who did, and when', async () => {
    for (const seq of [1, 2, 3]) await say(seq)
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
  const forget = (before: number) => purge(log, 'r', before, clock.now())

  it('of a room in which nothing was said has nothing to do', async () => {
    expect(await forget(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1, complete: true })
    expect(await purge(log, 'none', 1, clock.now())).toEqual({ floor: 1, complete: true })
    clock.time += 100_000
    expect(await forget(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1, complete: true })
  })

  it('keeps everything of the moment that it names, the newest of it included', async () => {
    const start = clock.now()
    for (const [seq, at] of [
      [1, 0],
      [2, 10],
      [3, 10],
    ] as const) {
      await say(seq, start + at)
    }
    clock.time += 100_000
    expect(await forget(start + 10)).toEqual({ floor: 2, complete: true })
    expect((await log.read('r', 1, 9)).map(({ seq }) => seq)).toEqual([2, 3])
  })

  it('moves the floor only where it goes up', async () => {
    for (const seq of [1, 2, 3]) await say(seq, clock.now() + seq)
    clock.time += 100_000
    const raise = jest.spyOn(log, 'raiseFloor')
    await forget(0)
    expect(raise).not.toHaveBeenCalled()
    await forget(Number.MAX_SAFE_INTEGER)
    expect(raise.mock.calls).toEqual([['r', 3]])
    await forget(Number.MAX_SAFE_INTEGER)
    expect(raise).toHaveBeenCalledTimes(1)
  })

  it('takes a thousand entries at most', async () => {
    for (let seq = 1; seq <= 1002; seq++) await say(seq)
    clock.time += 100_000
    expect(await forget(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1002, complete: false })
    expect((await log.read('r', 1, 9)).map(({ seq }) => seq)).toEqual([1001, 1002])
    expect(await forget(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1002, complete: true })
  })
})
