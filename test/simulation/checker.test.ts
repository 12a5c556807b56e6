import { PLANTED_FAULTS } from './planted-faults.ts'
import { campaignInThread } from './threads.ts'

const allSeeds = process.env.SEED === undefined ? describe : describe.skip

allSeeds('The checker', () => {
  it.each(PLANTED_FAULTS)('finds a violation caused by $name within 100,000 messages', async (fault) => {
    const { found, counts } = await campaignInThread(100_000, fault.name)
    const kinds = [...new Set(found?.violations.map(({ guarantee }) => guarantee))]
    process.stderr.write(
      `${fault.name}: seed ${found?.seed}, ${counts.of('message')} messages, ${kinds.join(', ')} (${found?.violations[0]?.what})\n`,
    )
    expect(kinds).toContain(fault.breaks)
  })
})
