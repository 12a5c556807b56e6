import { Chance } from './chance.ts'
import { runWalls } from './walls/run.ts'

/** `SEED=7 npx jest test/simulation/walls` begins with other numbers. */
const first = Number(process.env.SEED ?? 1)
const seeds = Array.from({ length: 10 }, (_, at) => first + at)

test.each(seeds)('no message reaches anybody whom a category of its room denied, seed %i', async (seed) => {
  const { leaks, outcomes, read } = await runWalls(1000, new Chance(seed))
  expect(leaks).toEqual([])
  // Without these steps the run would show nothing.
  expect(read).toBeGreaterThan(200)
  for (const outcome of ['moveRoom ok', 'moveRoom forbidden', 'join ok', 'join not_found', 'updateCategory ok'])
    expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(0)
})
