import { createInterface } from 'node:readline'
import { type Broadcast, type Way, ways } from './ways.ts'

/** One way of posting in its own process: each line has the delay of the peer and the number of posts. */
const [way, peer] = process.argv.slice(2)
const open = ways[way as Way].open
const broadcasts = new Map<string, Broadcast>()
const frame = JSON.stringify({ type: 'message', roomId: 'r'.repeat(22), seq: 1, text: 'x'.repeat(140) })

for await (const line of createInterface({ input: process.stdin })) {
  const [latency = '', count = ''] = line.split(' ')
  const broadcast = broadcasts.get(latency) ?? open(`${peer}/${latency}`)
  broadcasts.set(latency, broadcast)
  const ids = Array.from({ length: Number(count) }, (_, at) => `L0SM9cOF${String(at).padStart(6, '0')}w=`)
  const before = process.cpuUsage()
  await broadcast(ids, frame)
  const { user, system } = process.cpuUsage(before)
  const { maxRSS } = process.resourceUsage()
  console.log(JSON.stringify({ posts: ids.length, processorSeconds: (user + system) / 1e6, peakMiB: maxRSS / 1024 }))
}
process.exit()
