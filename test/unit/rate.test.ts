import * as fc from 'fast-check'
import { RateLimiter } from '../../lambdas/domain/budget/limiter.ts'
import { type Rates, tagOf } from '../../lambdas/domain/budget/rate.ts'
import { take } from '../../lambdas/domain/budget/room-rate.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { append } from '../../lambdas/domain/log/append.ts'
import type { Entry } from '../../lambdas/domain/log/entry.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemoryLog } from '../support/memory/log.ts'

const rates: Rates = { room: { perSecond: 50, burst: 100 }, author: { perSecond: 5, burst: 20 } }
const small: Rates = { room: { perSecond: 10, burst: 5 }, author: { perSecond: 4, burst: 3 } }
const users = ['ana', 'ben', 'eve', 'kim', 'sam', 'zoë']

interface Step {
  user: string
  waitMs: number
  /** The error of this sender's clock. */
  skewMs: number
}

const stepsOf = (maxSkewMs: number, maxWaitMs = 400) =>
  fc.array(
    fc.record({
      user: fc.constantFrom(...users),
      waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: maxWaitMs })),
      skewMs: fc.integer({ min: -maxSkewMs, max: maxSkewMs }),
    }),
    { minLength: 1, maxLength: 150 },
  )

/** Sends messages by users with different clocks. Returns the stored entries and the wait of each refused message. */
async function sendAll(steps: Step[], limits: Rates) {
  const [log, clock] = [new MemoryLog(), new FakeClock()]
  log.open('r', clock.now())
  const refused: number[] = []
  let time = clock.now()
  clock.chance = 0.999
  for (const { user, waitMs, skewMs } of steps) {
    time += waitMs
    clock.time = time + skewMs
    const draft = { author: { user, name: user }, body: { text: 'x' } }
    await append(log, clock, 'r', draft, { admit: async () => undefined, limits: { rates: limits } }).catch(
      (error: unknown) => {
        if (!(error instanceof Refusal) || error.code !== 'rate_limited') throw error
        refused.push(error.retryAfterMs ?? Number.NaN)
      },
    )
  }
  return { entries: await log.read('r', 1, 1000), refused }
}

/** The maximum excess of any range of these entries over the number that its duration allows. */
function excess(entries: Entry[], { perSecond, burst }: Rates['room']): number {
  let maximum = Number.NEGATIVE_INFINITY
  for (const [first, { sentAt: from }] of entries.entries()) {
    for (const [at, { sentAt }] of entries.slice(first).entries()) {
      maximum = Math.max(maximum, at + 1 - burst - (perSecond * (sentAt - from)) / 1000)
    }
  }
  return maximum
}

const entriesOf = (entries: Entry[], user: string) => entries.filter(({ from }) => from?.user === user)

describe('a room', () => {
  it('never accepts more than the burst and the rate in any range of its log, of all authors or of one', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(0), async (steps) => {
        const { entries } = await sendAll(steps, small)
        expect(excess(entries, small.room)).toBeLessThanOrEqual(0)
        for (const user of users) expect(excess(entriesOf(entries, user), small.author)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('never accepts more while clocks differ by up to a second', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(500), async (steps) => {
        const { entries } = await sendAll(steps, small)
        expect(excess(entries, small.room)).toBeLessThanOrEqual(0)
        for (const user of users) expect(excess(entriesOf(entries, user), small.author)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('never refuses authors who keep to the rate', async () => {
    const slowSteps = stepsOf(0).map((steps) => steps.map((step) => ({ ...step, waitMs: step.waitMs + 250 })))
    await fc.assert(
      fc.asyncProperty(slowSteps, async (steps) => {
        expect((await sendAll(steps, small)).refused).toEqual([])
      }),
    )
  })

  it('treats each author as if there were no others, as long as the rate of the room is not reached', async () => {
    const largeRoomRate = { ...small, room: { perSecond: 1000, burst: 1000 } }
    await fc.assert(
      fc.asyncProperty(stepsOf(0), async (steps) => {
        const { entries } = await sendAll(steps, largeRoomRate)
        const timed = steps.map((step, at) => ({
          ...step,
          at: steps.slice(0, at + 1).reduce((sum, { waitMs }) => sum + waitMs, 0),
        }))
        for (const user of users) {
          const ownSteps = timed.filter((step) => step.user === user)
          const alone = ownSteps.map((step, nr) => ({ ...step, waitMs: step.at - (ownSteps[nr - 1]?.at ?? 0) }))
          const times = (all: Entry[]) => all.map(({ sentAt }) => sentAt)
          expect(times(entriesOf(entries, user))).toEqual(times((await sendAll(alone, largeRoomRate)).entries))
        }
      }),
    )
  })

  it('asks for a wait of at most a second, the spread and one message, with any clocks', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(60_000), async (steps) => {
        const { refused } = await sendAll(steps, small)
        expect(refused.filter((retryAfterMs) => retryAfterMs > 1000 + 4000 + 250)).toEqual([])
      }),
    )
  })
})

describe('a clock that is a minute fast', () => {
  it('does not block senders with a correct clock', async () => {
    const fast = { user: 'eve', waitMs: 0, skewMs: 60_000 }
    const right = Array.from({ length: 110 }, () => ({ user: 'ana', waitMs: 500, skewMs: 0 }))
    const { refused, entries } = await sendAll([fast, ...right], rates)
    expect([refused, entries.length]).toEqual([[], 111])
  })
})

describe('the rate limiter of an environment', () => {
  it('admits the burst and then the rate, for each key separately', () => {
    const clock = new FakeClock()
    const limiter = new RateLimiter({ perSecond: 5, burst: 20 }, clock)
    for (let nr = 0; nr < 20; nr++) {
      expect(limiter.waitMs('ana')).toBe(0)
      limiter.take('ana')
    }
    expect([limiter.waitMs('ana'), limiter.waitMs('ben')]).toEqual([200, 0])
    clock.time += 150
    expect(limiter.waitMs('ana')).toBe(50)
    clock.time += 50
    expect(limiter.waitMs('ana')).toBe(0)
  })

  it('refuses with the time to wait and counts only what it admits', () => {
    const clock = new FakeClock()
    const limiter = new RateLimiter({ perSecond: 10, burst: 100 }, clock)
    for (let nr = 0; nr < 100; nr++) take(limiter, 'connection')
    for (let nr = 0; nr < 100; nr++) {
      expect(() => take(limiter, 'connection')).toThrow(expect.objectContaining({ retryAfterMs: 100 }))
    }
    clock.time += 100
    take(limiter, 'connection')
  })

  it('does not make anyone wait longer after the clock is set back', () => {
    const clock = new FakeClock()
    const limiter = new RateLimiter({ perSecond: 5, burst: 1 }, clock)
    limiter.take('ana')
    clock.time -= 60_000
    expect(limiter.waitMs('ana')).toBe(200)
  })

  it('forgets the key that was used least recently when it is full', () => {
    const limiter = new RateLimiter({ perSecond: 5, burst: 1 }, new FakeClock(), 2)
    for (const user of ['ana', 'ben', 'ana', 'eve']) limiter.take(user)
    expect(['ana', 'ben', 'eve'].map((user) => limiter.waitMs(user) > 0)).toEqual([true, false, true])
  })
})

describe('the tag of an author', () => {
  it('is short and unique', () => {
    const tags = Array.from({ length: 1000 }, (_, nr) => tagOf(`user ${nr}`))
    expect(new Set(tags).size).toBe(1000)
    expect(tags.every((tag) => /^[0-9a-z]{1,7}$/.test(tag))).toBe(true)
  })
})
