import type { MovedClock } from '../../local/clock.ts'
import type { Local } from '../../local/start.ts'
import { progress } from '../bench/progress.ts'
import { sequence } from '../load/chance.ts'
import { connect, type Person } from './person.ts'

const users = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
export const minutes = 60

/** What is broken, from which minute to before which. */
const breakages: readonly { from: number; to: number; faults: string }[] = [
  { from: 20, to: 23, faults: 'throttleTable:0.7:TablesMessages' },
  { from: 40, to: 44, faults: 'post429:0.8' },
]

/** Lets an hour of the metrics pass, in which people talk, more of them towards its middle. */
export async function anHour(local: Local, clock: MovedClock): Promise<void> {
  const chance = sequence(1)
  const people = await Promise.all(users.map((user) => connect(local, user)))
  const room = await aRoom(people)
  // What is written near the end of a minute may belong to the one before.
  clock.advance(15_000)
  for (let minute = 0; minute < minutes; minute++) {
    const broken = breakages.find(({ from, to }) => minute >= from && minute < to)
    local.faults.set(broken?.faults ?? '')
    const messages = 4 + Math.round(8 * Math.sin((Math.PI * minute) / minutes) + 3 * chance())
    for (let at = 0; at < messages; at++)
      await people[at % people.length]?.ask('send', { roomId: room, text: `Message ${at} of minute ${minute}` })
    await somebodyElse(local, room, chance())
    clock.advance(60_000)
    if (minute % 10 === 9) progress(`dashboard: ${minute + 1} of ${minutes} minutes`)
  }
  local.faults.set('')
  await Promise.all(people.map((person) => person.leave()))
}

async function aRoom([first, ...others]: Person[]): Promise<string> {
  const { room } = (await first?.ask('createRoom', { name: 'Lobby', privacy: 'open' })) ?? {}
  const { roomId } = Object(room)
  for (const person of [first, ...others]) await person?.ask('join', { roomId })
  return String(roomId)
}

/** Comes, looks around, and leaves; now and then asks for a room that does not exist, or has a token that is none. */
async function somebodyElse(local: Local, roomId: string, chance: number): Promise<void> {
  const person = await connect(local, 'grace')
  await person.ask('categories')
  await person.ask('join', { roomId })
  await person.ask('history', { roomId, before: 5 })
  if (chance < 0.3) await person.ask('join', { roomId: 'no-such-room' })
  await person.leave()
  if (chance > 0.8) await connect({ url: local.url, origin: `${local.origin}/nowhere` }, 'nobody').catch(() => {})
}
