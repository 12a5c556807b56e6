import { RateLimiter } from '../../lambdas/domain/budget/limiter.ts'
import type { Rates } from '../../lambdas/domain/budget/rate.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { append, type Draft } from '../../lambdas/domain/log/append.ts'
import type { Entry } from '../../lambdas/domain/log/entry.ts'
import type { Log } from '../../lambdas/domain/log/log.ts'
import { placeholder } from '../../lambdas/domain/log/placeholder.ts'
import { appendRemoval, redactAll } from '../../lambdas/domain/log/removals.ts'
import { toItem } from '../../lambdas/store/entries.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

const rates: Rates = { room: { perSecond: 50, burst: 100 }, author: { perSecond: 5, burst: 20 } }
const root = { user: 'root', name: 'Root' }

let log: MemoryLog
let clock: FakeClock

beforeEach(() => {
  clock = new FakeClock()
  log = new MemoryLog()
  log.open('r', clock.now())
})

afterEach(() => {
  jest.restoreAllMocks()
})

const draftOf = (user: string, more: Partial<Draft> = {}): Draft => ({
  author: { user, name: user },
  body: { text: 'hello' },
  ...more,
})
const send = (draft: Draft, through: Log = log, authors?: RateLimiter) =>
  append(through, clock, 'r', draft, { admit: async () => undefined, limits: { rates, authors } })
const sendAs = (user: string, more?: Partial<Draft>) => send(draftOf(user, more))
const head = async () => (await log.head('r'))?.seq

async function times(count: number, task: (nr: number) => Promise<unknown>): Promise<void> {
  for (let nr = 0; nr < count; nr++) await task(nr)
}

async function refusal(sending: Promise<unknown>) {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Refusal)) throw new Error(`The call was not refused: ${String(error)}`)
  return { code: error.code, retryAfterMs: error.retryAfterMs }
}

const tooFast = (retryAfterMs: number) => ({ code: 'rate_limited', retryAfterMs })

describe('an author', () => {
  it('can send 20 messages at once and then one per 200 ms, without blocking other authors', async () => {
    await times(20, () => sendAs('ana'))
    expect(await refusal(sendAs('ana'))).toEqual(tooFast(200))
    await sendAs('ben')
    clock.time += 199
    expect(await refusal(sendAs('ana'))).toEqual(tooFast(1))
    clock.time += 1
    await sendAs('ana')
    expect(await refusal(sendAs('ana'))).toEqual(tooFast(200))
    expect(await head()).toBe(22)
  })

  it('gets the reply for a stored message at any rate', async () => {
    await times(20, (nr) => sendAs('ana', { clientMessageId: `m${nr}`, after: 0 }))
    const again = await sendAs('ana', { clientMessageId: 'm3', after: 0 })
    expect(again).toMatchObject({ duplicate: true, entry: { seq: 4 } })
    expect((await refusal(sendAs('ana', { clientMessageId: 'm20', after: 0 }))).code).toBe('rate_limited')
  })

  it('gets a conflict rather than a rate limit if both apply', async () => {
    await times(20, () => sendAs('ana'))
    expect((await refusal(sendAs('ana', { ifHead: 19 }))).code).toBe('conflict')
    expect((await refusal(sendAs('ana', { ifHead: 20 }))).code).toBe('rate_limited')
  })

  it('is limited over all rooms by the messages admitted in this environment', async () => {
    const authors = new RateLimiter(rates.author, clock)
    await times(20, async (nr) => {
      log.open(`r${nr}`, clock.now())
      await append(log, clock, `r${nr}`, draftOf('ana'), { admit: async () => undefined, limits: { rates, authors } })
    })
    expect(await refusal(send(draftOf('ana'), log, authors))).toEqual(tooFast(200))
    await times(50, () => refusal(send(draftOf('ana'), log, authors)))
    clock.time += 200
    const withId = { clientMessageId: 'm', after: 0 }
    await send(draftOf('ana', withId), log, authors)
    await times(50, () => send(draftOf('ana', withId), log, authors))
    clock.time += 200
    await send(draftOf('ana'), log, authors)
  })
})

describe('a room', () => {
  const sendAsUser = (nr: number) => sendAs(`user ${nr}`)

  it('accepts 100 messages at once and then one per 20 ms, and spreads retries over four seconds', async () => {
    await times(100, sendAsUser)
    expect(await refusal(sendAsUser(100))).toEqual(tooFast(20))
    clock.chance = 0.5
    expect(await refusal(sendAsUser(100))).toEqual(tooFast(2020))
    clock.time += 20
    await sendAsUser(100)
    expect((await refusal(sendAsUser(101))).code).toBe('rate_limited')
    expect(await head()).toBe(101)
  })

  it('costs one read and no write for a refused message', async () => {
    await times(100, sendAsUser)
    const [put, read] = [jest.spyOn(log, 'put'), jest.spyOn(log, 'read')]
    await refusal(sendAs('late', { clientMessageId: 'm', after: 99 }))
    expect([put.mock.calls.length, read.mock.calls.length]).toEqual([0, 1])
  })

  it('refuses a message if another one wins the race for the last place', async () => {
    await times(99, sendAsUser)
    const put = log.put.bind(log)
    let rivals = 1
    const spy = jest.spyOn(log, 'put').mockImplementation(async (roomId, entry) => {
      if (rivals-- > 0) await sendAsUser(99)
      return put(roomId, entry)
    })
    expect((await refusal(sendAs('late'))).code).toBe('rate_limited')
    // The put of the rival and the put that failed.
    expect(spy).toHaveBeenCalledTimes(2)
    expect(await head()).toBe(100)
  })

  it('stores no rate use while it is quiet, and at most 1.5 KB when 100 users send at once', async () => {
    await sendAs('ana')
    clock.time += 200
    expect((await sendAs('ben')).entry).not.toHaveProperty('spent')
    clock.time += 200
    await times(100, sendAsUser)
    const last = await log.head('r')
    expect(last?.spent?.room).toBe(2000)
    expect(JSON.stringify(last?.spent).length).toBeLessThan(1536)
  })
})

describe('the rate use', () => {
  /** Brings the room to its limit. If the use were lost, the next message would be accepted. */
  const fillRate = () => times(100, (nr) => sendAs(`user ${nr}`))
  const lastEntry = async (): Promise<Entry> => {
    const entry = await log.head('r')
    if (!entry) throw new Error('The log is empty.')
    return entry
  }

  it('is kept by a removal, which is never refused and adds nothing', async () => {
    await fillRate()
    const before = (await lastEntry()).spent
    await appendRemoval(log, clock, 'r', { by: root, removes: [1] }, { rates })
    expect(await lastEntry()).toMatchObject({ seq: 101, removes: [1], spent: before })
    expect(await refusal(sendAs('late'))).toEqual(tooFast(20))
    clock.time += 20
    await sendAs('late')
  })

  it('is not stored with a removal in a quiet room', async () => {
    await appendRemoval(log, clock, 'r', { by: root, removes: [] }, { rates })
    expect(await lastEntry()).not.toHaveProperty('spent')
    expect((await sendAs('ana')).entry).not.toHaveProperty('spent')
  })

  it('is stored with a removal even if the message before it has none', async () => {
    await sendAs('ana')
    await appendRemoval(log, clock, 'r', { by: root, removes: [1] }, { rates })
    expect((await lastEntry()).spent).toMatchObject({ room: 20 })
  })

  it('remains when the body of its message is removed', async () => {
    await fillRate()
    const { spent, seq } = await lastEntry()
    expect(await redactAll(log, 'r', { seq: 101, sentAt: clock.now(), from: root, removes: [seq] })).toBe(1)
    const entry = await lastEntry()
    expect([entry.body, entry.spent]).toEqual([undefined, spent])
    expect((await refusal(sendAs('late'))).code).toBe('rate_limited')
  })

  it('is stored with a placeholder too', async () => {
    const draft = (nr: number) => draftOf(`user ${nr}`)
    const sendUnlogged = (nr: number) =>
      append(log, clock, 'r', draft(nr), { admit: async () => undefined, toEntry: placeholder, limits: { rates } })
    await times(100, sendUnlogged)
    expect((await lastEntry()).body).toBeUndefined()
    expect((await refusal(sendUnlogged(100))).code).toBe('rate_limited')
  })

  it('is a separate attribute in the table', async () => {
    await times(2, () => sendAs('ana'))
    const { spent } = await lastEntry()
    expect(toItem(await lastEntry())).toMatchObject({ spent })
    expect(spent).toEqual({ room: 40, authors: { [Object.keys(spent?.authors ?? {})[0] ?? '']: 400 } })
  })
})
