import { median } from '../percentiles.ts'
import { watchProcessors } from '../processors.ts'
import { progress } from '../progress.ts'
import type { Findings } from '../report.ts'
import { exchange, type Latencies, type Room } from './exchange.ts'
import { watchTree } from './process-tree.ts'
import { type StartedServer, servers } from './servers.ts'
import { chartsOf, type Load, type Measurement, tableOf } from './table.ts'

const rounds = 3
const seconds = 6

/** Within the rate limits: five messages a second for each author, fifty for each room. */
const loads: readonly Load[] = [
  { members: 20, senders: 1, perSecond: 4 },
  { members: 20, senders: 8, perSecond: 20 },
  { members: 20, senders: 16, perSecond: 40 },
  { members: 100, senders: 1, perSecond: 4 },
  { members: 100, senders: 8, perSecond: 20 },
]

/** The same rooms on one machine: on this project, on Socket.IO, and on a server that only broadcasts. */
export async function sideBySide(): Promise<Findings> {
  const started: StartedServer[] = []
  try {
    for (const start of servers) started.push(await start())
    const rooms = await Promise.all(started.map(roomsOf))
    const runs = loads.flatMap((load) => rooms.map((each) => runOf(load, each)))
    for (let round = 1; round <= rounds; round++) {
      for (const { measurement, pid, room } of runs) {
        const { members, perSecond, name } = measurement
        progress(`side-by-side: ${members} members, ${perSecond} a second, ${name}, round ${round} of ${rounds}`)
        // One second is not counted, as functions open new connections after a pause.
        await exchange(room, { ...measurement, count: perSecond })
        const [processorMs, busy] = [watchTree(pid), watchProcessors()]
        add(measurement, await exchange(room, { ...measurement, count: perSecond * seconds }))
        measurement.processorMs += processorMs()
        measurement.busy.push(busy())
      }
    }
    for (const { room } of runs) for (const socket of room.sockets) socket.close()
    const measurements = runs.map((run) => run.measurement)
    const busy = Math.max(...measurements.map((each) => median(each.busy)))
    const text = `${tableOf(measurements)}\n\nIn the busiest row ${busy} % of this machine's processors were busy, clients included.`
    return { text, charts: chartsOf(measurements) }
  } finally {
    await Promise.all(started.map((server) => server.stop()))
  }
}

interface Rooms extends Pick<StartedServer, 'name' | 'pid'> {
  bySize: ReadonlyMap<number, Room>
}

/** A room of each size, after some messages. */
async function roomsOf({ name, pid, room }: StartedServer): Promise<Rooms> {
  const bySize = new Map<number, Room>()
  for (const { members } of loads) {
    if (bySize.has(members)) continue
    progress(`side-by-side: ${name}, a room of ${members}`)
    const created = await room(members)
    await exchange(created, { senders: 8, perSecond: 20, count: 200 })
    bySize.set(members, created)
  }
  return { name, pid, bySize }
}

function runOf(load: Load, { name, pid, bySize }: Rooms): { measurement: Measurement; pid: number; room: Room } {
  const room = bySize.get(load.members)
  if (!room) throw new Error(`${name} has no room of ${load.members}.`)
  return { measurement: { ...load, name, ...nothing(), processorMs: 0, busy: [] }, pid, room }
}

const nothing = (): Latencies => ({ reply: [], seen: [], missing: 0, twice: 0 })

function add(sum: Latencies, { reply, seen, missing, twice }: Latencies): void {
  sum.reply.push(...reply)
  sum.seen.push(...seen)
  sum.missing += missing
  sum.twice += twice
}
