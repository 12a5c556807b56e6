import { Refusal } from '../../lambdas/domain/errors.ts'
import { append, type Draft } from '../../lambdas/domain/log/append.ts'
import type { Author, Entry } from '../../lambdas/domain/log/entry.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

const ROOM = 'r1'
const ana: Author = { user: 'ana', name: 'Ana' }
const ben: Author = { user: 'ben', name: 'Ben' }
const welcome = async () => {}

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

const bare = (text: string, author = ana): Draft => ({ author, body: { text } })
const named = (text: string, clientMessageId: string, after: number, author = ana): Draft => ({
  ...bare(text, author),
  clientMessageId,
  after,
})
const send = (draft: Draft, admitted = welcome) => append(log, clock, ROOM, draft, { admit: admitted })

async function fill(messages: number): Promise<void> {
  for (let nr = 1; nr <= messages; nr++) await send(bare(`old ${nr}`, ben))
}

async function texts(): Promise<(string | undefined)[]> {
  return (await log.read(ROOM, 1, 1000)).map((entry) => entry.body?.text)
}

async function refusal(sending: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await sending.then(
    () => undefined,
    (code: unknown) => code,
  )
  if (!(error instanceof Refusal)) throw new Error(`Not refused: ${String(error)}`)
  return error
}

/** Lets somebody else take the position a put is meant for, as often as told. */
function beat(
  times: number,
  rival: (entry: Entry) => Entry = (entry) => ({ ...entry, from: ben, clientMessageId: 'b' }),
) {
  const put = log.put.bind(log)
  return jest.spyOn(log, 'put').mockImplementation(async (roomId, entry) => {
    if (times-- > 0) await put(roomId, rival(entry))
    return put(roomId, entry)
  })
}

/** Lets others store that many messages just before a beaten put looks again. */
function passingBy(messages: number) {
  const put = MemoryLog.prototype.put.bind(log)
  const read = log.read.bind(log)
  return jest.spyOn(log, 'read').mockImplementation(async (roomId, from, limit) => {
    if (from > 0) for (let nr = 0; nr < messages; nr++) await put(roomId, { seq: from + nr, sentAt: 0, from: ben })
    return read(roomId, from, limit)
  })
}

describe('A message with an id', () => {
  it('takes the position behind the newest one, with author, id, digest, body and the time', async () => {
    await fill(2)
    const appended = await send(named('hello', 'm1', 1))
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

  it('opens the log behind position 0', async () => {
    expect((await send(named('first', 'm1', 0))).entry.seq).toBe(1)
  })

  it('answers the same position when it is sent again, and stands there once', async () => {
    const first = await send(named('hello', 'm1', 0))
    await fill(3)
    expect(await send(named('hello', 'm1', 0))).toEqual({ entry: first.entry, duplicate: true })
    expect(await texts()).toEqual(['hello', 'old 1', 'old 2', 'old 3'])
  })

  it('is told apart from another message under the same id', async () => {
    await send(named('hello', 'm1', 0))
    expect((await refusal(send(named('good-bye', 'm1', 0)))).code).toBe('id_reused')
    expect(await texts()).toEqual(['hello'])
  })

  it('is the same message however its body is arranged', async () => {
    await send({ ...named('', 'm1', 0), body: { text: 'hi', title: 'A story' } })
    expect((await send({ ...named('', 'm1', 0), body: { title: 'A story', text: 'hi' } })).duplicate).toBe(true)
  })

  it('shares its id with other authors freely', async () => {
    await send(named('from Ana', 'm1', 0))
    expect((await send(named('from Ben', 'm1', 0, ben))).duplicate).toBe(false)
    expect(await texts()).toEqual(['from Ana', 'from Ben'])
  })

  it('is still recognised after its author changed name', async () => {
    await send(named('hello', 'm1', 0))
    expect((await send(named('hello', 'm1', 0, { user: 'ana', name: 'Ana B.' }))).duplicate).toBe(true)
  })

  it('is still recognised after its body was removed', async () => {
    await send(named('hello', 'm1', 0))
    const read = log.read.bind(log)
    jest
      .spyOn(log, 'read')
      .mockImplementation(async (...where) =>
        (await read(...where)).map(({ body: _gone, ...entry }) => ({ ...entry, removed: { by: 'mod', at: 1 } })),
      )
    expect((await send(named('hello', 'm1', 0))).duplicate).toBe(true)
    expect((await refusal(send(named('other', 'm1', 0)))).code).toBe('id_reused')
  })
})

describe('A message without an id', () => {
  it('follows the newest one and reads no page', async () => {
    await fill(2)
    const read = jest.spyOn(log, 'read')
    expect((await send(bare('hello'))).entry).toMatchObject({ seq: 3, from: ana })
    expect(read).not.toHaveBeenCalled()
  })

  it('is never taken for one that said the same before', async () => {
    await send(bare('ok'))
    expect(await send(bare('ok'))).toMatchObject({ duplicate: false, entry: { seq: 2 } })
  })
})

describe('A room without a log', () => {
  it.each([bare('hello'), named('hello', 'm1', 0)])('has nobody in it who could send', async (draft) => {
    const sending = append(log, clock, 'nowhere', draft, { admit: welcome })
    expect((await refusal(sending)).code).toBe('not_joined')
    expect(await log.head('nowhere')).toBeUndefined()
  })
})

describe('A put that is beaten', () => {
  it('goes on behind the entry that beat it', async () => {
    beat(1)
    expect(await send(named('hello', 'm1', 0))).toMatchObject({ duplicate: false, entry: { seq: 2 } })
    expect(clock.slept).toEqual([])
  })

  it('answers the position of its own earlier put', async () => {
    beat(1, (entry) => entry)
    expect(await send(named('hello', 'm1', 0))).toMatchObject({ duplicate: true, entry: { seq: 1 } })
    expect(await texts()).toEqual(['hello'])
  })

  it('is refused when what stands there bears its id and says something else', async () => {
    beat(1, (entry) => ({ ...entry, digest: 'another' }))
    expect((await refusal(send(named('hello', 'm1', 0)))).code).toBe('id_reused')
  })

  it('waits a random while from the second time on, and looks for itself in what has passed', async () => {
    clock.chance = 0.5
    const digest = log.digest({ text: 'hello' })
    const put = beat(2)
    const read = log.read.bind(log)
    jest.spyOn(log, 'read').mockImplementation(async (roomId, from, limit) => {
      if (from === 3) await log.put(ROOM, { seq: 3, sentAt: 0, from: ana, clientMessageId: 'm1', digest })
      return read(roomId, from, limit)
    })
    expect(await send(named('hello', 'm1', 0))).toMatchObject({ duplicate: true, entry: { seq: 3 } })
    expect(clock.slept).toEqual([8])
    expect(put.mock.calls.map(([, entry]) => entry.seq)).toEqual([1, 2, 3])
  })

  it('gives up after eight times, and says when to ask again', async () => {
    clock.chance = 0.999
    const put = beat(100)
    const { code, retryAfterMs } = await refusal(send(named('hello', 'm1', 0)))
    expect({ code, retryAfterMs }).toEqual({ code: 'unavailable', retryAfterMs: 499 })
    expect(put).toHaveBeenCalledTimes(8)
    expect(clock.slept.map(Math.round)).toEqual([16, 24, 32, 40, 48, 56])
    expect(await texts()).toHaveLength(8)
  })

  it('gives up after two and a half seconds', async () => {
    const put = beat(100, (entry) => {
      clock.time += 900
      return { ...entry, from: ben }
    })
    expect((await refusal(send(named('hello', 'm1', 0)))).code).toBe('unavailable')
    expect(put).toHaveBeenCalledTimes(3)
  })

  it('is not even tried when that time went by before', async () => {
    const put = jest.spyOn(log, 'put')
    const slowly = async () => {
      clock.time += 2500
    }
    expect((await refusal(send(bare('hello'), slowly))).code).toBe('unavailable')
    expect(put).not.toHaveBeenCalled()
  })

  it('goes on behind all that has passed in the meantime', async () => {
    const put = beat(2)
    passingBy(5)
    expect((await send(named('hello', 'm1', 0))).entry.seq).toBe(8)
    expect(put).toHaveBeenCalledTimes(3)
  })

  it('looks through no more than 200 entries in all, and then gives up', async () => {
    const put = beat(100)
    const read = passingBy(120)
    expect((await refusal(send(named('hello', 'm1', 0)))).code).toBe('unavailable')
    expect(read.mock.calls.map(([, from, limit]) => [from, limit])).toEqual([
      [0, 202],
      [3, 200],
      [124, 80],
    ])
    expect(put).toHaveBeenCalledTimes(4)
  })

  it('is an alarm when what has passed shows a hole that stays', async () => {
    beat(2)
    const read = log.read.bind(log)
    jest.spyOn(log, 'read').mockImplementation(async (roomId, from, limit) => {
      if (from > 0) return [{ seq: from + 1, sentAt: 0 }]
      return read(roomId, from, limit)
    })
    await expect(send(named('hello', 'm1', 0))).rejects.toThrow('hole')
  })

  it('finds by the same id and `after` what it stored before it gave up', async () => {
    const put = log.put.bind(log)
    jest.spyOn(log, 'put').mockImplementationOnce(async (...what) => {
      await put(...what)
      throw new Error('No answer.')
    })
    await expect(send(named('hello', 'm1', 0))).rejects.toThrow('No answer.')
    expect(await send(named('hello', 'm1', 0))).toMatchObject({ duplicate: true, entry: { seq: 1 } })
  })
})

describe('The time of a message', () => {
  it('is never earlier than that of the message before it', async () => {
    const { entry: first } = await send(bare('first'))
    clock.time -= 60_000
    const { entry: second } = await send(named('second', 'm1', 0))
    expect(second.sentAt).toBe(first.sentAt)
  })

  it('is never earlier than that of the message which beat it', async () => {
    const later = clock.now() + 60_000
    beat(1, (entry) => ({ ...entry, from: ben, sentAt: later }))
    expect((await send(named('hello', 'm1', 0))).entry.sentAt).toBe(later)
  })
})
