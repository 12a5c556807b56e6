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
import { MemoryMessages } from '../support/memory/messages.ts'

const rates: Rates = { room: { perSecond: 50, burst: 100 }, author: { perSecond: 5, burst: 20 } }
const root = { user: 'root', name: 'Root' }

let log: MemoryMessages
let clock: FakeClock

beforeEach(() => {
  clock = new FakeClock()
  log = new MemoryMessages()
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
const say = (user: string, more?: Partial<Draft>) => send(draftOf(user, more))
const head = async () => (await log.head('r'))?.seq

async function times(count: number, act: (nr: number) => Promise<unknown>): Promise<void> {
  for (let nr = 0; nr < count; nr++) await act(nr)
}

async function refusal(sending: Promise<unknown>) {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Refusal)) throw new Error(`Not refused: ${String(error)}`)
  return { code: error.code, retryAfterMs: error.retryAfterMs }
}

const tooFast = (retryAfterMs: number) => ({ code: 'rate_limited', retryAfterMs })

describe('An author', () => {
  it('may say 20 at once and then one each 200 ms, and keeps nobody else from speaking', async () => {
    await times(20, () => say('ana'))
    expect(await refusal(say('ana'))).toEqual(tooFast(200))
    await say('ben')
    clock.time += 199
    expect(await refusal(say('ana'))).toEqual(tooFast(1))
    clock.time += 1
    await say('ana')
    expect(await refusal(say('ana'))).toEqual(tooFast(200))
    expect(await head()).toBe(22)
  })

  it('gets the answer to a message that is stored, however fast it comes again', async () => {
    await times(20, (nr) => say('ana', { clientMessageId: `m${nr}`, after: 0 }))
    const again = await say('ana', { clientMessageId: 'm3', after: 0 })
    expect(again).toMatchObject({ duplicate: true, entry: { seq: 4 } })
    expect((await refusal(say('ana', { clientMessageId: 'm20', after: 0 }))).code).toBe('rate_limited')
  })

  it('learns that the room has moved on before learning to be slower', async () => {
    await times(20, () => say('ana'))
    expect((await refusal(say('ana', { ifHead: 19 }))).code).toBe('conflict')
    expect((await refusal(say('ana', { ifHead: 20 }))).code).toBe('rate_limited')
  })

  it('is held back over all rooms by what this environment has let in, and by nothing else', async () => {
    const authors = new RateLimiter(rates.author, clock)
    await times(20, async (nr) => {
      log.open(`r${nr}`, clock.now())
      await append(log, clock, `r${nr}`, draftOf('ana'), { admit: async () => undefined, limits: { rates, authors } })
    })
    expect(await refusal(send(draftOf('ana'), log, authors))).toEqual(tooFast(200))
    await times(50, () => refusal(send(draftOf('ana'), log, authors)))
    clock.time += 200
    const named = { clientMessageId: 'm', after: 0 }
    await send(draftOf('ana', named), log, authors)
    await times(50, () => send(draftOf('ana', named), log, authors))
    clock.time += 200
    await send(draftOf('ana'), log, authors)
  })
})

describe('A room', () => {
  const crowd = (nr: number) => say(`user ${nr}`)

  it('takes 100 at once and then one each 20 ms; the refused come back spread over four seconds', async () => {
    await times(100, crowd)
    expect(await refusal(crowd(100))).toEqual(tooFast(20))
    clock.chance = 0.5
    expect(await refusal(crowd(100))).toEqual(tooFast(2020))
    clock.time += 20
    await crowd(100)
    expect((await refusal(crowd(101))).code).toBe('rate_limited')
    expect(await head()).toBe(101)
  })

  it('has nothing read or written for a refusal beyond the one look', async () => {
    await times(100, crowd)
    const [put, read] = [jest.spyOn(log, 'put'), jest.spyOn(log, 'read')]
    await refusal(say('late', { clientMessageId: 'm', after: 99 }))
    expect([put.mock.calls.length, read.mock.calls.length]).toEqual([0, 1])
  })

  it('refuses whoever lost the last place to somebody else', async () => {
    await times(99, crowd)
    const put = log.put.bind(log)
    let rivals = 1
    const spy = jest.spyOn(log, 'put').mockImplementation(async (roomId, entry) => {
      if (rivals-- > 0) await crowd(99)
      return put(roomId, entry)
    })
    expect((await refusal(say('late'))).code).toBe('rate_limited')
    // The rival's put and the one that lost to it.
    expect(spy).toHaveBeenCalledTimes(2)
    expect(await head()).toBe(100)
  })

  it('costs no byte while it is quiet, and a kilobyte and a half when 100 people speak at once', async () => {
    await say('ana')
    clock.time += 200
    expect((await say('ben')).entry).not.toHaveProperty('spent')
    clock.time += 200
    await times(100, crowd)
    const last = await log.head('r')
    expect(last?.spent?.room).toBe(2000)
    expect(JSON.stringify(last?.spent).length).toBeLessThan(1536)
  })
})

describe('What is used', () => {
  /** Everybody who speaks in a room at its limit is refused, so what was forgotten would let somebody in. */
  const full = () => times(100, (nr) => say(`user ${nr}`))
  const lastEntry = async (): Promise<Entry> => {
    const entry = await log.head('r')
    if (!entry) throw new Error('There is nothing in the log.')
    return entry
  }

  it('is carried on by a removal, which is never refused and uses nothing', async () => {
    await full()
    const before = (await lastEntry()).spent
    await appendRemoval(log, clock, 'r', { by: root, removes: [1] }, { rates })
    expect(await lastEntry()).toMatchObject({ seq: 101, removes: [1], spent: before })
    expect(await refusal(say('late'))).toEqual(tooFast(20))
    clock.time += 20
    await say('late')
  })

  it('is not counted from a removal in a quiet room', async () => {
    await appendRemoval(log, clock, 'r', { by: root, removes: [] }, { rates })
    expect(await lastEntry()).not.toHaveProperty('spent')
    expect((await say('ana')).entry).not.toHaveProperty('spent')
  })

  it('is carried by a removal though the message before it says nothing of it', async () => {
    await say('ana')
    await appendRemoval(log, clock, 'r', { by: root, removes: [1] }, { rates })
    expect((await lastEntry()).spent).toMatchObject({ room: 20 })
  })

  it('outlives the body of the message that carries it', async () => {
    await full()
    const { spent, seq } = await lastEntry()
    expect(await redactAll(log, 'r', { seq: 101, sentAt: clock.now(), from: root, removes: [seq] })).toBe(1)
    const entry = await lastEntry()
    expect([entry.body, entry.spent]).toEqual([undefined, spent])
    expect((await refusal(say('late'))).code).toBe('rate_limited')
  })

  it('is kept in a placeholder', async () => {
    const draft = (nr: number) => draftOf(`user ${nr}`)
    const sendUnlogged = (nr: number) =>
      append(log, clock, 'r', draft(nr), { admit: async () => undefined, toEntry: placeholder, limits: { rates } })
    await times(100, sendUnlogged)
    expect((await lastEntry()).body).toBeUndefined()
    expect((await refusal(sendUnlogged(100))).code).toBe('rate_limited')
  })

  it('is an attribute of its own in the table', async () => {
    await times(2, () => say('ana'))
    const { spent } = await lastEntry()
    expect(toItem(await lastEntry())).toMatchObject({ spent })
    expect(spent).toEqual({ room: 40, authors: { [Object.keys(spent?.authors ?? {})[0] ?? '']: 400 } })
  })
})
