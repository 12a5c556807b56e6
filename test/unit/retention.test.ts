import { enforceRetention } from '../../lambdas/domain/rooms/retention.ts'
import { deleteRoom } from '../../lambdas/routes/delete-room.ts'
import { legalHold } from '../../lambdas/routes/legal-hold.ts'
import { purge } from '../../lambdas/routes/purge.ts'
import { record } from '../../lambdas/routes/record.ts'
import { retention } from '../../lambdas/routes/retention.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, categoryOf, person } from '../support/memory/fixtures.ts'

const root = person('root', { admin: true })
const dayMs = 86_400_000

let app: MemoryApp
beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r')
})

const asks = (handler: Parameters<typeof call>[1], frame: object, caller = root) => call(app, handler, frame, caller)

/** Stores a message of each age, in milliseconds, oldest first. */
async function fill(roomId: string, ages: readonly number[], user = 'ana'): Promise<void> {
  const head = (await app.messages.head(roomId))?.seq ?? 0
  for (const [at, age] of ages.entries()) {
    const sentAt = app.clock.now() - age
    await app.messages.put(roomId, { seq: head + at + 1, sentAt, from: { user, name: user }, body: { text: 'x' } })
  }
}

const days = (...ages: number[]) => ages.map((age) => age * dayMs)

const run = (until = Number.MAX_SAFE_INTEGER) => enforceRetention(app, until)

const kept = async (roomId: string) => (await app.messages.read(roomId, 1, 1000)).map(({ seq }) => seq)

const linesOf = async (roomId: string) => app.records.read(roomId, { from: 0, to: Number.MAX_SAFE_INTEGER }, '', 100)

describe('the daily run', () => {
  it('deletes exactly the messages that are older than the rule of the room', async () => {
    await fill('r', [31 * dayMs, 30 * dayMs + 1, 30 * dayMs, 30 * dayMs - 1, 0])
    await asks(retention, { roomId: 'r', days: 30 })
    expect(await run()).toEqual({ purged: 1, complete: true })
    expect([await kept('r'), await app.messages.floor('r')]).toEqual([[3, 4, 5], 3])
    expect(await run()).toEqual({ purged: 0, complete: true })
  })

  it('records what it deletes, once and before it', async () => {
    await fill('r', days(40, 1))
    await asks(retention, { roomId: 'r', days: 30 })
    jest.spyOn(app.messages, 'raiseFloor').mockRejectedValueOnce(new Error('No log'))
    await expect(run()).rejects.toThrow('No log')
    const before = new Date(app.clock.now() - 30 * dayMs).toISOString()
    const line = { event: 'purged', by: 'system:retention', details: { before, days: 30 } }
    expect(await linesOf('r')).toMatchObject([line])
    await run()
    await run()
    expect(await linesOf('r')).toMatchObject([line, line])
  })

  it('hides messages before it deletes them', async () => {
    await fill('r', days(40, 1))
    await asks(retention, { roomId: 'r', days: 30 })
    const raised = jest.spyOn(app.messages, 'raiseFloor')
    const trimmed = jest.spyOn(app.messages, 'trim')
    await run()
    const [first = 0] = raised.mock.invocationCallOrder
    expect(trimmed.mock.invocationCallOrder[0]).toBeGreaterThan(first)
    expect(first).toBeGreaterThan(0)
  })

  it('deletes what an interrupted run has left below the floor', async () => {
    await fill('r', days(40, 1))
    await asks(retention, { roomId: 'r', days: 30 })
    jest.spyOn(app.messages, 'trim').mockRejectedValueOnce(new Error('No log'))
    await expect(run()).rejects.toThrow('No log')
    expect(await kept('r')).toEqual([1, 2])
    await run()
    expect(await kept('r')).toEqual([2])
  })

  it('prefers the rule of the room to that of its category', async () => {
    app.categories.put(categoryOf('news'))
    for (const roomId of ['longer', 'plain']) {
      await addRoom(app, roomId, { categoryId: 'news' })
      await fill(roomId, days(10, 1))
    }
    await fill('r', days(10, 1))
    await asks(retention, { categoryId: 'news', days: 7 })
    await asks(retention, { roomId: 'longer', days: 20 })
    await run()
    expect([await kept('longer'), await kept('plain'), await kept('r')]).toEqual([[1, 2], [2], [1, 2]])
    await asks(retention, { roomId: 'longer', days: 0 })
    await run()
    expect(await kept('longer')).toEqual([2])
  })

  it('keeps the newest message of any age', async () => {
    await fill('r', days(50, 40))
    await asks(retention, { roomId: 'r', days: 1 })
    await run()
    expect(await kept('r')).toEqual([2])
  })

  it('deletes the messages of a deleted room by the rule of its category', async () => {
    await fill('r', days(40, 35))
    await asks(deleteRoom, { roomId: 'r' })
    await asks(retention, { categoryId: 'general', days: 30 })
    await run()
    expect(await kept('r')).toEqual([2])
  })

  it('continues where the run before has ended', async () => {
    for (const roomId of ['a', 'b', 'c']) {
      await addRoom(app, roomId)
      await fill(roomId, days(40, 1))
    }
    await asks(retention, { categoryId: 'general', days: 30 })
    const read = app.messages.head.bind(app.messages)
    jest.spyOn(app.messages, 'head').mockImplementation((roomId) => {
      app.clock.time += 10
      return read(roomId)
    })
    expect(await run(app.clock.now() + 15)).toMatchObject({ complete: false })
    const [first, rest] = [await kept('a'), await kept('c')]
    expect([first, rest]).toEqual([[2], [1, 2]])
    while (!(await run(app.clock.now() + 15)).complete);
    expect([await kept('b'), await kept('c')]).toEqual([[2], [2]])
    expect(await app.retention.nextRoom()).toBe('')
  })

  it('reads no room if there is no rule', async () => {
    await run()
    expect(app.directory.categoriesRead).toEqual([])
  })
})

describe('a legal hold', () => {
  beforeEach(async () => {
    await fill('r', days(50, 45))
    await fill('r', days(40), 'bob')
    await fill('r', days(35, 1))
    await asks(retention, { roomId: 'r', days: 30 })
  })

  it('on a room keeps all its messages until it ends', async () => {
    expect(await asks(legalHold, { roomId: 'r', hold: true })).toMatchObject({ hold: true })
    await run()
    expect(await kept('r')).toEqual([1, 2, 3, 4, 5])
    expect(await asks(legalHold, { roomId: 'r', hold: false })).toMatchObject({ hold: false })
    await run()
    expect(await kept('r')).toEqual([5])
  })

  it('on a user keeps the messages from the oldest one of the user on', async () => {
    await asks(legalHold, { user: 'bob', hold: true })
    await run()
    expect(await kept('r')).toEqual([3, 4, 5])
  })

  it('that begins during a run is obeyed in every room that the run has not reached', async () => {
    await addRoom(app, 's')
    await fill('s', days(40, 1))
    await asks(retention, { roomId: 's', days: 30 })
    const add = app.records.add.bind(app.records)
    jest.spyOn(app.records, 'add').mockImplementation(async (roomId, line) => {
      if (roomId === 'r') await app.retention.setHold({ roomId: 's' }, true)
      return add(roomId, line)
    })
    await run()
    expect([await kept('r'), await kept('s')]).toEqual([[5], [1, 2]])
  })

  it('on a room refuses a purge, and on a user shortens it', async () => {
    const before = new Date(app.clock.now()).toISOString()
    await asks(legalHold, { roomId: 'r', hold: true })
    expect(await asks(purge, { roomId: 'r', before })).toMatchObject({ error: { code: 'forbidden' } })
    await asks(legalHold, { roomId: 'r', hold: false })
    await asks(legalHold, { user: 'bob', hold: true })
    expect(await asks(purge, { roomId: 'r', before })).toMatchObject({ floor: 3, complete: true })
    expect(await kept('r')).toEqual([3, 4, 5])
  })

  it('on a user is found behind many other messages', async () => {
    await addRoom(app, 'long')
    await fill('long', Array<number>(1200).fill(42 * dayMs))
    await fill('long', days(41), 'bob')
    await fill('long', days(40.5, 1))
    await asks(retention, { roomId: 'long', days: 30 })
    await asks(legalHold, { user: 'bob', hold: true })
    await run()
    expect(await app.messages.floor('long')).toBe(1201)
  })
})

describe('the verbs', () => {
  it('read a rule and a hold without changing them', async () => {
    expect(await asks(retention, { roomId: 'r' })).toEqual({ ok: true })
    await asks(retention, { roomId: 'r', days: 9 })
    expect(await asks(retention, { roomId: 'r' })).toEqual({ ok: true, days: 9 })
    expect(await asks(retention, { roomId: 'r', days: 0 })).toEqual({ ok: true })
    expect(await asks(legalHold, { user: 'ana' })).toEqual({ ok: true, hold: false })
  })

  it('are in the record with the one who asked', async () => {
    await asks(retention, { categoryId: 'general', days: 9 })
    await asks(legalHold, { user: 'ana', hold: true })
    await asks(legalHold, { roomId: 'r', hold: false })
    expect(await asks(record, {})).toMatchObject({
      entries: [
        { event: 'retention', by: 'root', details: { categoryId: 'general', days: 9 } },
        { event: 'held', by: 'root', details: { user: 'ana' } },
        { event: 'released', by: 'root', details: { roomId: 'r' } },
        { event: 'read', by: 'root' },
      ],
    })
    expect(await asks(record, { user: 'ana' })).toMatchObject({ entries: [{ event: 'held' }] })
  })

  it.each([
    ['a room that never was', retention, { roomId: 'none', days: 1 }, 'not_found'],
    ['a room that never was', legalHold, { roomId: 'none', hold: true }, 'not_found'],
    ['a category that does not exist', retention, { categoryId: 'none', days: 1 }, 'not_found'],
    ['no room and no category', retention, { days: 1 }, 'invalid'],
    ['a room and a category', retention, { roomId: 'r', categoryId: 'general' }, 'invalid'],
    ['less than a day', retention, { roomId: 'r', days: 0.5 }, 'invalid'],
    ['more than 100 years', retention, { roomId: 'r', days: 36_501 }, 'invalid'],
    ['a room and a user', legalHold, { roomId: 'r', user: 'ana' }, 'invalid'],
  ])('refuse %s', async (_, handler, frame, code) => {
    expect(await asks(handler, frame)).toMatchObject({ error: { code } })
    expect(await app.retention.hasRules()).toBe(false)
  })

  it('are forbidden to everybody else', async () => {
    for (const [handler, frame] of [
      [retention, { roomId: 'r', days: 1 }],
      [legalHold, { user: 'bob', hold: true }],
    ] as const) {
      expect(await asks(handler, frame, person('ana'))).toMatchObject({ error: { code: 'forbidden' } })
    }
  })
})
