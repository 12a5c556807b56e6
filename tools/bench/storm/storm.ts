import type { Findings } from '../report.ts'
import { type Storm, storm as stormOf } from './scene.ts'
import { backTable, chartOf, usageTable } from './table.ts'

/** `STORM=500` makes it smaller. */
const clients = Number(process.env.STORM ?? 5000)

/** Everybody is cut off at once: how long until all are back and have everything, and what that takes. */
export async function storm(): Promise<Findings> {
  const many = await stormOf({ name: '50 rooms', clients, rooms: 50, perSecond: 5 })
  const one = await stormOf({ name: 'one room', clients, rooms: 1, perSecond: 0.1 })
  const storms: Storm[] = [many, one]
  return {
    text: [
      backTable(storms),
      'What a client used that came back to one of 50 rooms, speakers and deliveries included:',
      usageTable(many),
      'And to one room with all the others:',
      usageTable(one),
    ].join('\n\n'),
    charts: { back: chartOf(storms) },
  }
}
