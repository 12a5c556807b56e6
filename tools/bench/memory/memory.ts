import type { Findings } from '../report.ts'
import { occupied } from './scene.ts'
import { chartOf, stableTable, stageTable } from './table.ts'

/** `CROWD=1000` makes it smaller. */
const size = Number(process.env.CROWD ?? 10_000)
const rounds = 5

/** What memory the local run needs for a room of thousands, and whether it grows with what is said. */
export async function memory(): Promise<Findings> {
  const stages = await occupied(size, rounds)
  return { text: [stageTable(stages), stableTable(stages)].join('\n\n'), charts: { resident: chartOf(stages) } }
}
