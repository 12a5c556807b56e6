import fc from 'fast-check'
import { tagOf } from '../../lambdas/domain/budget/rate.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { type Crowd, recount } from '../../lambdas/domain/sessions/crowd.ts'
import { contiguousRanges, type Delivery, pauseMs, type StreamedEntry } from '../../lambdas/domain/sessions/delivery.ts'
import { broadcast } from '../../lambdas/push/broadcast.ts'
import { deliver, parseDelivery } from '../../lambdas/push/deliver.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, person } from '../support/memory/fixtures.ts'

let app: MemoryApp
let deliveries: Delivery[]
let deadLetters: object[]

beforeEach(async () => {
  app = memoryApp()
  deliveries = []
  deadLetters = []
  await addRoom(app, 'r', { privacy: 'open' })
})

/** The ports of a broadcast, with workers that record their deliveries. */
const portsOf = (workers = { start: async (delivery: Delivery) => void deliveries.push(delivery) }) => ({
  ...app,
  workers,
  undelivered: { keep: async (deadLetter: object) => void deadLetters.push(deadLetter) },
  postsPerSecond: 8000,
})

async function addSessions(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, at) => `c${String(at).padStart(4, '0')}`)
  for (const id of ids) await addSession(app, 'r', person(`user-${id}`), id)
  return ids
}

/** Stores messages with these texts in the log. */
async function addMessages(...texts: string[]): Promise<StreamedEntry[]> {
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

describe('a worker', () => {
  it('posts a message to every connection of its part except that of the sender', async () => {
    const [sender = '', ...others] = await addSessions(3)
    await addMessages('hello')
    expect(await deliver(app, { roomId: 'r', first: 1, last: 1, part: {} })).toEqual({ delivered: 3 })
    for (const id of others)
      expect(app.connections.pushes(id)).toMatchObject([{ type: 'message', seq: 1, text: 'hello' }])
    expect(app.connections.frames(sender)).toEqual([])
  })

  it('posts to no connection outside its part', async () => {
    const [before = '', first = '', last = '', after = ''] = await addSessions(4)
    await addMessages('hello')
    await deliver(app, { roomId: 'r', first: 1, last: 1, part: { from: first, below: after } })
    expect(app.connections.posted).toEqual([first, last])
    expect(app.connections.frames(before)).toEqual([])
  })

  it('batches waiting messages in frames of at most 32 KiB in the order of the log', async () => {
    const [sender = '', listener = ''] = await addSessions(2)
    const texts = Array.from({ length: 30 }, (_, at) => `${at}`.padEnd(4000, '·'))
    await addMessages(...texts)
    await deliver(app, { roomId: 'r', first: 1, last: 30, part: {} })
    expect(textsAt(listener)).toEqual(texts)
    expect(app.connections.frames(listener).length).toBeLessThan(15)
    for (const frame of app.connections.frames(listener))
      expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(32 * 1024)
    expect(app.connections.frames(sender)).toEqual([])
  })

  it('posts the messages of others to a sender, without the sender’s own messages', async () => {
    const [sender = ''] = await addSessions(2)
    await addMessages('mine')
    await app.messages.put('r', {
      seq: 2,
      sentAt: 2000,
      from: { user: 'x', name: 'X' },
      digest: 'd',
      body: { text: 'theirs' },
      broadcast: 'c0001',
    })
    await deliver(app, { roomId: 'r', first: 1, last: 2, part: {} })
    expect(textsAt(sender)).toEqual(['theirs'])
    expect(textsAt('c0001')).toEqual(['mine'])
  })

  it('ends a session whose connection is gone without an announcement', async () => {
    const [, gone = '', present = ''] = await addSessions(3)
    await addMessages('hello')
    app.connections.setFault(gone, 'gone')
    expect(await deliver(app, { roomId: 'r', first: 1, last: 1, part: {} })).toMatchObject({ gone: 1 })
    expect(await app.sessions.find('r', gone)).toBeUndefined()
    expect(app.connections.pushes(present).map(({ type }) => type)).toEqual(['message'])
  })

  it('posts to all others if sessions cannot be ended, stops trying early, and ends them with the next message', async () => {
    const ids = await addSessions(300)
    await addMessages('hello')
    const gone = ids.filter((_, at) => at % 3 === 1)
    for (const id of gone) app.connections.setFault(id, 'gone')
    const failing = jest.spyOn(app.sessions, 'end').mockImplementation(busy)
    const delivery = { roomId: 'r', first: 1, last: 1, part: {} }
    expect(await deliver(app, delivery)).toEqual({ delivered: 200, gone: 100, unended: 100 })
    expect(failing).toHaveBeenCalledTimes(50)
    for (const id of ids.filter((id) => id !== 'c0000' && !gone.includes(id))) expect(textsAt(id)).toEqual(['hello'])
    failing.mockRestore()
    expect(await deliver(app, delivery)).toEqual({ delivered: 200, gone: 100 })
    expect(await app.sessions.roster('r')).toHaveLength(200)
  })

  it('posts to all connections before it ends sessions', async () => {
    const ids = await addSessions(300)
    await addMessages('hello')
    for (const id of ids.slice(1, 250)) app.connections.setFault(id, 'gone')
    const reached: number[] = []
    jest.spyOn(app.sessions, 'end').mockImplementation(async () => {
      reached.push(ids.slice(250).filter((id) => textsAt(id).length === 1).length)
      return true
    })
    await deliver(app, { roomId: 'r', first: 1, last: 1, part: {} })
    expect(reached).toEqual(Array(249).fill(50))
  })

  it('posts to all others while many connections hang', async () => {
    const ids = await addSessions(300)
    await addMessages('hello')
    const hanging = ids.filter((_, at) => at % 3 === 1)
    for (const id of hanging) app.connections.setFault(id, 'hanging')
    const done = deliver(app, { roomId: 'r', first: 1, last: 1, part: {} })
    await new Promise((resolve) => setImmediate(resolve))
    const live = ids.filter((id) => id !== 'c0000' && !hanging.includes(id))
    for (const id of live) expect(textsAt(id)).toEqual(['hello'])
    app.connections.release()
    expect(await done).toEqual({ delivered: 200, failed: 100 })
  })

  it('rejects an invalid delivery', () => {
    for (const event of [null, {}, { roomId: 'r', first: 0, last: 1, part: {} }, { roomId: 'r', first: 1, last: 1 }])
      expect(() => parseDelivery(event)).toThrow()
    const delivery = { roomId: 'r', first: 3, last: 4, part: { below: 'c' } }
    expect(parseDelivery(JSON.parse(JSON.stringify(delivery)))).toEqual(delivery)
  })
})

describe('a broadcast', () => {
  const storeCrowd = async (bounds: string[]) => {
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

  it('starts one worker for each part of a large room with all waiting messages', async () => {
    await storeCrowd(['c3', 'c6'])
    expect(await broadcast(portsOf(), await addMessages('one', 'two'))).toEqual([])
    expect(deliveries).toEqual([
      { roomId: 'r', first: 1, last: 2, part: { below: 'c3' } },
      { roomId: 'r', first: 1, last: 2, part: { from: 'c3', below: 'c6' } },
      { roomId: 'r', first: 1, last: 2, part: { from: 'c6' } },
    ])
    expect(app.connections.posted).toEqual([])
  })

  it('posts itself if the room has no stored count', async () => {
    const [, listener = ''] = await addSessions(2)
    expect(await broadcast(portsOf(), await addMessages('hello'))).toEqual([])
    expect(deliveries).toEqual([])
    expect(textsAt(listener)).toEqual(['hello'])
    expect(await app.sessions.crowd('r')).toMatchObject({ connections: 2, large: false })
  })

  it('that posts itself does not repeat messages if a session cannot be ended, and logs this', async () => {
    const [, gone = '', listener = ''] = await addSessions(3)
    app.connections.setFault(gone, 'gone')
    jest.spyOn(app.sessions, 'end').mockImplementation(busy)
    expect(await broadcast(portsOf(), await addMessages('hello'))).toEqual([])
    expect(textsAt(listener)).toEqual(['hello'])
    expect(app.notes).toEqual([{ room: tagOf('r'), delivered: 2, gone: 1, unended: 1 }])
  })

  it('counts a room with an old count again after starting the workers', async () => {
    await storeCrowd(['c3'])
    await addSessions(2)
    app.clock.time += 60_000
    await broadcast(portsOf(), await addMessages('hello'))
    expect(deliveries).toHaveLength(2)
    expect(await app.sessions.crowd('r')).toMatchObject({ connections: 2, large: false, bounds: [] })
  })

  it('does not repeat messages if a count fails', async () => {
    await storeCrowd(['c3'])
    app.clock.time += 60_000
    app.sessions.attendees = () => Promise.reject(new Error('throttled'))
    expect(await broadcast(portsOf(), await addMessages('hello'))).toEqual([])
    expect(deliveries).toHaveLength(2)
  })

  it('requests only those records again whose workers could not be started', async () => {
    await addRoom(app, 'other', { privacy: 'open' })
    await storeCrowd(['c3'])
    const records = await addMessages('one', 'two')
    await app.messages.put('other', {
      seq: 1,
      sentAt: 1,
      from: { user: 'u', name: 'U' },
      digest: 'd',
      body: { text: 'x' },
    })
    const others: StreamedEntry = { sequenceNumber: 'o1', roomId: 'other', seq: 1, readable: true }
    const down = { start: () => Promise.reject(new Error('throttled')) }
    expect(await broadcast(portsOf(down), [others, ...records])).toEqual(['s1', 's2'])
    expect(app.notes).toEqual([expect.objectContaining({ room: tagOf('r'), error: 'Error' })])
    expect(app.watch.valuesOf('JobFailures')).toEqual([1])
  })

  it('writes an unreadable record to the dead-letter queue and continues', async () => {
    const [, listener = ''] = await addSessions(2)
    const [good] = await addMessages('hello')
    if (!good) throw new Error('There is no message.')
    const unreadable: StreamedEntry = { sequenceNumber: 'p', roomId: 'r', seq: 7, readable: false }
    expect(await broadcast(portsOf(), [unreadable, good])).toEqual([])
    expect(deadLetters).toEqual([{ roomId: 'r', seq: 7, reason: 'unreadable' }])
    expect(textsAt(listener)).toEqual(['hello'])
  })

  it('pauses for the time that the posts of its workers take, but not after its own posts', async () => {
    await storeCrowd(['c3'])
    const before = app.clock.time
    await broadcast(portsOf(), await addMessages('hello'))
    expect(app.clock.time - before).toBe(1000 / 8)
    await recount(app.sessions, app.clock, 'r', await app.sessions.crowd('r'))
    const afterPause = app.clock.time
    await broadcast(portsOf(), await addMessages('more'))
    expect(app.clock.time).toBe(afterPause)
  })
})

describe('the waiting positions', () => {
  it('are grouped into contiguous ranges for any order of records', () => {
    const position = fc.record({ roomId: fc.constantFrom('a', 'b'), seq: fc.integer({ min: 1, max: 40 }) })
    fc.assert(
      fc.property(fc.array(position), (waiting) => {
        const all = contiguousRanges(waiting)
        expect(new Set(all.keys())).toEqual(new Set(waiting.map(({ roomId }) => roomId)))
        for (const [roomId, found] of all) {
          const positions = found.flatMap(([first, last]) =>
            Array.from({ length: last - first + 1 }, (_, at) => first + at),
          )
          const expected = new Set(waiting.filter((one) => one.roomId === roomId).map(({ seq }) => seq))
          expect(positions).toEqual([...expected].sort((a, b) => a - b))
          for (const [at, [first]] of found.entries())
            if (at > 0) expect(first).toBeGreaterThan((found[at - 1]?.[1] ?? 0) + 1)
        }
      }),
    )
  })

  it('are delayed for at most 15 seconds in a room of any size', () => {
    expect(pauseMs(8000, 8000)).toBe(1000)
    expect(pauseMs(10_000_000, 8000)).toBe(15_000)
  })
})
