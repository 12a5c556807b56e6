import { Chance } from './chance.ts'
import { type FuzzResult, fuzz } from './fuzz/run.ts'

/** `FUZZ=200000 SEED=7 npx jest test/simulation/fuzz` sends more frames, or others. */
const frames = Number(process.env.FUZZ ?? 20_000)
const seed = Number(process.env.SEED ?? 1)

describe(`${frames} frames with valid and strange fields, over state that grows`, () => {
  let result: FuzzResult

  beforeAll(async () => {
    result = await fuzz(frames, new Chance(seed))
    if (process.env.FIG) console.log(Object.fromEntries([...result.outcomes].sort()))
  })

  test('get replies and pushes of the contract, and never an internal error', () => {
    expect(result.defects).toEqual([])
  })

  test('are answered with success by every verb at some time', () => {
    const verbs = [...new Set([...result.outcomes.keys()].map((key) => key.split(' ')[0]))]
    expect(verbs.filter((verb) => !result.outcomes.has(`${verb} ok`))).toEqual([])
  })
})
