import { readCounts } from '../../tools/price/counts.ts'
import { billOf, cellsFor, cellsMet, moveOf } from '../../tools/scale/cells.ts'
import { modes } from '../../tools/scale/tables.ts'
import { talk } from '../../tools/scale/two-regions.ts'

const distances = { near: 6, between: 70, replication: 800 }
const people = { users: 1_000_000, hours: 8, rooms: 5, members: 20, messages: 20, peak: 3, share: 0.5 }

describe('two Regions that talk in one room by the rules of the functions', () => {
  const seeds = [1, 2, 3]

  test.each(seeds)('lose acknowledged messages where replicas agree only later (seed %i)', async (seed) => {
    const { acknowledged, lost } = await talk('eventual', { messages: 100, rate: 2, seed, distances })
    expect(acknowledged).toBe(200)
    expect(lost).toBeGreaterThan(0)
  })

  test.each(['one home', 'strong'] as const)('lose nothing with %s', async (mode) => {
    for (const seed of seeds) {
      const { acknowledged, refused, lost } = await talk(mode, { messages: 100, rate: 2, seed, distances })
      expect([acknowledged + refused, lost]).toEqual([200, 0])
    }
  })

  test('lose nothing in eventual replicas when each message comes long after the one before', async () => {
    const { lost } = await talk('eventual', { messages: 1, rate: 0.001, seed: 1, distances })
    expect(lost).toBe(0)
  })

  test('wait for the other Region in every append of a strong table, and in half of them with one home', async () => {
    const [home, eventual, strong] = await Promise.all(
      (['one home', 'eventual', 'strong'] as const).map((mode) =>
        talk(mode, { messages: 50, rate: 0.5, seed: 1, distances }),
      ),
    )
    expect(eventual?.half).toBe(2 * distances.near)
    expect(strong?.half).toBe(2 * (distances.near + distances.between))
    expect(home?.most).toBeGreaterThanOrEqual(2 * (distances.near + distances.between))
  })

  test.each(modes)('say the same in every run of a seed: %s', async (mode) => {
    const once = await talk(mode, { messages: 40, rate: 2, seed: 9, distances })
    expect(await talk(mode, { messages: 40, rate: 2, seed: 9, distances })).toEqual(once)
  })
})

describe('the arithmetic of cells', () => {
  test('asks for as many cells as the busiest second takes of the nearest quota', () => {
    const { value, by } = cellsFor(people)
    const posts = (1_000_000 * 20 * 3 * 20) / (8 * 3600)
    const kept = 1_000_000 / (4.6 * 60) + (1_000_000 * 7) / 6000
    expect([value, by]).toEqual([Math.ceil((posts + kept) / 5000), 'frames and posts'])
    expect(cellsFor({ ...people, users: 100 }).value).toBe(1)
    expect(cellsFor({ ...people, users: 2_000_000, messages: 0.001 }).by).toBe('new connections')
  })

  test('a person meets one cell with rooms that are homed together, and more of them by chance', () => {
    expect(cellsMet(10, 5, 1)).toBe(1)
    expect(cellsMet(1, 5, 0)).toBe(1)
    expect(cellsMet(10, 5, 0)).toBeCloseTo(1 + 9 * (1 - (8 / 9) ** 5), 9)
    expect(cellsMet(10, 5, 0)).toBeGreaterThan(cellsMet(10, 5, 0.5))
  })

  test('the bill of twice the people is no more than twice the bill', () => {
    const [one, two] = [billOf(readCounts(), people), billOf(readCounts(), { ...people, users: 2_000_000 })]
    expect(two.usd).toBeLessThanOrEqual(2 * one.usd)
    expect(two.usd).toBeGreaterThan(one.usd)
    expect(one.quietUsd).toBeLessThan(one.usd)
  })

  test('a log moves as fast as one partition can be written', () => {
    expect(moveOf(100_000, 400)).toMatchObject({ value: 100, by: 'writes' })
    expect(moveOf(1000, 1500)).toMatchObject({ value: 2, by: 'writes' })
  })
})
