import * as fc from 'fast-check'
import type { Spending } from '../../lambdas/domain/budget/spending.ts'
import { UserBudget } from '../../lambdas/domain/budget/user-budget.ts'
import { windowAt, windowMs } from '../../lambdas/domain/budget/window.ts'
import { ShutOut } from '../../lambdas/domain/errors.ts'
import { MemoryBudgets } from '../support/memory/budgets.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { refusal } from '../support/refusals.ts'

const limits: Spending = { units: 10_000, messages: 320, bad: 100, refused: 100 }

let store: MemoryBudgets
let clock: FakeClock
let errors: unknown[]

beforeEach(() => {
  store = new MemoryBudgets()
  clock = new FakeClock()
  // The beginning of a window of ana.
  clock.time += windowAt('ana', clock.time).endsInMs
  clock.chance = 0
  errors = []
})

const environment = () => new UserBudget(limits, { store, clock, onError: (error) => errors.push(error) })

/** Charges until the user is refused, and returns how often it worked. */
async function chargesUntilRefused(budget: UserBudget, spent: Partial<Spending>): Promise<number> {
  for (let times = 0; ; times++) {
    try {
      await budget.charge('ana', spent)
    } catch {
      return times
    }
  }
}

describe('a user within the budget', () => {
  it('causes no write', async () => {
    const budget = environment()
    for (let times = 0; times < 10; times++) await budget.charge('ana', { units: 10, messages: 1 })
    expect(store.adds).toBe(0)
  })

  it('causes a write when more than a hundredth of the budget is pending', async () => {
    const budget = environment()
    await budget.charge('ana', { units: 100 })
    expect(store.adds).toBe(0)
    await budget.charge('ana', { units: 1 })
    expect(store.adds).toBe(1)
  })

  it('pays the difference when the work is done', async () => {
    const budget = environment()
    for (let times = 0; times < 300; times++) {
      await budget.charge('ana', { units: 1000 })
      await budget.settle('ana', { units: -990 })
    }
    await expect(budget.charge('ana', { units: 1000 })).resolves.toBeUndefined()
  })
})

describe('a user over the budget', () => {
  it('is refused with the time until the window ends', async () => {
    const budget = environment()
    clock.time += 20_000
    await chargesUntilRefused(budget, { units: 500 })
    expect(await refusal(budget.charge('ana', { units: 500 }))).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 40_000,
    })
    clock.chance = 0.5
    expect(await refusal(budget.charge('ana', { units: 500 }))).toMatchObject({ retryAfterMs: 40_500 })
  })

  it('is admitted again in the next window', async () => {
    const budget = environment()
    await chargesUntilRefused(budget, { units: 500 })
    clock.time += windowMs
    await expect(budget.charge('ana', { units: 500 })).resolves.toBeUndefined()
  })

  it('is refused in every environment', async () => {
    await chargesUntilRefused(environment(), { units: 500 })
    expect(await refusal(environment().charge('ana', { units: 500 }))).toMatchObject({ code: 'rate_limited' })
  })

  it('is refused without a call of the store for each frame', async () => {
    const budget = environment()
    await chargesUntilRefused(budget, { units: 500 })
    const { adds } = store
    for (let times = 0; times < 50; times++) await refusal(budget.charge('ana', { units: 500 }))
    expect(store.adds - adds).toBeLessThanOrEqual(6)
  })

  it('does not affect other users', async () => {
    const budget = environment()
    await chargesUntilRefused(budget, { units: 500 })
    await expect(budget.charge('ben', { units: 500 })).resolves.toBeUndefined()
  })

  it('has sent too many messages, however cheap they are', async () => {
    const sent = await chargesUntilRefused(environment(), { units: 1, messages: 1 })
    expect(sent).toBe(limits.messages)
  })
})

it('a service has ten budgets', async () => {
  const budget = environment()
  for (let times = 0; times < 20; times++) await budget.charge('service:bot', { units: 5000 })
  expect(await refusal(budget.charge('service:bot', { units: 5000 }))).toMatchObject({ code: 'rate_limited' })
})

test('environments together overdraw the budget by their slack and by one price each at most', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.tuple(fc.nat(29), fc.integer({ min: 1, max: 300 })), { minLength: 200, maxLength: 400 }),
      async (count, calls) => {
        store = new MemoryBudgets()
        const environments = Array.from({ length: count }, environment)
        let spent = 0
        for (const [nr, units] of calls) {
          const admitted = await environments[nr % count]?.charge('ana', { units }).then(
            () => true,
            () => false,
          )
          if (admitted) spent += units
        }
        expect(spent).toBeLessThanOrEqual(limits.units + count * (limits.units / 100 + 300))
      },
    ),
  ))

describe('a user who goes on', () => {
  const refuseTimes = async (budget: UserBudget, times: number) => {
    let last: unknown
    for (let nr = 0; nr < times; nr++) last = await refusal(budget.charge('ana', { units: 500 }))
    return last
  }

  it('in spite of refusals in two windows is shut out for a minute', async () => {
    const budget = environment()
    await chargesUntilRefused(budget, { units: 500 })
    expect(await refuseTimes(budget, 200)).not.toBeInstanceOf(ShutOut)
    clock.time += windowMs
    await chargesUntilRefused(budget, { units: 500 })
    expect(await budget.shutOutUntil('ana')).toBe(0)
    expect(await refuseTimes(budget, 120)).toBeInstanceOf(ShutOut)
    expect(await budget.shutOutUntil('ana')).toBe(clock.time + windowMs)
    expect(await environment().shutOutUntil('ana')).toBe(clock.time + windowMs)
  })

  it('in spite of twenty times as many refusals in one window is shut out at once, so that refusals cost little', async () => {
    const budget = environment()
    await chargesUntilRefused(budget, { units: 500 })
    expect(await refuseTimes(budget, 1900)).not.toBeInstanceOf(ShutOut)
    expect(await refuseTimes(budget, 120)).toBeInstanceOf(ShutOut)
    expect(await budget.shutOutUntil('ana')).toBe(clock.time + windowMs)
  })

  it('but waited for a window in between is only refused', async () => {
    const budget = environment()
    await chargesUntilRefused(budget, { units: 500 })
    await refuseTimes(budget, 200)
    clock.time += 2 * windowMs
    await chargesUntilRefused(budget, { units: 500 })
    expect(await refuseTimes(budget, 200)).not.toBeInstanceOf(ShutOut)
  })
})

describe('a user who sends frames that cannot be read', () => {
  it('is shut out after a hundred of them in a window', async () => {
    const budget = environment()
    for (let nr = 1; nr < limits.bad; nr++) await budget.countBad('ana')
    expect(await refusal(budget.countBad('ana'))).toBeInstanceOf(ShutOut)
    expect(await budget.shutOutUntil('ana')).toBe(clock.time + windowMs)
  })

  it('is not shut out for a hundred of them in two windows', async () => {
    const budget = environment()
    for (let nr = 0; nr < 60; nr++) await budget.countBad('ana')
    clock.time += windowMs
    for (let nr = 0; nr < 60; nr++) await budget.countBad('ana')
    expect(await budget.shutOutUntil('ana')).toBe(0)
  })
})

describe('a store that fails', () => {
  it('stops nobody, and what was spent is added when it works again', async () => {
    const budget = environment()
    const add = jest.spyOn(store, 'add').mockRejectedValue(new Error('down'))
    await budget.charge('ana', { units: 6000 })
    await budget.charge('ana', { units: 6000 })
    expect(errors).toHaveLength(2)
    add.mockRestore()
    expect(await refusal(budget.charge('ana', { units: 1 }))).toMatchObject({ code: 'rate_limited' })
  })

  it('admits users whose shut-out cannot be read', async () => {
    jest.spyOn(store, 'shutOutUntil').mockRejectedValue(new Error('down'))
    expect(await environment().shutOutUntil('ana')).toBe(0)
    expect(errors).toHaveLength(1)
  })
})

describe('windows', () => {
  it('of a user follow each other without a gap', () => {
    const { window, endsInMs } = windowAt('ana', clock.time)
    expect(endsInMs).toBe(windowMs)
    expect(windowAt('ana', clock.time + windowMs - 1)).toEqual({ window, endsInMs: 1 })
    expect(windowAt('ana', clock.time + windowMs)).toEqual({ window: window + 1, endsInMs: windowMs })
  })

  it('of users begin at different times', () => {
    const ends = ['ana', 'ben', 'cid', 'dan'].map((user) => windowAt(user, clock.time).endsInMs)
    expect(new Set(ends).size).toBe(4)
  })
})
