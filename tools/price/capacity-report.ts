import type { Options, Values } from '../../terminal/command/options.ts'
import {
  busyRooms,
  largestRoom,
  largestRoomWithBatches,
  mostConnections,
  secondsToDeliver,
  secondsToReturn,
} from './capacity-of.ts'
import type { Counts } from './counts.ts'
import { type Derivation, n } from './derivation.ts'
import { type Allowed, type Quota, quotaNames, quotaOptions, quotas } from './quotas.ts'
import { columns } from './text.ts'

export const capacityOptions = {
  members: {
    kind: 'number',
    default: 10_000,
    meaning: 'connections of the room to which one message goes',
    least: 2,
    whole: true,
  },
  clients: { kind: 'number', default: 5000, meaning: 'clients that are cut off at once', whole: true },
  rooms: { kind: 'number', default: 1, meaning: 'rooms that each client is in', least: 0 },
  size: { kind: 'number', default: 20, meaning: 'connections of an ordinary room', least: 2 },
  rate: { kind: 'number', default: 1, meaning: 'messages a second of an ordinary room', least: 0.001 },
  beat: { kind: 'number', default: 4.6, meaning: 'minutes between two signs of life of a client', least: 0.1 },
  life: { kind: 'number', default: 100, meaning: 'minutes until a client moves to a fresh connection', least: 1 },
  ...quotaOptions,
} as const satisfies Options

const rates = [0.1, 0.5, 1, 2, 5, 10, 20, 50]

/** The output of `--json`. */
export interface Capacity {
  allowed: Allowed
  largestRooms: { perSecond: number; alone: number; by: string; together: number }[]
  reckonings: Derivation[]
}

export function capacityOf(counts: Counts, values: Values<typeof capacityOptions>): Capacity {
  const allowed = Object.fromEntries(quotaNames.map((name) => [name, values[name]])) as Allowed
  const rooms = rates.map((perSecond) => {
    const { value, by } = largestRoom(counts, allowed, perSecond)
    return { perSecond, alone: value, by, together: largestRoomWithBatches(counts, allowed, perSecond).value }
  })
  return {
    allowed,
    largestRooms: rooms,
    reckonings: [
      largestRoom(counts, allowed, values.rate),
      largestRoomWithBatches(counts, allowed, values.rate),
      secondsToDeliver(counts, allowed, values.members),
      secondsToReturn(counts, allowed, values.clients, values.rooms),
      mostConnections(allowed, values.beat, values.life, values.rooms),
      busyRooms(allowed, values.size, values.rate),
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
    ...reckonings.map(derivationText),
    'Throttles are aims of the gateway, not promises. Nothing else is thought to go on in the account.',
    `Quotas:\n${columns(['argument', 'value', 'can be raised', 'meaning'], used)}`,
    `Quotas and their sources: tools/price/quotas.ts\n${[...sources].join('\n')}`,
  ].join('\n\n')
}

export function derivationText({ question, unit, bounds, value, by }: Derivation): string {
  const sums = bounds.map((bound) => {
    const sign = bound.name === by ? '>' : ' '
    return `  ${sign} ${bound.name}: ${bound.arithmetic} = ${n(bound.value)}`
  })
  return [`${question}: ${n(value)} ${unit}`, ...sums].join('\n')
}
