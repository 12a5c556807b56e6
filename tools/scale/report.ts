import type { Options, Values } from '../../terminal/command/options.ts'
import { derivationText } from '../price/capacity-report.ts'
import type { Counts } from '../price/counts.ts'
import { type Derivation, n } from '../price/derivation.ts'
import { columns, count, dollars } from '../price/text.ts'
import { everySeries, watchingPrices } from '../price/watching.ts'
import { billOf, cellsFor, cellsMet, moveOf } from './cells.ts'
import { modes } from './tables.ts'
import { type Outcome, talk } from './two-regions.ts'

const positive = { kind: 'number', least: 0.001 } as const
const whole = { kind: 'number', whole: true, least: 1 } as const

export const scaleOptions = {
  users: { ...whole, default: 1_000_000, meaning: 'people who are online each day' },
  hours: { ...positive, most: 24, default: 8, meaning: 'hours a day that each is online' },
  rooms: { ...whole, most: 50, default: 5, meaning: 'rooms of each' },
  members: { ...whole, least: 2, default: 20, meaning: 'connections in each room' },
  messages: { ...positive, default: 20, meaning: 'messages of each user a day' },
  peak: { ...positive, least: 1, default: 3, meaning: 'how many times the mean the busiest second has' },
  share: { ...positive, most: 1, default: 0.5, meaning: 'of each quota, what a cell may use in that second' },
  together: {
    ...positive,
    least: 0,
    most: 1,
    default: 0.9,
    meaning: 'of the rooms of a person, the share that is homed in the same cell',
  },
  log: { ...whole, default: 100_000, meaning: 'messages of the room that moves' },
  said: { ...whole, most: 2000, default: 400, meaning: 'messages of each Region in the simulation' },
  rate: { ...positive, default: 2, meaning: 'of them a second' },
  between: { ...positive, default: 70, meaning: 'milliseconds from one Region to the other and back' },
  replication: { ...positive, default: 800, meaning: 'milliseconds until an eventual replica has a write' },
  seed: { kind: 'number', whole: true, default: 1, meaning: 'of the random numbers of the simulation' },
} as const satisfies Options

/** Milliseconds of a call of a table in the same Region, as in `npm run cost`. */
const near = 6

/** Bytes of a stored message. */
const storedBytes = 400

export interface Scale {
  cells: Derivation
  cellsMet: { byChance: number; together: number }
  usd: number
  /** A month of the connections of people who are in several cells, beside their first one. */
  abroadUsd: { byChance: number; together: number }
  watchingUsd: number
  move: Derivation
  outcomes: Outcome[]
}

export async function scaleOf(counts: Counts, values: Values<typeof scaleOptions>): Promise<Scale> {
  const cells = cellsFor(values)
  const { usd, quietUsd } = billOf(counts, values)
  const met = {
    byChance: cellsMet(cells.value, values.rooms, 0),
    together: cellsMet(cells.value, values.rooms, values.together),
  }
  const distances = { near, between: values.between, replication: values.replication }
  const talking = { messages: values.said, rate: values.rate, seed: values.seed, distances }
  const outcomes: Outcome[] = []
  for (const mode of modes) outcomes.push(await talk(mode, talking))
  const verbs = 10
  return {
    cells,
    cellsMet: met,
    usd,
    abroadUsd: { byChance: (met.byChance - 1) * quietUsd, together: (met.together - 1) * quietUsd },
    watchingUsd: cells.value * everySeries(verbs) * watchingPrices.metrics.steps[0].usd,
    move: moveOf(values.log, storedBytes),
    outcomes,
  }
}

export function scaleText(found: Scale): string {
  const rows = found.outcomes.map(({ mode, acknowledged, lost, refused, conflicts, half, most }) => [
    mode,
    count(acknowledged),
    count(lost),
    count(refused),
    count(conflicts),
    `${n(half)} ms`,
    `${n(most)} ms`,
  ])
  const { byChance, together } = found.cellsMet
  return [
    derivationText(found.cells),
    `A month, all cells together: ${dollars(found.usd)}, and their metrics at most ${dollars(found.watchingUsd)}.
A person meets ${n(byChance)} cells with rooms homed by chance, ${n(together)} with rooms homed where they belong; the further
connections cost at most ${dollars(found.abroadUsd.byChance)} and ${dollars(found.abroadUsd.together)} more.`,
    derivationText(found.move),
    `Two Regions talk in one room:\n${columns(['the log', 'acknowledged', 'lost', 'to be sent again', 'conflicts', 'half within', '99 of 100'], rows)}`,
  ].join('\n\n')
}
