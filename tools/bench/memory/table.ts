import type { Chart } from '../chart/chart.ts'
import { median } from '../percentiles.ts'
import { rounded, table, verdict } from '../report.ts'
import type { Stage } from './scene.ts'

/** MiB at each stage, and how its messages arrived. */
export const stageTable = (stages: readonly Stage[]): string =>
  table(
    ['when', 'local run: peak, MiB', 'then', 'database: peak, MiB', 'then', 'last has it, ms', 'heard once', 'never'],
    stages.map(({ name, run, database, heard }) => [
      name,
      ...[run.peak, run.now, database.peak, database.now],
      ...(heard.length > 0
        ? [
            Math.round(median(heard.map(({ lastMs }) => lastMs))),
            heard.reduce((sum, { once }) => sum + once, 0),
            heard.reduce((sum, { never }) => sum + never, 0),
          ]
        : ['–', '–', '–']),
    ]),
  )

/** Memory is stable where the last round needs hardly more than the second, by when everything has run. */
export function stableTable(stages: readonly Stage[]): string {
  const rounds = stages.filter(({ heard }) => heard.length > 0)
  const [second, last] = [rounds[1], rounds.at(-1)]
  if (!second || !last) throw new Error('Stability takes two rounds.')
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
  title: 'Most memory that was resident, by what happened',
  description: 'The processes of the local run. Rounds follow one another while everybody stays.',
  unit: 'MiB',
  series: ['the local run', 'its database'],
  groups: stages.map(({ name, run, database }) => ({ label: name, values: [run.peak, database.peak] })),
})
