import { append } from '../../lambdas/domain/log/append.ts'
import { purge } from '../../lambdas/domain/log/purge.ts'
import { appendRemoval, redactAll, removableAt } from '../../lambdas/domain/log/removals.ts'
import { sendMessage } from '../../lambdas/domain/sessions/send.ts'
import { removeMessages } from '../../lambdas/routes/remove-messages.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, categoryOf, furnish, person, seat } from '../support/memory/scene.ts'

const root = person('root', { admin: true })
const by = { user: 'root', name: 'Root' }
let app: MemoryApp

const seqs = async () => (await app.messages.read('r', 0, 1000)).map(({ seq }) => seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)

/** One message each second, from the start of the room. */
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
  await furnish(app, 'r', {}, { 'user:ana': ['member'], 'user:ben': ['member'] })
})

describe('a purge', () => {
  const forget = (before: number) => purge(app.messages, 'r', before, app.clock.now())
  const sent = (seq: number) => start + seq * 1000

  it('takes everything that was sent before a time, and nothing else', async () => {
    await fill(200)
    expect(await forget(sent(50))).toEqual({ floor: 50, complete: true })
    expect(await seqs()).toEqual([0, ...range(50, 200)])
    expect(await forget(sent(50) + 1)).toEqual({ floor: 51, complete: true })
    expect(await forget(sent(20))).toEqual({ floor: 51, complete: true })
    expect(await seqs()).toEqual([0, ...range(51, 200)])
  })

  it('deletes nothing of the last minute before that minute is over', async () => {
    await fill(200)
    expect(await forget(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 200, complete: false })
    // The newest was sent just now, and the one sixty seconds older is the first that is still there.
    expect(await seqs()).toEqual([0, ...range(140, 200)])
    app.clock.time += 60_000
    expect(await forget(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 200, complete: true })
    expect(await seqs()).toEqual([0, 200])
  })

  it('spares the newest however old it is, and the beginning', async () => {
    await fill(5)
    app.clock.time += 1e9
    expect(await forget(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 5, complete: true })
    expect(await seqs()).toEqual([0, 5])
    expect(await forget(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 5, complete: true })
  })

  it('finds nothing in an empty room, and in none', async () => {
    expect(await forget(Number.MAX_SAFE_INTEGER)).toEqual({ floor: 1, complete: true })
    expect(await purge(app.messages, 'nowhere', 1, 2)).toEqual({ floor: 1, complete: true })
  })

  it('goes in bounded steps, which the same call continues', async () => {
    await fill(2600)
    const time = sent(2300)
    expect(await forget(time)).toEqual({ floor: 2300, complete: false })
    expect((await seqs())[1]).toBe(1001)
    expect(await forget(time)).toEqual({ floor: 2300, complete: false })
    expect(await forget(time)).toEqual({ floor: 2300, complete: true })
    expect((await seqs())[1]).toBe(2300)
  })

  it('that dies after it moved the floor is finished by the next', async () => {
    await fill(100)
    jest.spyOn(app.messages, 'trim').mockRejectedValueOnce(new Error('killed'))
    await expect(forget(sent(30))).rejects.toThrow('killed')
    expect(await app.messages.floor('r')).toBe(30)
    expect(await seqs()).toHaveLength(101)
    expect(await forget(sent(30))).toEqual({ floor: 30, complete: true })
    expect(await seqs()).toEqual([0, ...range(30, 100)])
  })
})

describe('a removal', () => {
  it('stands in the log before anything is taken away, and is made good by the next call', async () => {
    await fill(3)
    await seat(app, 'r', person('ben'), 'c-ben')
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

  it('that died between two messages leaves the rest to the next call', async () => {
    await fill(5)
    const genuine = app.messages.redact.bind(app.messages)
    jest.spyOn(app.messages, 'redact').mockImplementation(async (roomId, seq, ...more) => {
      if (seq > 2) throw new Error('killed')
      return genuine(roomId, seq, ...more)
    })
    await expect(
      redactAll(app.messages, 'r', await appendRemoval(app.messages, app.clock, 'r', { by, removes: range(1, 5) })),
    ).rejects.toThrow('killed')
    jest.restoreAllMocks()
    expect(await call(app, removeMessages, { roomId: 'r', search: 'bad' }, root)).toMatchObject({ removed: 3 })
  })

  it('ignores what is below the floor, even while it is still there', async () => {
    await fill(9)
    await app.messages.raiseFloor('r', 5)
    expect(await removableAt(app.messages, 'r', [9, 5, 4, 1, 5])).toEqual([5, 9])
    expect(await call(app, removeMessages, { roomId: 'r', authors: ['ana'] }, root)).toMatchObject({ removed: 5 })
  })

  it('does not bring back what a purge took meanwhile', async () => {
    await fill(9)
    const removal = await appendRemoval(app.messages, app.clock, 'r', { by, removes: [1, 2, 8] })
    app.messages.purge('r', 5)
    expect(await redactAll(app.messages, 'r', removal)).toBe(1)
    expect(await seqs()).toEqual([0, ...range(5, 10)])
  })
})

describe('an unlogged room', () => {
  const say = (text: string, clientMessageId?: string) => {
    const known = clientMessageId === undefined ? {} : { clientMessageId, after: 0 }
    const draft = { author: { user: 'ana', name: 'Ana' }, body: { text }, ...known }
    return sendMessage(app, app.clock, { roomId: 'q', connectionId: 'c-ana' }, draft)
  }

  beforeEach(async () => {
    app.categories.put(categoryOf('live', { history: false }))
    await furnish(app, 'q', { categoryId: 'live' }, { 'user:ana': ['member'] })
    await seat(app, 'q', person('ana'), 'c-ana')
  })

  it('stores who and when and under which id, and nothing of what', async () => {
    const { entry } = await say('secret', 'm1')
    expect(entry).toMatchObject({ seq: 1, body: { text: 'secret' }, from: { user: 'ana', name: 'Ana' } })
    const sentAt = app.clock.now()
    expect(await app.messages.read('q', 1, 9)).toEqual([
      {
        seq: 1,
        sentAt,
        from: { user: 'ana', name: 'ana' },
        clientMessageId: 'm1',
        removed: { by: 'unlogged', at: sentAt },
      },
    ])
  })

  it('answers a retry that lost its race for a place with what the retry says', async () => {
    await say('first', 'm1')
    await say('second')
    const retry = await say('first', 'm1')
    expect(retry).toMatchObject({ duplicate: true, entry: { seq: 1, body: { text: 'first' }, from: { name: 'Ana' } } })
    expect(retry.entry).not.toHaveProperty('removed')
    expect((await app.messages.head('q'))?.seq).toBe(2)
  })

  it('has nothing for a moderator to remove', async () => {
    await say('secret')
    expect(await call(app, removeMessages, { roomId: 'q', authors: ['ana'] }, root)).toMatchObject({ removed: 0 })
    expect(await call(app, removeMessages, { roomId: 'q', seqs: [1] }, root)).toMatchObject({ removed: 0 })
    expect((await app.messages.head('q'))?.seq).toBe(1)
  })
})
