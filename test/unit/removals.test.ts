import { append } from '../../lambdas/domain/log/append.ts'
import { purge } from '../../lambdas/domain/log/purge.ts'
import { appendRemoval, redactAll, removableAt } from '../../lambdas/domain/log/removals.ts'
import { sendMessage } from '../../lambdas/domain/sessions/send.ts'
import { removeMessages } from '../../lambdas/routes/remove-messages.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, categoryOf, person } from '../support/memory/fixtures.ts'

const root = person('root', { admin: true })
const by = { user: 'root', name: 'Root' }
let app: MemoryApp

const seqs = async () => (await app.messages.read('r', 0, 1000)).map(({ seq }) => seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)

/** Sends one message each second, from the start of the room. */
async function fill(count: number): Promise<void> {
  for (let seq = 1; seq <= count; seq++) {
    app.clock.time += 1000
    const draft = { author: { user: 'ana', name: 'Ana' }, body: { text: `bad ${seq}` } }
    await append(app.messages, app.clock, 'r', draft, { admit: async () => undefined })
  }
}

let start: number

beforeEach(async () => {
  app = memoryApp()
  start = app.clock.now()
  await addRoom(app, 'r', {}, { 'user:ana': ['member'], 'user:ben': ['member'] })
})

describe('a purge', () => {
  const purgeBefore = (before: number) => purge(app.messages, 'r', before, app.clock.now())
  const sentAt = (seq: number) => start + seq * 1000

  it('deletes exactly the messages that were sent before a time', async () => {
    await fill(200)
    expect(await purgeBefore(sentAt(50))).toEqual({ floor: 50, complete: true })
    expect(await seqs()).toEqual([0, ...range(50, 200)])
    expect(await purgeBefore(sentAt(50) + 1)).toEqual({ floor: 51, complete: true })
    expect(await purgeBefore(sentAt(20))).toEqual({ floor: 51, complete: true })
    expect(await seqs()).toEqual([0, ...range(51, 200)])
  })

  it('does not delete messages of the last minute yet', async () => {
    await fill(200)
    expect(await purgeBefore(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 200, complete: false })
    // The newest message is new, and the first remaining one is sixty seconds older.
    expect(await seqs()).toEqual([0, ...range(140, 200)])
    app.clock.time += 60_000
    expect(await purgeBefore(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 200, complete: true })
    expect(await seqs()).toEqual([0, 200])
  })

  it('keeps the newest message at any age and position 0', async () => {
    await fill(5)
    app.clock.time += 1e9
    expect(await purgeBefore(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 5, complete: true })
    expect(await seqs()).toEqual([0, 5])
    expect(await purgeBefore(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 5, complete: true })
  })

  it('deletes nothing in an empty or unknown room', async () => {
    expect(await purgeBefore(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1, complete: true })
    expect(await purge(app.messages, 'nowhere', 1, 2)).toEqual({ floor: 1, complete: true })
  })

  it('works in steps of bounded size, which the same call continues', async () => {
    await fill(2600)
    const time = sentAt(2300)
    expect(await purgeBefore(time)).toEqual({ floor: 2300, complete: false })
    expect((await seqs())[1]).toBe(1001)
    expect(await purgeBefore(time)).toEqual({ floor: 2300, complete: false })
    expect(await purgeBefore(time)).toEqual({ floor: 2300, complete: true })
    expect((await seqs())[1]).toBe(2300)
  })

  it('that is interrupted after it moved the floor is completed by the next one', async () => {
    await fill(100)
    jest.spyOn(app.messages, 'trim').mockRejectedValueOnce(new Error('killed'))
    await expect(purgeBefore(sentAt(30))).rejects.toThrow('killed')
    expect(await app.messages.floor('r')).toBe(30)
    expect(await seqs()).toHaveLength(101)
    expect(await purgeBefore(sentAt(30))).toEqual({ floor: 30, complete: true })
    expect(await seqs()).toEqual([0, ...range(30, 100)])
  })
})

describe('a removal', () => {
  it('is stored before any message is removed, and is completed by the next call', async () => {
    await fill(3)
    await addSession(app, 'r', person('ben'), 'c-ben')
    jest.spyOn(app.messages, 'redact').mockRejectedValue(new Error('killed'))
    const frame = { roomId: 'r', seqs: [1, 3], replacement: 'gone' }
    expect(await call(app, removeMessages, frame, root)).toMatchObject({ ok: false })
    expect(app.connections.pushes('c-ben')).toMatchObject([{ type: 'message', seq: 4, removes: [1, 3], by: 'root' }])
    jest.restoreAllMocks()
    expect(await call(app, removeMessages, frame, root)).toMatchObject({ ok: true, removed: 2 })
    expect(app.connections.pushes('c-ben')[1]).toMatchObject({ seq: 5, removes: [1, 3], replacement: 'gone' })
    expect(await call(app, removeMessages, frame, root)).toMatchObject({ ok: true, removed: 0 })
    expect(await seqs()).toEqual(range(0, 5))
  })

  it('that is interrupted between two messages is completed by the next call', async () => {
    await fill(5)
    const redact = app.messages.redact.bind(app.messages)
    jest.spyOn(app.messages, 'redact').mockImplementation(async (roomId, seq, ...more) => {
      if (seq > 2) throw new Error('killed')
      return redact(roomId, seq, ...more)
    })
    await expect(
      redactAll(app.messages, 'r', await appendRemoval(app.messages, app.clock, 'r', { by, removes: range(1, 5) })),
    ).rejects.toThrow('killed')
    jest.restoreAllMocks()
    expect(await call(app, removeMessages, { roomId: 'r', search: 'bad' }, root)).toMatchObject({ removed: 3 })
  })

  it('ignores messages below the floor, even before they are deleted', async () => {
    await fill(9)
    await app.messages.raiseFloor('r', 5)
    expect(await removableAt(app.messages, 'r', [9, 5, 4, 1, 5])).toEqual([5, 9])
    expect(await call(app, removeMessages, { roomId: 'r', authors: ['ana'] }, root)).toMatchObject({ removed: 5 })
  })

  it('does not restore messages that a concurrent purge has deleted', async () => {
    await fill(9)
    const removal = await appendRemoval(app.messages, app.clock, 'r', { by, removes: [1, 2, 8] })
    app.messages.purge('r', 5)
    expect(await redactAll(app.messages, 'r', removal)).toBe(1)
    expect(await seqs()).toEqual([0, ...range(5, 10)])
  })
})

describe('a room without history', () => {
  const send = (text: string, clientMessageId?: string) => {
    const identity = clientMessageId === undefined ? {} : { clientMessageId, after: 0 }
    const draft = { author: { user: 'ana', name: 'Ana' }, body: { text }, ...identity }
    return sendMessage(app, app.clock, { roomId: 'q', connectionId: 'c-ana' }, draft)
  }

  beforeEach(async () => {
    app.categories.put(categoryOf('live', { history: false }))
    await addRoom(app, 'q', { categoryId: 'live' }, { 'user:ana': ['member'] })
    await addSession(app, 'q', person('ana'), 'c-ana')
  })

  it('stores the author, the time and the id of a message, but no body', async () => {
    const { entry } = await send('secret', 'm1')
    expect(entry).toMatchObject({ seq: 1, body: { text: 'secret' }, from: { user: 'ana', name: 'Ana' } })
    const sentAt = app.clock.now()
    expect(await app.messages.read('q', 1, 9)).toEqual([
      {
        seq: 1,
        sentAt,
        from: { user: 'ana', name: 'ana' },
        clientMessageId: 'm1',
        digest: expect.stringMatching(/^[\w-]{3}$/),
        removed: { by: 'unlogged', at: sentAt },
      },
    ])
  })

  it('returns the body of a retry for the earlier message with its id', async () => {
    await send('first', 'm1')
    await send('second')
    const retry = await send('first', 'm1')
    expect(retry).toMatchObject({ duplicate: true, entry: { seq: 1, body: { text: 'first' }, from: { name: 'Ana' } } })
    expect(retry.entry).not.toHaveProperty('removed')
    expect((await app.messages.head('q'))?.seq).toBe(2)
  })

  it('has no messages to remove', async () => {
    await send('secret')
    expect(await call(app, removeMessages, { roomId: 'q', authors: ['ana'] }, root)).toMatchObject({ removed: 0 })
    expect(await call(app, removeMessages, { roomId: 'q', seqs: [1] }, root)).toMatchObject({ removed: 0 })
    expect((await app.messages.head('q'))?.seq).toBe(1)
  })
})
