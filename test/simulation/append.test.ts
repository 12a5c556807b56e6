import { campaign, replay } from './campaign.ts'
import { FAULTS, SIGHTS } from './counts.ts'
import { PLANTED_FAULTS } from './planted-faults.ts'

const MESSAGES = Number(process.env.MESSAGES ?? 500_000)
/** Replays one room: `SEED=42 npx jest test/simulation`, with a planted fault by `FAULT='…'`. */
const { SEED, FAULT } = process.env

jest.setTimeout(60 * 60 * 1000)

const everything = SEED === undefined ? describe : describe.skip
const oneSeed = SEED === undefined ? describe.skip : describe

everything('The append under every fault', () => {
  it(`keeps its guarantees over ${MESSAGES} messages, and meets every fault and every way out often enough`, async () => {
    const startedAt = performance.now()
    const { tally, rooms, found } = await campaign(MESSAGES)
    const perSecond = Math.round((1000 * tally.of('message')) / (performance.now() - startedAt))
    process.stderr.write(`${rooms} rooms, ${perSecond} messages a second: ${tally}\n`)
    if (found) {
      const { seed, weather, violations } = found
      process.stderr.write(`replay: SEED=${seed} npx jest test/simulation\n${JSON.stringify(weather)}\n`)
      expect(violations.slice(0, 10)).toEqual([])
    }
    const share = MESSAGES / 500_000
    expect(FAULTS.filter((fault) => tally.of(fault) < 1000 * share)).toEqual([])
    expect(SIGHTS.filter((sight) => tally.of(sight) < 10 * share)).toEqual([])
    expect(tally.of('acknowledged') / tally.of('message')).toBeGreaterThan(0.9)
  })

  it('runs the same way twice from the same seed', async () => {
    const [first, second] = [await replay(11), await replay(11)]
    expect(first.room.trace).not.toHaveLength(0)
    expect(second.room.trace).toEqual(first.room.trace)
    expect(String(second.room.tally)).toBe(String(first.room.tally))
  })
})

everything('The checker', () => {
  it.each(PLANTED_FAULTS)('finds $name within 100,000 messages', async (fault) => {
    const { found, tally } = await campaign(100_000, fault)
    const kinds = [...new Set(found?.violations.map(({ guarantee }) => guarantee))]
    process.stderr.write(
      `${fault.name}: seed ${found?.seed}, ${tally.of('message')} messages, ${kinds.join(', ')} (${found?.violations[0]?.what})\n`,
    )
    expect(kinds).toContain(fault.breaks)
  })
})

oneSeed(`The room of seed ${SEED}`, () => {
  it('keeps its guarantees', async () => {
    const fault = PLANTED_FAULTS.find(({ name }) => name === FAULT)
    const { room, violations } = await replay(Number(SEED), fault)
    process.stderr.write(`${JSON.stringify(room.weather)}\n${room.tally}\n${room.trace?.join('\n')}\n`)
    expect(violations).toEqual([])
  })
})
