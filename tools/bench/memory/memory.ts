import type { Findings } from '../report.ts'
import { measureStages } from './measure.ts'
import { chartOf, stableTable, stageTable } from './table.ts'

/** `CROWD=1000` makes the crowd smaller. */
const size = Number(process.env.CROWD ?? 10_000)
const rounds = 5

/** The memory of the local run with a room of thousands, and whether it grows with the messages. */
export async function memory(): Promise<Findings> {
  const stages = await measureStages(size, rounds)
  return { text: [stageTable(stages), stableTable(stages)].join('\n\n'), charts: { resident: chartOf(stages) } }
}
