import { replay } from './campaign.ts'
import { FAULTS, OUTCOMES } from './counts.ts'
import { PLANTED_FAULTS } from './planted-faults.ts'
import { campaignInThread } from './threads.ts'

const MESSAGES = Number(process.env.MESSAGES ?? 500_000)
/** `SEED=42 npx jest test/simulation` replays one room, `FAULT='…'` adds a planted fault. */
const { SEED, FAULT } = process.env

const allSeeds = SEED === undefined ? describe : describe.skip
const oneSeed = SEED === undefined ? describe.skip : describe

allSeeds('Append under all faults', () => {
  it(`keeps its guarantees over ${MESSAGES} messages, in which each fault and each outcome is frequent enough`, async () => {
    const startedAt = performance.now()
    const { counts, rooms, found } = await campaignInThread(MESSAGES)
    const perSecond = Math.round((1000 * counts.of('message')) / (performance.now() - startedAt))
    process.stderr.write(`${rooms} rooms, ${perSecond} messages a second: ${counts}\n`)
    if (found) {
      const { seed, plan, violations } = found
      process.stderr.write(`replay: SEED=${seed} npx jest test/simulation\n${JSON.stringify(plan)}\n`)
      expect(violations.slice(0, 10)).toEqual([])
    }
    const share = MESSAGES / 500_000
    expect(FAULTS.filter((fault) => counts.of(fault) < 1000 * share)).toEqual([])
    expect(OUTCOMES.filter((outcome) => counts.of(outcome) < 10 * share)).toEqual([])
    expect(counts.of('acknowledged') / counts.of('message')).toBeGreaterThan(0.9)
  })

  it('repeats the same run from the same seed', async () => {
    const [first, second] = [await replay(11), await replay(11)]
    expect(first.room.trace).not.toHaveLength(0)
    expect(second.room.trace).toEqual(first.room.trace)
    expect(String(second.room.counts)).toBe(String(first.room.counts))
  })
})

oneSeed(`The room with seed ${SEED}`, () => {
  it('keeps its guarantees', async () => {
    const fault = PLANTED_FAULTS.find(({ name }) => name === FAULT)
    const { room, violations } = await replay(Number(SEED), fault)
    process.stderr.write(`${JSON.stringify(room.plan)}\n${room.counts}\n${room.trace?.join('\n')}\n`)
    expect(violations).toEqual([])
  })
})
