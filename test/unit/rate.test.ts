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
  /** How far this writer's clock is off. */
  skewMs: number
}

const stepsOf = (mostSkewMs: number, mostWaitMs = 400) =>
  fc.array(
    fc.record({
      user: fc.constantFrom(...users),
      waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: mostWaitMs })),
      skewMs: fc.integer({ min: -mostSkewMs, max: mostSkewMs }),
    }),
    { minLength: 1, maxLength: 150 },
  )

/** A log into which people write by clocks of their own. What was let in stands in it; what was not is counted. */
async function written(steps: Step[], limits: Rates) {
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

/** The most by which any stretch of these entries goes beyond what its length in the log's own time allows. */
function excess(entries: Entry[], { perSecond, burst }: Rates['room']): number {
  let most = Number.NEGATIVE_INFINITY
  for (const [first, { sentAt: from }] of entries.entries()) {
    for (const [at, { sentAt }] of entries.slice(first).entries()) {
      most = Math.max(most, at + 1 - burst - (perSecond * (sentAt - from)) / 1000)
    }
  }
  return most
}

const saidBy = (entries: Entry[], user: string) => entries.filter(({ from }) => from?.user === user)

describe('what a room takes', () => {
  it('is never more than the burst and the rate together, in any stretch of its log, of all or of one author', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(0), async (steps) => {
        const { entries } = await written(steps, small)
        expect(excess(entries, small.room)).toBeLessThanOrEqual(0)
        for (const user of users) expect(excess(saidBy(entries, user), small.author)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('is no more than that while clocks disagree by up to a second', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(500), async (steps) => {
        const { entries } = await written(steps, small)
        expect(excess(entries, small.room)).toBeLessThanOrEqual(0)
        for (const user of users) expect(excess(saidBy(entries, user), small.author)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('is never refused to those who keep to the rate', async () => {
    const patient = stepsOf(0).map((steps) => steps.map((step) => ({ ...step, waitMs: step.waitMs + 250 })))
    await fc.assert(
      fc.asyncProperty(patient, async (steps) => {
        expect((await written(steps, small)).refused).toEqual([])
      }),
    )
  })

  it('is the same for each author as if nobody else spoke, as long as the room bears it', async () => {
    const roomy = { ...small, room: { perSecond: 1000, burst: 1000 } }
    await fc.assert(
      fc.asyncProperty(stepsOf(0), async (steps) => {
        const { entries } = await written(steps, roomy)
        const timed = steps.map((step, at) => ({
          ...step,
          at: steps.slice(0, at + 1).reduce((sum, { waitMs }) => sum + waitMs, 0),
        }))
        for (const user of users) {
          const own = timed.filter((step) => step.user === user)
          const alone = own.map((step, nr) => ({ ...step, waitMs: step.at - (own[nr - 1]?.at ?? 0) }))
          const times = (all: Entry[]) => all.map(({ sentAt }) => sentAt)
          expect(times(saidBy(entries, user))).toEqual(times((await written(alone, roomy)).entries))
        }
      }),
    )
  })

  it('is open again after the time that a refusal names, whatever the clocks: a second, the spread and one message', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(60_000), async (steps) => {
        const { refused } = await written(steps, small)
        expect(refused.filter((retryAfterMs) => retryAfterMs > 1000 + 4000 + 250)).toEqual([])
      }),
    )
  })
})

describe('one clock that is a minute fast', () => {
  it('closes the room to nobody whose clock is right', async () => {
    const fast = { user: 'eve', waitMs: 0, skewMs: 60_000 }
    const right = Array.from({ length: 110 }, () => ({ user: 'ana', waitMs: 500, skewMs: 0 }))
    const { refused, entries } = await written([fast, ...right], rates)
    expect([refused, entries.length]).toEqual([[], 111])
  })
})

describe('what is remembered in the memory of an environment', () => {
  it('lets in the burst and then the rate, each key by itself', () => {
    const clock = new FakeClock()
    const buckets = new RateLimiter({ perSecond: 5, burst: 20 }, clock)
    for (let nr = 0; nr < 20; nr++) {
      expect(buckets.waitMs('ana')).toBe(0)
      buckets.take('ana')
    }
    expect([buckets.waitMs('ana'), buckets.waitMs('ben')]).toEqual([200, 0])
    clock.time += 150
    expect(buckets.waitMs('ana')).toBe(50)
    clock.time += 50
    expect(buckets.waitMs('ana')).toBe(0)
  })

  it('refuses with the time to wait, and counts only what it lets in', () => {
    const clock = new FakeClock()
    const buckets = new RateLimiter({ perSecond: 10, burst: 100 }, clock)
    for (let nr = 0; nr < 100; nr++) take(buckets, 'connection')
    for (let nr = 0; nr < 100; nr++) {
      expect(() => take(buckets, 'connection')).toThrow(expect.objectContaining({ retryAfterMs: 100 }))
    }
    clock.time += 100
    take(buckets, 'connection')
  })

  it('is not made worse by a clock that is set back', () => {
    const clock = new FakeClock()
    const buckets = new RateLimiter({ perSecond: 5, burst: 1 }, clock)
    buckets.take('ana')
    clock.time -= 60_000
    expect(buckets.waitMs('ana')).toBe(200)
  })

  it('is bounded: whoever was heard of least lately is forgotten', () => {
    const buckets = new RateLimiter({ perSecond: 5, burst: 1 }, new FakeClock(), 2)
    for (const user of ['ana', 'ben', 'ana', 'eve']) buckets.take(user)
    expect(['ana', 'ben', 'eve'].map((user) => buckets.waitMs(user) > 0)).toEqual([true, false, true])
  })
})

describe('the tag of an author', () => {
  it('is short, and differs where the authors do', () => {
    const tags = Array.from({ length: 1000 }, (_, nr) => tagOf(`user ${nr}`))
    expect(new Set(tags).size).toBe(1000)
    expect(tags.every((tag) => /^[0-9a-z]{1,7}$/.test(tag))).toBe(true)
  })
})
