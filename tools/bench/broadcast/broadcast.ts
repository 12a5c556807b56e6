import type { Findings } from '../report.ts'
import { inline } from './inline.ts'
import { measureCrowd } from './measure.ts'
import { simulated, startPeer } from './simulated.ts'
import { chartOf, costTable, inlineTable, memoryTable, timesTable } from './table.ts'

/** `CROWD=1000` omits larger sizes. */
const most = Number(process.env.CROWD ?? 100_000)
const sizes = [2, 20, 100, 500, 1000, 10_000].filter((size) => size <= most)

/** The duration and the cost of one message, from two connections to a hundred thousand. */
export async function broadcast(): Promise<Findings> {
  const { measurements, memory } = await measureCrowd(sizes)
  const peer = await startPeer()
  try {
    const inlinePosts = await inline(peer, [100, 500, 1000])
    measurements.push(await simulated(peer, most > 10_000 ? most : 5000))
    return {
      text: [
        timesTable(measurements),
        costTable(measurements),
        memoryTable(memory),
        'How long the reply to `send` would wait for its posts:',
        inlineTable(inlinePosts),
      ].join('\n\n'),
      charts: { times: chartOf(measurements) },
    }
  } finally {
    await peer.stop()
  }
}
