import type { Arguments, Asked } from './arguments.ts'
import {
  busyRooms,
  largestRoom,
  largestRoomTogether,
  mostConnections,
  secondsToDeliver,
  secondsToReturn,
} from './capacity-of.ts'
import type { Counts } from './counts.ts'
import { type Allowed, type Quota, quotaArguments, quotas } from './quotas.ts'
import { n, type Reckoning } from './reckoning.ts'
import { columns } from './text.ts'

export const capacityArguments: Arguments = {
  members: { default: 10_000, meaning: 'connections of the room to which one message goes', least: 2, whole: true },
  clients: { default: 5000, meaning: 'clients that are cut off at once', whole: true },
  rooms: { default: 1, meaning: 'rooms that each client is in', least: 0 },
  size: { default: 20, meaning: 'connections of an ordinary room', least: 2 },
  rate: { default: 1, meaning: 'messages a second of an ordinary room', least: 0.001 },
  beat: { default: 4.6, meaning: 'minutes between two signs of life of a client', least: 0.1 },
  life: { default: 100, meaning: 'minutes until a client moves to a fresh connection', least: 1 },
  ...quotaArguments,
}

const rates = [0.1, 0.5, 1, 2, 5, 10, 20, 50]

export interface Capacity {
  allowed: Allowed
  largestRooms: { perSecond: number; alone: number; by: string; together: number }[]
  reckonings: Reckoning[]
}

export function capacityOf(counts: Counts, asked: Asked): Capacity {
  const of = (name: string) => asked.number(name)
  const allowed = Object.fromEntries(Object.keys(quotas).map((name) => [name, of(name)])) as Allowed
  const rooms = rates.map((perSecond) => {
    const { value, by } = largestRoom(counts, allowed, perSecond)
    return { perSecond, alone: value, by, together: largestRoomTogether(counts, allowed, perSecond).value }
  })
  return {
    allowed,
    largestRooms: rooms,
    reckonings: [
      largestRoom(counts, allowed, of('rate')),
      largestRoomTogether(counts, allowed, of('rate')),
      secondsToDeliver(counts, allowed, of('members')),
      secondsToReturn(counts, allowed, of('clients'), of('rooms')),
      mostConnections(allowed, of('beat'), of('life'), of('rooms')),
      busyRooms(allowed, of('size'), of('rate')),
    ],
  }
}

export function capacityText({ allowed, largestRooms, reckonings }: Capacity): string {
  const rooms = largestRooms.map(({ perSecond, alone, by, together }) => [String(perSecond), n(alone), n(together), by])
  const entries: [string, Quota][] = Object.entries(quotas)
  const used = entries.map(([name, { meaning, raised }]) => [
    `--${name}`,
    n(allowed[name as keyof Allowed]),
    raised ? 'yes' : 'no',
    meaning,
  ])
  const sources = new Set(entries.map(([, { source, date }]) => `- ${date}  ${source}`))
  return [
    columns(['messages a second', 'largest room', 'with waiting messages in one frame', 'the first bound by'], rooms),
    ...reckonings.map(reckoned),
    'Throttles are aims of the gateway, not promises. Nothing else is thought to go on in the account.',
    `Quotas:\n${columns(['argument', 'value', 'can be raised', 'meaning'], used)}`,
    `Quotas and their sources: price/quotas.ts\n${[...sources].join('\n')}`,
  ].join('\n\n')
}

function reckoned({ question, unit, bounds, value, by }: Reckoning): string {
  const sums = bounds.map((bound) => {
    const sign = bound.name === by ? '>' : ' '
    return `  ${sign} ${bound.name}: ${bound.arithmetic} = ${n(bound.value)}`
  })
  return [`${question}: ${n(value)} ${unit}`, ...sums].join('\n')
}
