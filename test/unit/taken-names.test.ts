import { takenNameUnits } from '../../lambdas/budgets.ts'
import { UserBudget } from '../../lambdas/domain/budget/user-budget.ts'
import type { Handler } from '../../lambdas/route.ts'
import { createRoom } from '../../lambdas/routes/create-room.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, person } from '../support/memory/fixtures.ts'

const eve = person('eve')
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'secret', { privacy: 'secret', name: 'Merger' })
  await addRoom(app, 'own', {}, { 'user:eve': ['manager'] })
  const limits = { units: 10 * takenNameUnits, messages: 1, bad: 1e9, refused: 1e9 }
  const onError = (error: unknown) => {
    throw error
  }
  app.budget = new UserBudget(limits, { store: app.budgets, clock: app.clock, onError })
})

/** How often the frame is answered with this code before it is refused as `rate_limited`, at most 100 times. */
async function timesUntilRefused(verb: Handler, frame: () => object, code: string): Promise<number> {
  for (let times = 0; times < 100; times++) {
    const { ok, error } = await call(app, verb, frame(), eve)
    const outcome = ok ? 'ok' : Object(error).code
    if (outcome === 'rate_limited') return times
    expect(outcome).toBe(code)
  }
  return 100
}

describe('the guess of the name of a secret room', () => {
  it.each<[string, Handler, object]>([
    ['createRoom', createRoom, { name: 'merger' }],
    ['updateRoom', updateRoom, { roomId: 'own', version: 1, name: 'Merger' }],
  ])('by %s is answered, at a high price', async (_, verb, frame) => {
    const times = await timesUntilRefused(verb, () => frame, 'duplicate_name')
    expect(times).toBeGreaterThan(5)
    expect(times).toBeLessThanOrEqual(11)
  })

  it('costs more than a name that is free', async () => {
    let count = 0
    expect(await timesUntilRefused(createRoom, () => ({ name: `Free ${++count}` }), 'ok')).toBe(100)
  })
})
