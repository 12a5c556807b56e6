import { setImmediate } from 'node:timers/promises'
import { Tally } from './counts.ts'
import { weatherOf } from './faults.ts'
import type { Violation } from './history.ts'
import { type PlantedFault, Room } from './room.ts'

/** Rooms that take turns: one wait for the microtasks of all of them is cheaper than one for each. */
const ROOMS_AT_A_TIME = 64
const PROGRESS_EACH = 100_000

export interface Outcome {
  tally: Tally
  rooms: number
  /** The first room in which something was wrong. */
  found?: { seed: number; weather: Room['weather']; violations: Violation[] }
}

/** Simulates room after room, seed after seed, until enough messages were sent or something is wrong. */
export async function campaign(messages: number, fault?: PlantedFault, firstSeed = 1): Promise<Outcome> {
  const outcome: Outcome = { tally: new Tally(), rooms: 0 }
  const { tally } = outcome
  let seed = firstSeed
  let reported = 0
  let planned = 0
  let active: Room[] = []
  while (!outcome.found && (active.length > 0 || planned < messages)) {
    while (active.length < ROOMS_AT_A_TIME && planned < messages) {
      const room = new Room(weatherOf(seed++), fault)
      planned += room.weather.authors * room.weather.messagesEach
      active.push(room)
    }
    await turn(active)
    for (const room of active) if (room.time.isOver) finish(room, outcome)
    active = active.filter((room) => !room.time.isOver)
    if (outcome.found) for (const room of active) tally.add(room.tally)
    if (tally.of('message') >= reported + PROGRESS_EACH) {
      reported = tally.of('message')
      process.stderr.write(`${outcome.rooms} rooms, ${reported} messages\n`)
    }
  }
  return outcome
}

/** One room from its seed alone, with everything that happened in it. */
export async function replay(seed: number, fault?: PlantedFault): Promise<{ room: Room; violations: Violation[] }> {
  const room = new Room(weatherOf(seed), fault, [])
  return { room, violations: await runAlone(room) }
}

export async function runAlone(room: Room): Promise<Violation[]> {
  while (!room.time.isOver) await turn([room])
  if (room.failure) throw room.failure
  return room.history.check(room.table.everything())
}

async function turn(rooms: Room[]): Promise<void> {
  for (const room of rooms) room.time.step()
  await setImmediate()
}

function finish(room: Room, outcome: Outcome): void {
  const { weather, tally, history, table, failure } = room
  if (failure) throw new Error(`The simulation of seed ${weather.seed} broke.`, { cause: failure })
  outcome.rooms++
  outcome.tally.add(tally)
  const violations = history.check(table.everything())
  const { fault } = room
  const isFound = violations.some(({ guarantee }) => !fault || guarantee === fault.breaks)
  if (!isFound || outcome.found) return
  outcome.found = { seed: weather.seed, weather, violations }
}
