import type { Chart } from '../chart/chart.ts'
import { percentile } from '../percentiles.ts'
import { rounded, table } from '../report.ts'
import type { Storm } from './measure.ts'

const shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1]

const secondsUntil = ({ back }: Storm, share: number) => rounded(percentile(back, share) / 1000)

export const backTable = (storms: readonly Storm[]): string =>
  table(
    [
      'clients',
      'rooms',
      'back: 50 %, s',
      '99 %',
      '100 %',
      'a second, on average',
      'handshakes each',
      'messages sent',
      'complete',
      'flawed',
      'processors busy, %',
    ],
    storms.map((storm) => [
      storm.clients,
      storm.rooms,
      ...[0.5, 0.99, 1].map((share) => secondsUntil(storm, share)),
      rounded(storm.clients / secondsUntil(storm, 1)),
      rounded(storm.handshakes / storm.clients),
      storm.messages,
      storm.complete,
      storm.flawed,
      storm.busy,
    ]),
  )

/** The use of one client that joins again, by function. */
export function usageTable({ used }: Storm): string {
  const figures = ['invocations', 'milliseconds', 'readUnits', 'rosterUnits', 'writeUnits'] as const
  const rows = used.map((share) => [
    `\`${share.name.toLowerCase()}\``,
    ...figures.map((of) => rounded(share[of])),
    share.calls,
  ])
  const sums = figures.map((of) => rounded(used.reduce((sum, share) => sum + share[of], 0)))
  return table(
    ['function', 'invocations', 'ms', 'read units', 'of these roster', 'write units', 'calls'],
    [...rows, ['all', ...sums, '']],
  )
}

export const chartOf = (storms: readonly Storm[]): Chart => ({
  kind: 'lines',
  title: 'Clients that are joined again, by seconds since the cut',
  description: 'In percent of all clients. This machine is the bound.',
  x: { label: 'seconds', scale: 'linear' },
  y: { label: '% back', scale: 'linear' },
  series: storms.map((storm) => ({
    name: storm.name,
    points: shares.map((share) => [secondsUntil(storm, share), share * 100] as const),
  })),
})
