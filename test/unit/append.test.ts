import { Refusal } from '../../lambdas/domain/errors.ts'
import { append, type Draft } from '../../lambdas/domain/log/append.ts'
import type { Author, Entry } from '../../lambdas/domain/log/entry.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

const ROOM = 'r1'
const ana: Author = { user: 'ana', name: 'Ana' }
const ben: Author = { user: 'ben', name: 'Ben' }
const admit = async () => {}

let log: MemoryLog
let clock: FakeClock

beforeEach(() => {
  clock = new FakeClock()
  log = new MemoryLog()
  log.open(ROOM, clock.now())
})

afterEach(() => {
  jest.restoreAllMocks()
})

const withoutId = (text: string, author = ana): Draft => ({ author, body: { text } })
const withId = (text: string, clientMessageId: string, after: number, author = ana): Draft => ({
  ...withoutId(text, author),
  clientMessageId,
  after,
})
const send = (draft: Draft, admission = admit) => append(log, clock, ROOM, draft, { admit: admission })

async function fill(messages: number): Promise<void> {
  for (let nr = 1; nr <= messages; nr++) await send(withoutId(`old ${nr}`, ben))
}

async function texts(): Promise<(string | undefined)[]> {
  return (await log.read(ROOM, 1, 1000)).map((entry) => entry.body?.text)
}

async function refusal(sending: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await sending.then(
    () => undefined,
    (code: unknown) => code,
  )
  if (!(error instanceof Refusal)) throw new Error(`The call was not refused: ${String(error)}`)
  return error
}

/** Stores a rival entry at the position of each of the next `times` puts. */
function losePuts(
  times: number,
  rival: (entry: Entry) => Entry = (entry) => ({ ...entry, from: ben, clientMessageId: 'b' }),
) {
  const put = log.put.bind(log)
  return jest.spyOn(log, 'put').mockImplementation(async (roomId, entry) => {
    if (times-- > 0) await put(roomId, rival(entry))
    return put(roomId, entry)
  })
}

/** Stores this number of messages before each read that follows a lost put. */
function addBeforeReads(messages: number) {
  const put = MemoryLog.prototype.put.bind(log)
  const read = log.read.bind(log)
  return jest.spyOn(log, 'read').mockImplementation(async (roomId, from, limit) => {
    if (from > 0) for (let nr = 0; nr < messages; nr++) await put(roomId, { seq: from + nr, sentAt: 0, from: ben })
    return read(roomId, from, limit)
  })
}

describe('a message with an id', () => {
  it('is stored at the next position with its author, id, digest, body and time', async () => {
    await fill(2)
    const appended = await send(withId('hello', 'm1', 1))
    expect(appended).toEqual({
      duplicate: false,
      entry: {
        seq: 3,
        sentAt: clock.now(),
        from: ana,
        clientMessageId: 'm1',
        digest: log.digest({ text: 'hello' }),
        body: { text: 'hello' },
      },
    })
    expect(await log.head(ROOM)).toEqual(appended.entry)
  })

  it('gets position 1 in an empty log', async () => {
    expect((await send(withId('first', 'm1', 0))).entry.seq).toBe(1)
  })

  it('is stored once and returns the same position when it is sent again', async () => {
    const first = await send(withId('hello', 'm1', 0))
    await fill(3)
    expect(await send(withId('hello', 'm1', 0))).toEqual({ entry: first.entry, duplicate: true })
    expect(await texts()).toEqual(['hello', 'old 1', 'old 2', 'old 3'])
  })

  it('is refused if another message has the same id', async () => {
    await send(withId('hello', 'm1', 0))
    expect((await refusal(send(withId('good-bye', 'm1', 0)))).code).toBe('id_reused')
    expect(await texts()).toEqual(['hello'])
  })

  it('is a duplicate even if the fields of its body have another order', async () => {
    await send({ ...withId('', 'm1', 0), body: { text: 'hi', title: 'A story' } })
    expect((await send({ ...withId('', 'm1', 0), body: { title: 'A story', text: 'hi' } })).duplicate).toBe(true)
  })

  it('can have the same id as a message of another author', async () => {
    await send(withId('from Ana', 'm1', 0))
    expect((await send(withId('from Ben', 'm1', 0, ben))).duplicate).toBe(false)
    expect(await texts()).toEqual(['from Ana', 'from Ben'])
  })

  it('is a duplicate even if the name of its author has changed', async () => {
    await send(withId('hello', 'm1', 0))
    expect((await send(withId('hello', 'm1', 0, { user: 'ana', name: 'Ana B.' }))).duplicate).toBe(true)
  })

  it('is a duplicate even if its body was removed', async () => {
    await send(withId('hello', 'm1', 0))
    const read = log.read.bind(log)
    jest
      .spyOn(log, 'read')
      .mockImplementation(async (...args) =>
        (await read(...args)).map(({ body: _gone, ...entry }) => ({ ...entry, removed: { by: 'mod', at: 1 } })),
      )
    expect((await send(withId('hello', 'm1', 0))).duplicate).toBe(true)
    expect((await refusal(send(withId('other', 'm1', 0)))).code).toBe('id_reused')
  })
})

describe('a message without an id', () => {
  it('is stored at the next position without a read of earlier entries', async () => {
    await fill(2)
    const read = jest.spyOn(log, 'read')
    expect((await send(withoutId('hello'))).entry).toMatchObject({ seq: 3, from: ana })
    expect(read).not.toHaveBeenCalled()
  })

  it('is never a duplicate of an equal message', async () => {
    await send(withoutId('ok'))
    expect(await send(withoutId('ok'))).toMatchObject({ duplicate: false, entry: { seq: 2 } })
  })
})

describe('a room without a log', () => {
  it.each([withoutId('hello'), withId('hello', 'm1', 0)])('refuses every message', async (draft) => {
    const sending = append(log, clock, 'nowhere', draft, { admit })
    expect((await refusal(sending)).code).toBe('not_joined')
    expect(await log.head('nowhere')).toBeUndefined()
  })
})

describe('a put that loses a race', () => {
  it('tries the next position', async () => {
    losePuts(1)
    expect(await send(withId('hello', 'm1', 0))).toMatchObject({ duplicate: false, entry: { seq: 2 } })
    expect(clock.slept).toEqual([])
  })

  it('returns the position of its own earlier put', async () => {
    losePuts(1, (entry) => entry)
    expect(await send(withId('hello', 'm1', 0))).toMatchObject({ duplicate: true, entry: { seq: 1 } })
    expect(await texts()).toEqual(['hello'])
  })

  it('is refused if the rival has its id and another body', async () => {
    losePuts(1, (entry) => ({ ...entry, digest: 'another' }))
    expect((await refusal(send(withId('hello', 'm1', 0)))).code).toBe('id_reused')
  })

  it('waits for a random time after the second loss and searches the new entries for its own', async () => {
    clock.chance = 0.5
    const digest = log.digest({ text: 'hello' })
    const put = losePuts(2)
    const read = log.read.bind(log)
    jest.spyOn(log, 'read').mockImplementation(async (roomId, from, limit) => {
      if (from === 3) await log.put(ROOM, { seq: 3, sentAt: 0, from: ana, clientMessageId: 'm1', digest })
      return read(roomId, from, limit)
    })
    expect(await send(withId('hello', 'm1', 0))).toMatchObject({ duplicate: true, entry: { seq: 3 } })
    expect(clock.slept).toEqual([8])
    expect(put.mock.calls.map(([, entry]) => entry.seq)).toEqual([1, 2, 3])
  })

  it('fails as unavailable with a retry time after eight losses', async () => {
    clock.chance = 0.999
    const put = losePuts(100)
    const { code, retryAfterMs } = await refusal(send(withId('hello', 'm1', 0)))
    expect({ code, retryAfterMs }).toEqual({ code: 'unavailable', retryAfterMs: 499 })
    expect(put).toHaveBeenCalledTimes(8)
    expect(clock.slept.map(Math.round)).toEqual([16, 24, 32, 40, 48, 56])
    expect(await texts()).toHaveLength(8)
  })

  it('fails as unavailable after two and a half seconds', async () => {
    const put = losePuts(100, (entry) => {
      clock.time += 900
      return { ...entry, from: ben }
    })
    expect((await refusal(send(withId('hello', 'm1', 0)))).code).toBe('unavailable')
    expect(put).toHaveBeenCalledTimes(3)
  })

  it('is not tried if this time has passed before', async () => {
    const put = jest.spyOn(log, 'put')
    const admitSlowly = async () => {
      clock.time += 2500
    }
    expect((await refusal(send(withoutId('hello'), admitSlowly))).code).toBe('unavailable')
    expect(put).not.toHaveBeenCalled()
  })

  it('continues after all new entries', async () => {
    const put = losePuts(2)
    addBeforeReads(5)
    expect((await send(withId('hello', 'm1', 0))).entry.seq).toBe(8)
    expect(put).toHaveBeenCalledTimes(3)
  })

  it('reads at most 200 entries and then fails as unavailable', async () => {
    const put = losePuts(100)
    const read = addBeforeReads(120)
    expect((await refusal(send(withId('hello', 'm1', 0)))).code).toBe('unavailable')
    expect(read.mock.calls.map(([, from, limit]) => [from, limit])).toEqual([
      [0, 202],
      [3, 200],
      [124, 80],
    ])
    expect(put).toHaveBeenCalledTimes(4)
  })

  it('fails with an error if the new entries have a gap', async () => {
    losePuts(2)
    const read = log.read.bind(log)
    jest.spyOn(log, 'read').mockImplementation(async (roomId, from, limit) => {
      if (from > 0) return [{ seq: from + 1, sentAt: 0 }]
      return read(roomId, from, limit)
    })
    await expect(send(withId('hello', 'm1', 0))).rejects.toThrow('hole')
  })

  it('is found by a retry with the same id and `after`', async () => {
    const put = log.put.bind(log)
    jest.spyOn(log, 'put').mockImplementationOnce(async (...args) => {
      await put(...args)
      throw new Error('No answer.')
    })
    await expect(send(withId('hello', 'm1', 0))).rejects.toThrow('No answer.')
    expect(await send(withId('hello', 'm1', 0))).toMatchObject({ duplicate: true, entry: { seq: 1 } })
  })
})

describe('the time of a message', () => {
  it('is never earlier than that of the previous message', async () => {
    const { entry: first } = await send(withoutId('first'))
    clock.time -= 60_000
    const { entry: second } = await send(withId('second', 'm1', 0))
    expect(second.sentAt).toBe(first.sentAt)
  })

  it('is never earlier than that of the message that won the race', async () => {
    const later = clock.now() + 60_000
    losePuts(1, (entry) => ({ ...entry, from: ben, sentAt: later }))
    expect((await send(withId('hello', 'm1', 0))).entry.sentAt).toBe(later)
  })
})
