import { exchange, type Latencies, type Room } from './exchange.ts'
import { median } from './percentiles.ts'
import { watchTree } from './process-tree.ts'
import { watchProcessors } from './processors.ts'
import { type Findings, progress } from './report.ts'
import { type Contender, contenders } from './side-by-side-servers.ts'
import { chartsOf, type Load, type Taken, tableOf } from './side-by-side-table.ts'

const rounds = 3
const seconds = 4

/** No author says more than five a second, no room more than fifty. */
const loads: readonly Load[] = [
  { members: 20, senders: 1, perSecond: 4 },
  { members: 20, senders: 8, perSecond: 20 },
  { members: 20, senders: 16, perSecond: 40 },
  { members: 100, senders: 1, perSecond: 4 },
  { members: 100, senders: 8, perSecond: 20 },
]

/** Rooms on one machine: what a message takes here, with Socket.IO, and where nothing is done but a broadcast. */
export async function sideBySide(): Promise<Findings> {
  const started: Contender[] = []
  try {
    for (const start of contenders) started.push(await start())
    const taken: Taken[] = []
    const sizes = [...new Set(loads.map(({ members }) => members))]
    const rooms = new Map<string, Room>()
    const roomOf = ({ name }: Contender, size: number): Room => {
      const room = rooms.get(`${name} ${size}`)
      if (!room) throw new Error(`${name} has no room of ${size}.`)
      return room
    }
    for (const contender of started) {
      for (const size of sizes) {
        progress(`side-by-side: ${contender.name}, a room of ${size}`)
        const room = await contender.room(size)
        rooms.set(`${contender.name} ${size}`, room)
        await exchange(room, { senders: 8, perSecond: 20, count: 60 })
      }
    }
    for (const load of loads) {
      for (const { name } of started) taken.push({ ...load, name, ...nothing(), processorMs: 0, busy: [] })
    }
    for (let round = 1; round <= rounds; round++) {
      for (const sum of taken) {
        const { members, senders, perSecond, name } = sum
        progress(`side-by-side: ${members} members, ${perSecond} a second, ${name}, round ${round} of ${rounds}`)
        const contender = started.find((each) => each.name === name)
        if (!contender) continue
        const [spent, watched] = [watchTree(contender.pid), watchProcessors()]
        const count = perSecond * seconds
        add(sum, await exchange(roomOf(contender, members), { senders, perSecond, count }))
        sum.processorMs += spent()
        sum.busy.push(watched())
      }
    }
    for (const { sockets } of rooms.values()) for (const socket of sockets) socket.close()
    const busy = Math.max(...taken.map((each) => median(each.busy)))
    const text = `${tableOf(taken)}\n\nAt most ${busy} % of the processors were busy in the median stretch of a row.`
    return { text, charts: chartsOf(taken) }
  } finally {
    await Promise.all(started.map((contender) => contender.stop()))
  }
}

const nothing = (): Latencies => ({ reply: [], seen: [], missing: 0, twice: 0 })

function add(sum: Latencies, { reply, seen, missing, twice }: Latencies): void {
  sum.reply.push(...reply)
  sum.seen.push(...seen)
  sum.missing += missing
  sum.twice += twice
}
