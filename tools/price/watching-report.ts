import type { Options, Values } from '../../terminal/command/options.ts'
import type { Counts } from './counts.ts'
import { monthOf } from './month.ts'
import { columns, count, dollars } from './text.ts'
import { everySeries, type WatchingLine, watchingOf, watchingPrices } from './watching.ts'
import { workloadOf, workloadOptions } from './workload.ts'

/** The defaults describe fifty people at their work. */
export const watchingOptions = {
  ...workloadOptions,
  users: { ...workloadOptions.users, default: 50 },
  rooms: { ...workloadOptions.rooms, default: 5 },
  messages: { ...workloadOptions.messages, default: 2500 },
  verbs: { kind: 'number', whole: true, default: 10, meaning: 'verbs that are used in an hour' },
  alarms: { kind: 'number', whole: true, default: 53, meaning: 'metrics that the alarms read' },
  dashboards: { kind: 'number', whole: true, default: 1, meaning: 'dashboards' },
} as const satisfies Options

/** The output of `--json`. */
export interface Watching {
  lines: WatchingLine[]
  usd: number
  /** The metrics alone if every one had a value in every hour. */
  mostMetricsUsd: number
  hours: number
  days: number
}

export function watchingCost(counts: Counts, values: Values<typeof watchingOptions>): Watching {
  const workload = workloadOf(values)
  const found = watchingOf(workload, monthOf(counts, workload), values, values['free-tier'])
  const [{ usd }] = watchingPrices.metrics.steps
  const { hours, days } = workload
  return { ...found, mostMetricsUsd: everySeries(values.verbs) * usd, hours, days }
}

export function watchingText({ lines, usd, mostMetricsUsd, hours, days }: Watching): string {
  const rows = lines.map((line) => [line.name, count(line.quantity), line.unit, dollars(line.usd)])
  return [
    columns(['a month', 'quantity', 'unit', 'US dollars'], [...rows, ['all', '', '', dollars(usd)]]),
    `People are there ${count(hours)} hours on ${count(days)} days; a metric costs nothing in an hour without a value.
All metrics in every hour of the month: ${dollars(mostMetricsUsd)}. Without --free-tier no free allowance counts.`,
    `Prices and their sources: tools/price/watching.ts\n- ${watchingPrices.metrics.date}  ${watchingPrices.metrics.source}`,
  ].join('\n\n')
}
