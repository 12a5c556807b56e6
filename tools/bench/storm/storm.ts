import type { Findings } from '../report.ts'
import { measureStorm, type Storm } from './measure.ts'
import { backTable, chartOf, usageTable } from './table.ts'

/** `STORM=500` makes the storm smaller. */
const clients = Number(process.env.STORM ?? 5000)

/** Cuts all clients at once: the time until all are joined again and complete, and the use of that. */
export async function storm(): Promise<Findings> {
  const many = await measureStorm({ name: '50 rooms', clients, rooms: 50, perSecond: 5 })
  const one = await measureStorm({ name: 'one room', clients, rooms: 1, perSecond: 0.1 })
  const storms: Storm[] = [many, one]
  return {
    text: [
      backTable(storms),
      'The use of one client that joins one of 50 rooms again, including senders and deliveries:',
      usageTable(many),
      'The same with one room for all clients:',
      usageTable(one),
    ].join('\n\n'),
    charts: { back: chartOf(storms) },
  }
}
