import { setImmediate } from 'node:timers/promises'
import { Counts } from './counts.ts'
import { planOf } from './faults.ts'
import type { Violation } from './history.ts'
import { type PlantedFault, Room } from './room.ts'

/** Rooms run in turns, as one wait for the microtasks of all is cheaper than one for each. */
const ROOMS_AT_A_TIME = 64
const PROGRESS_EACH = 100_000

export interface CampaignResult {
  counts: Counts
  rooms: number
  /** The first room with a violation. */
  found?: { seed: number; plan: Room['plan']; violations: Violation[] }
}

/** Simulates rooms, each with the next seed, until enough messages were sent or a violation is found. */
export async function campaign(messages: number, fault?: PlantedFault, firstSeed = 1): Promise<CampaignResult> {
  const result: CampaignResult = { counts: new Counts(), rooms: 0 }
  const { counts } = result
  let seed = firstSeed
  let reported = 0
  let planned = 0
  let active: Room[] = []
  while (!result.found && (active.length > 0 || planned < messages)) {
    while (active.length < ROOMS_AT_A_TIME && planned < messages) {
      const room = new Room(planOf(seed++), fault)
      planned += room.plan.authors * room.plan.messagesEach
      active.push(room)
    }
    await turn(active)
    for (const room of active) if (room.time.isOver) finish(room, result)
    active = active.filter((room) => !room.time.isOver)
    if (result.found) for (const room of active) counts.add(room.counts)
    if (counts.of('message') >= reported + PROGRESS_EACH) {
      reported = counts.of('message')
      process.stderr.write(`${result.rooms} rooms, ${reported} messages\n`)
    }
  }
  return result
}

/** Runs the room of one seed and records a trace of it. */
export async function replay(seed: number, fault?: PlantedFault): Promise<{ room: Room; violations: Violation[] }> {
  const room = new Room(planOf(seed), fault, [])
  return { room, violations: await runAlone(room) }
}

/** Runs one room to its end and checks it. */
export async function runAlone(room: Room): Promise<Violation[]> {
  while (!room.time.isOver) await turn([room])
  if (room.failure) throw room.failure
  return room.history.check(room.table.allEntries())
}

async function turn(rooms: Room[]): Promise<void> {
  for (const room of rooms) room.time.step()
  await setImmediate()
}

function finish(room: Room, result: CampaignResult): void {
  const { plan, counts, history, table, failure } = room
  if (failure) throw new Error(`The simulation of seed ${plan.seed} broke.`, { cause: failure })
  result.rooms++
  result.counts.add(counts)
  const violations = history.check(table.allEntries())
  const { fault } = room
  const isFound = violations.some(({ guarantee }) => !fault || guarantee === fault.breaks)
  if (!isFound || result.found) return
  result.found = { seed: plan.seed, plan, violations }
}
