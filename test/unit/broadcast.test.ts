import fc from 'fast-check'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { type Crowd, recount } from '../../lambdas/domain/sessions/crowd.ts'
import { contiguousRanges, type Delivery, pauseMs, type StreamedEntry } from '../../lambdas/domain/sessions/delivery.ts'
import { broadcast } from '../../lambdas/push/broadcast.ts'
import { deliver, parseDelivery } from '../../lambdas/push/deliver.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { furnish, person, seat } from '../support/memory/scene.ts'

let app: MemoryApp
let orders: Delivery[]
let kept: object[]

beforeEach(async () => {
  app = memoryApp()
  orders = []
  kept = []
  await furnish(app, 'r', { privacy: 'open' })
})

/** Everything that a broadcast touches; workers write down what they are told. */
const broadcaster = (workers = { start: async (order: Delivery) => void orders.push(order) }) => ({
  ...app,
  workers,
  undelivered: { keep: async (letter: object) => void kept.push(letter) },
  postsPerSecond: 8000,
})

async function seated(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, at) => `c${String(at).padStart(4, '0')}`)
  for (const id of ids) await seat(app, 'r', person(`user-${id}`), id)
  return ids
}

/** Puts messages of these sizes into the log, the first one at position 1. */
async function said(...texts: string[]): Promise<StreamedEntry[]> {
  const streamed: StreamedEntry[] = []
  for (const text of texts) {
    const seq = ((await app.messages.head('r'))?.seq ?? 0) + 1
    const from = { user: 'user-c0000', name: 'C' }
    await app.messages.put('r', { seq, sentAt: 1000 + seq, from, digest: text, body: { text }, broadcast: 'c0000' })
    streamed.push({ sequenceNumber: `s${seq}`, roomId: 'r', seq, readable: true })
  }
  return streamed
}

const busy = () => Promise.reject(new Refusal('unavailable', 'The store did not answer in time.'))

const textsAt = (connectionId: string) =>
  app.connections
    .pushes(connectionId)
    .flatMap((push) => (push.type === 'messages' ? Object(push.messages) : [push]))
    .map(({ text }: { text: string }) => text)

describe('one worker', () => {
  it('hands a message to everyone in its part but to the connection that said it', async () => {
    const [speaker = '', ...others] = await seated(3)
    await said('hello')
    expect(await deliver(app, { roomId: 'r', first: 1, last: 1, part: {} })).toEqual({ delivered: 3 })
    for (const id of others)
      expect(app.connections.pushes(id)).toMatchObject([{ type: 'message', seq: 1, text: 'hello' }])
    expect(app.connections.frames(speaker)).toEqual([])
  })

  it('reaches nobody outside its part', async () => {
    const [before = '', first = '', last = '', behind = ''] = await seated(4)
    await said('hello')
    await deliver(app, { roomId: 'r', first: 1, last: 1, part: { from: first, below: behind } })
    expect(app.connections.tried).toEqual([first, last])
    expect(app.connections.frames(before)).toEqual([])
  })

  it('sends together what waits together, each frame within 32 KiB and in the order of the log', async () => {
    const [speaker = '', listener = ''] = await seated(2)
    const texts = Array.from({ length: 30 }, (_, at) => `${at}`.padEnd(4000, '·'))
    await said(...texts)
    await deliver(app, { roomId: 'r', first: 1, last: 30, part: {} })
    expect(textsAt(listener)).toEqual(texts)
    expect(app.connections.frames(listener).length).toBeLessThan(15)
    for (const frame of app.connections.frames(listener))
      expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(32 * 1024)
    expect(app.connections.frames(speaker)).toEqual([])
  })

  it('gives a speaker what others said, and leaves out the speaker’s own', async () => {
    const [speaker = ''] = await seated(2)
    await said('mine')
    await app.messages.put('r', {
      seq: 2,
      sentAt: 2000,
      from: { user: 'x', name: 'X' },
      digest: 'd',
      body: { text: 'theirs' },
      broadcast: 'c0001',
    })
    await deliver(app, { roomId: 'r', first: 1, last: 2, part: {} })
    expect(textsAt(speaker)).toEqual(['theirs'])
    expect(textsAt('c0001')).toEqual(['mine'])
  })

  it('ends the session of whoever is gone and tells nobody', async () => {
    const [, gone = '', there = ''] = await seated(3)
    await said('hello')
    app.connections.mark(gone, 'gone')
    expect(await deliver(app, { roomId: 'r', first: 1, last: 1, part: {} })).toMatchObject({ gone: 1 })
    expect(await app.sessions.find('r', gone)).toBeUndefined()
    expect(app.connections.pushes(there).map(({ type }) => type)).toEqual(['message'])
  })

  it('serves everyone else although those who are gone cannot be taken off, tries few of them, and meets them again', async () => {
    const ids = await seated(300)
    await said('hello')
    const gone = ids.filter((_, at) => at % 3 === 1)
    for (const id of gone) app.connections.mark(id, 'gone')
    const failing = jest.spyOn(app.sessions, 'end').mockImplementation(busy)
    const order = { roomId: 'r', first: 1, last: 1, part: {} }
    expect(await deliver(app, order)).toEqual({ delivered: 200, gone: 100, unended: 100 })
    expect(failing).toHaveBeenCalledTimes(50)
    for (const id of ids.filter((id) => id !== 'c0000' && !gone.includes(id))) expect(textsAt(id)).toEqual(['hello'])
    failing.mockRestore()
    expect(await deliver(app, order)).toEqual({ delivered: 200, gone: 100 })
    expect(await app.sessions.roster('r')).toHaveLength(200)
  })

  it('lets nobody wait until those who are gone are taken off', async () => {
    const ids = await seated(300)
    await said('hello')
    for (const id of ids.slice(1, 250)) app.connections.mark(id, 'gone')
    const served: number[] = []
    jest.spyOn(app.sessions, 'end').mockImplementation(async () => {
      served.push(ids.slice(250).filter((id) => textsAt(id).length === 1).length)
      return true
    })
    await deliver(app, { roomId: 'r', first: 1, last: 1, part: {} })
    expect(served).toEqual(Array(249).fill(50))
  })

  it('serves everyone else while more connections hang than it has lanes', async () => {
    const ids = await seated(300)
    await said('hello')
    const hanging = ids.filter((_, at) => at % 3 === 1)
    for (const id of hanging) app.connections.mark(id, 'hanging')
    const done = deliver(app, { roomId: 'r', first: 1, last: 1, part: {} })
    await new Promise((resolve) => setImmediate(resolve))
    const live = ids.filter((id) => id !== 'c0000' && !hanging.includes(id))
    for (const id of live) expect(textsAt(id)).toEqual(['hello'])
    app.connections.letGo()
    expect(await done).toEqual({ delivered: 200, failed: 100 })
  })

  it('refuses an order that is none', () => {
    for (const event of [null, {}, { roomId: 'r', first: 0, last: 1, part: {} }, { roomId: 'r', first: 1, last: 1 }])
      expect(() => parseDelivery(event)).toThrow()
    const order = { roomId: 'r', first: 3, last: 4, part: { below: 'c' } }
    expect(parseDelivery(JSON.parse(JSON.stringify(order)))).toEqual(order)
  })
})

describe('a broadcast', () => {
  const noted = async (bounds: string[]) => {
    const crowd: Crowd = {
      connections: 1000,
      participants: 1000,
      crowded: true,
      large: true,
      bounds,
      countedAt: app.clock.now(),
    }
    await app.sessions.noteCrowd('r', crowd)
  }

  it('gives each part of a large room to a worker, waiting messages together', async () => {
    await noted(['c3', 'c6'])
    expect(await broadcast(broadcaster(), await said('one', 'two'))).toEqual([])
    expect(orders).toEqual([
      { roomId: 'r', first: 1, last: 2, part: { below: 'c3' } },
      { roomId: 'r', first: 1, last: 2, part: { from: 'c3', below: 'c6' } },
      { roomId: 'r', first: 1, last: 2, part: { from: 'c6' } },
    ])
    expect(app.connections.tried).toEqual([])
  })

  it('reaches everyone itself where one part is enough, or nothing is known of the room', async () => {
    const [, listener = ''] = await seated(2)
    expect(await broadcast(broadcaster(), await said('hello'))).toEqual([])
    expect(orders).toEqual([])
    expect(textsAt(listener)).toEqual(['hello'])
    expect(await app.sessions.crowd('r')).toMatchObject({ connections: 2, large: false })
  })

  it('that posts itself brings nothing again because a session could not be ended, and says what was lost', async () => {
    const [, gone = '', listener = ''] = await seated(3)
    app.connections.mark(gone, 'gone')
    jest.spyOn(app.sessions, 'end').mockImplementation(busy)
    expect(await broadcast(broadcaster(), await said('hello'))).toEqual([])
    expect(textsAt(listener)).toEqual(['hello'])
    expect(app.facts).toEqual([{ route: 'broadcast', roomId: 'r', delivered: 2, gone: 1, unended: 1 }])
  })

  it('counts a room again whose count is old, after the orders are given', async () => {
    await noted(['c3'])
    await seated(2)
    app.clock.time += 60_000
    await broadcast(broadcaster(), await said('hello'))
    expect(orders).toHaveLength(2)
    expect(await app.sessions.crowd('r')).toMatchObject({ connections: 2, large: false, bounds: [] })
  })

  it('brings nothing again because a count failed', async () => {
    await noted(['c3'])
    app.clock.time += 60_000
    app.sessions.attendees = () => Promise.reject(new Error('throttled'))
    expect(await broadcast(broadcaster(), await said('hello'))).toEqual([])
    expect(orders).toHaveLength(2)
  })

  it('asks for a room’s records again when its orders were not taken, and only for those', async () => {
    await furnish(app, 'other', { privacy: 'open' })
    await noted(['c3'])
    const records = await said('one', 'two')
    await app.messages.put('other', {
      seq: 1,
      sentAt: 1,
      from: { user: 'u', name: 'U' },
      digest: 'd',
      body: { text: 'x' },
    })
    const others: StreamedEntry = { sequenceNumber: 'o1', roomId: 'other', seq: 1, readable: true }
    const down = { start: () => Promise.reject(new Error('throttled')) }
    expect(await broadcast(broadcaster(down), [others, ...records])).toEqual(['s1', 's2'])
    expect(app.facts).toContainEqual(expect.objectContaining({ route: 'broadcast', error: 'Error' }))
  })

  it('puts a record aside that cannot be read, with its place, and goes on', async () => {
    const [, listener = ''] = await seated(2)
    const [good] = await said('hello')
    if (!good) throw new Error('nothing was said')
    const strange: StreamedEntry = { sequenceNumber: 'p', roomId: 'r', seq: 7, readable: false }
    expect(await broadcast(broadcaster(), [strange, good])).toEqual([])
    expect(kept).toEqual([{ roomId: 'r', seq: 7, reason: 'unreadable' }])
    expect(textsAt(listener)).toEqual(['hello'])
  })

  it('holds the next back for as long as the workers’ posts take, and not where it posted itself', async () => {
    await noted(['c3'])
    const before = app.clock.time
    await broadcast(broadcaster(), await said('hello'))
    expect(app.clock.time - before).toBe(1000 / 8)
    await recount(app.sessions, app.clock, 'r', await app.sessions.crowd('r'))
    const calm = app.clock.time
    await broadcast(broadcaster(), await said('more'))
    expect(app.clock.time).toBe(calm)
  })
})

describe('what waits', () => {
  it('forms stretches without a hole that hold exactly the waiting positions, for any order of records', () => {
    const place = fc.record({ roomId: fc.constantFrom('a', 'b'), seq: fc.integer({ min: 1, max: 40 }) })
    fc.assert(
      fc.property(fc.array(place), (waiting) => {
        const all = contiguousRanges(waiting)
        expect(new Set(all.keys())).toEqual(new Set(waiting.map(({ roomId }) => roomId)))
        for (const [roomId, found] of all) {
          const held = found.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at))
          const wanted = new Set(waiting.filter((one) => one.roomId === roomId).map(({ seq }) => seq))
          expect(held).toEqual([...wanted].sort((a, b) => a - b))
          for (const [at, [first]] of found.entries())
            if (at > 0) expect(first).toBeGreaterThan((found[at - 1]?.[1] ?? 0) + 1)
        }
      }),
    )
  })

  it('is held back for a bounded time, however large the room', () => {
    expect(pauseMs(8000, 8000)).toBe(1000)
    expect(pauseMs(10_000_000, 8000)).toBe(15_000)
  })
})
