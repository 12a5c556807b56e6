import type { Findings } from '../report.ts'
import { inline } from './inline.ts'
import { crowded } from './scene.ts'
import { simulated, startPeer } from './simulated.ts'
import { chartOf, costTable, inlineTable, memoryTable, timesTable } from './table.ts'

/** `CROWD=1000` leaves out what is larger. */
const most = Number(process.env.CROWD ?? 100_000)
const sizes = [2, 20, 100, 500, 1000, 10_000].filter((size) => size <= most)

/** What one message takes and costs, from two connections to a hundred thousand. */
export async function broadcast(): Promise<Findings> {
  const { taken, memory } = await crowded(sizes)
  const peer = await startPeer()
  try {
    const waited = await inline(peer, [100, 500, 1000])
    taken.push(await simulated(peer, most > 10_000 ? most : 5000))
    return {
      text: [
        timesTable(taken),
        costTable(taken),
        memoryTable(memory),
        'How long the reply to `send` would wait for its posts:',
        inlineTable(waited),
      ].join('\n\n'),
      charts: { times: chartOf(taken) },
    }
  } finally {
    await peer.stop()
  }
}
