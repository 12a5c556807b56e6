import type { Chart } from '../chart/chart.ts'
import { median } from '../percentiles.ts'
import { rounded, table, verdict } from '../report.ts'
import type { Stage } from './measure.ts'

/** MiB at each stage, and the deliveries of its messages. */
export const stageTable = (stages: readonly Stage[]): string =>
  table(
    [
      'when',
      'local run: peak, MiB',
      'then',
      'database: peak, MiB',
      'then',
      'last delivery, ms',
      'received once',
      'never',
    ],
    stages.map(({ name, run, database, deliveries }) => [
      name,
      ...[run.peak, run.now, database.peak, database.now],
      ...(deliveries.length > 0
        ? [
            Math.round(median(deliveries.map(({ lastMs }) => lastMs))),
            deliveries.reduce((sum, { once }) => sum + once, 0),
            deliveries.reduce((sum, { never }) => sum + never, 0),
          ]
        : ['–', '–', '–']),
    ]),
  )

/** Memory is stable if the last round needs at most a tenth more than the second, when all code has run once. */
export function stableTable(stages: readonly Stage[]): string {
  const rounds = stages.filter(({ deliveries }) => deliveries.length > 0)
  const [second, last] = [rounds[1], rounds.at(-1)]
  if (!second || !last) throw new Error('The comparison needs two rounds.')
  const row = (name: string, of: 'run' | 'database') => {
    const ratio = rounded(last[of].peak / second[of].peak)
    return [name, second[of].peak, last[of].peak, ratio, verdict(ratio, 1.1)]
  }
  return table(
    ['stable', 'second round, MiB', 'last round, MiB', 'ratio', 'target'],
    [row('the local run', 'run'), row('its database', 'database')],
  )
}

export const chartOf = (stages: readonly Stage[]): Chart => ({
  kind: 'bars',
  title: 'Peak resident memory, by stage',
  description: 'The processes of the local run. All clients stay connected during the rounds.',
  unit: 'MiB',
  series: ['the local run', 'its database'],
  groups: stages.map(({ name, run, database }) => ({ label: name, values: [run.peak, database.peak] })),
})
