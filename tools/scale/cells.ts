import { parse } from '../../terminal/command/parse.ts'
import { costOf } from '../price/cost-report.ts'
import type { Counts } from '../price/counts.ts'
import { type Derivation, longest, n } from '../price/derivation.ts'
import { quotas } from '../price/quotas.ts'
import { workloadOptions } from '../price/workload.ts'

/** People who are spread over cells. */
export interface People {
  users: number
  hours: number
  /** Rooms of each, and connections in each room. */
  rooms: number
  members: number
  /** Messages of each user a day. */
  messages: number
  /** How many times the mean the busiest second has. */
  peak: number
  /** The share of each quota that a cell may use in that second. */
  share: number
}

const secondsOfHour = 3600
/** Minutes as in `npm run cost`. */
const [beat, life] = [workloadOptions.beat.default, workloadOptions.life.default]

/** How many cells carry these people: each is a stack in an account and a Region of its own. */
export function cellsFor({ users, hours, rooms, members, messages, peak, share }: People): Derivation {
  const limit = (name: 'requests-per-second' | 'connections-per-second') => quotas[name].default * share
  const said = ((users * messages) / (hours * secondsOfHour)) * peak
  const kept = users / (beat * 60) + (users * (2 + rooms)) / (life * 60)
  const requests = said * members + kept
  const opened = (users / (life * 60)) * peak
  const each = `${n(share * 100)} % of `
  return longest('Cells', 'cells', [
    [
      'frames and posts',
      Math.ceil(requests / limit('requests-per-second')),
      `(${n(said)} messages × ${members} + ${n(kept)} signs of life and joins) a second ÷ ${each}${n(quotas['requests-per-second'].default)}`,
    ],
    [
      'new connections',
      Math.ceil(opened / limit('connections-per-second')),
      `${n(opened)} a second ÷ ${each}${n(quotas['connections-per-second'].default)}`,
    ],
    ['at least', 1, 'one'],
  ])
}

/** How many cells a person with so many rooms meets, when rooms are homed by chance, or mostly with those that belong together. */
export function cellsMet(cells: number, rooms: number, together: number): number {
  const abroad = rooms * (1 - together)
  const others = cells - 1
  return cells === 1 ? 1 : 1 + others * (1 - (1 - 1 / others) ** abroad)
}

export interface Bills {
  /** Everything in one bill, with one connection of each person. */
  usd: number
  /** A person without messages: connections, signs of life. */
  quietUsd: number
}

export function billOf(counts: Counts, { users, hours, rooms, members, messages }: People): Bills {
  const options = {
    users,
    hours,
    rooms: Math.max(1, Math.round((users * rooms) / members)),
    members,
    messages: users * messages,
  }
  const argv = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  const { bill, quietUsd } = costOf(counts, parse(workloadOptions, argv))
  return { usd: bill.usd, quietUsd }
}

/** Seconds that the log of a room takes to move: it is one partition, read and written in its order. */
export function moveOf(messages: number, bytes: number): Derivation {
  const [reads, writes] = [quotas['partition-reads'].default, quotas['partition-writes'].default]
  const writeUnits = messages * Math.ceil(bytes / 1024)
  const readUnits = (messages * bytes) / 4096
  return longest(`The log of ${n(messages)} messages of ${n(bytes)} bytes moves in`, 's', [
    ['writes', writeUnits / writes, `${n(writeUnits)} units ÷ ${n(writes)} a second of one partition`],
    ['reads', readUnits / reads, `${n(readUnits)} units ÷ ${n(reads)} a second of one partition`],
  ])
}
