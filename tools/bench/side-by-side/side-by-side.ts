import { median } from '../percentiles.ts'
import { watchProcessors } from '../processors.ts'
import { progress } from '../progress.ts'
import type { Findings } from '../report.ts'
import { exchange, type Latencies, type Room } from './exchange.ts'
import { watchTree } from './process-tree.ts'
import { type Contender, contenders } from './servers.ts'
import { chartsOf, type Load, type Taken, tableOf } from './table.ts'

const rounds = 3
const seconds = 6

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
    const rooms = await Promise.all(started.map(roomsOf))
    const scenes = loads.flatMap((load) => rooms.map((each) => sceneOf(load, each)))
    for (let round = 1; round <= rounds; round++) {
      for (const { taken, pid, room } of scenes) {
        const { members, perSecond, name } = taken
        progress(`side-by-side: ${members} members, ${perSecond} a second, ${name}, round ${round} of ${rounds}`)
        // A second of talk that does not count: whoever was silent for long opens connections anew.
        await exchange(room, { ...taken, count: perSecond })
        const [spent, watched] = [watchTree(pid), watchProcessors()]
        add(taken, await exchange(room, { ...taken, count: perSecond * seconds }))
        taken.processorMs += spent()
        taken.busy.push(watched())
      }
    }
    for (const { room } of scenes) for (const socket of room.sockets) socket.close()
    const taken = scenes.map((scene) => scene.taken)
    const busy = Math.max(...taken.map((each) => median(each.busy)))
    const text = `${tableOf(taken)}\n\nIn the busiest row ${busy} % of this machine's processors were busy, clients included.`
    return { text, charts: chartsOf(taken) }
  } finally {
    await Promise.all(started.map((contender) => contender.stop()))
  }
}

interface Rooms extends Pick<Contender, 'name' | 'pid'> {
  bySize: ReadonlyMap<number, Room>
}

/** A room of each size, in which something has been said already. */
async function roomsOf({ name, pid, room }: Contender): Promise<Rooms> {
  const bySize = new Map<number, Room>()
  for (const { members } of loads) {
    if (bySize.has(members)) continue
    progress(`side-by-side: ${name}, a room of ${members}`)
    const made = await room(members)
    await exchange(made, { senders: 8, perSecond: 20, count: 200 })
    bySize.set(members, made)
  }
  return { name, pid, bySize }
}

function sceneOf(load: Load, { name, pid, bySize }: Rooms): { taken: Taken; pid: number; room: Room } {
  const room = bySize.get(load.members)
  if (!room) throw new Error(`${name} has no room of ${load.members}.`)
  return { taken: { ...load, name, ...nothing(), processorMs: 0, busy: [] }, pid, room }
}

const nothing = (): Latencies => ({ reply: [], seen: [], missing: 0, twice: 0 })

function add(sum: Latencies, { reply, seen, missing, twice }: Latencies): void {
  sum.reply.push(...reply)
  sum.seen.push(...seen)
  sum.missing += missing
  sum.twice += twice
}
