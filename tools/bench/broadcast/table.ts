import type { Chart } from '../chart/chart.ts'
import { median } from '../percentiles.ts'
import { rounded, table } from '../report.ts'
import type { Inline } from './inline.ts'
import type { CrowdResult, Measurement } from './measure.ts'

type Figure = (delivery: Measurement['deliveries'][number]) => number

const times: { [name: string]: Figure } = {
  reply: ({ replyMs }) => replyMs,
  first: ({ firstMs }) => firstMs,
  median: ({ medianMs }) => medianMs,
  last: ({ lastMs }) => lastMs,
}

const of = (figure: Figure, { deliveries }: Measurement) => rounded(median(deliveries.map(figure)))

const sumOf = (figure: Figure, { deliveries }: Measurement) => deliveries.reduce((sum, one) => sum + figure(one), 0)

/** Milliseconds from the send of a message. */
export const timesTable = (measurements: readonly Measurement[]): string =>
  table(
    ['connections', 'situation', 'messages', ...Object.keys(times), 'received once', 'twice', 'never'],
    measurements.map((one) => [
      one.connections,
      one.situation,
      one.deliveries.length,
      ...Object.values(times).map((figure) => of(figure, one)),
      sumOf(({ once }) => once, one),
      sumOf(({ twice }) => twice, one),
      sumOf(({ never }) => never, one),
    ]),
  )

const functions = ['Send', 'Broadcast', 'Deliver']

/** The use of one message. */
export const costTable = (measurements: readonly Measurement[]): string =>
  table(
    [
      'connections',
      'situation',
      'posts',
      'read units',
      'of these roster',
      'write units',
      ...functions.flatMap((name) => [`\`${name.toLowerCase()}\` calls`, 'ms']),
    ],
    measurements.map(({ connections, situation, used }) => [
      connections,
      situation,
      ...[used.posts, used.readUnits, used.rosterUnits, used.writeUnits].map(rounded),
      ...functions.flatMap((name) => {
        const { calls = 0, milliseconds = 0 } = used.functions.get(name) ?? {}
        return [rounded(calls), Math.round(milliseconds)]
      }),
    ]),
  )

export const inlineTable = (inline: readonly Inline[]): string =>
  table(
    ['connections', 'answered at once', 'after 8 ms', 'after 8 ms, and one never'],
    inline.map(({ connections, ...ms }) => [connections, ...[ms.atOnce, ms.far, ms.hanging].map(rounded)]),
  )

export const memoryTable = (memory: CrowdResult['memory']): string => table(['the local run, when', 'MiB'], memory)

export const chartOf = (measurements: readonly Measurement[]): Chart => ({
  kind: 'lines',
  title: 'Milliseconds from a message to its reply and its deliveries, by connections',
  description:
    'Above 500 connections the reply does not wait for deliveries. The largest room has simulated connections.',
  x: { label: 'connections', scale: 'log' },
  y: { label: 'ms', scale: 'log' },
  series: Object.entries(times).map(([name, figure]) => ({
    name,
    points: measurements
      .filter(({ situation }) => situation === 'all live' || situation === 'simulated posts')
      .map((one) => [one.connections, of(figure, one)] as const),
  })),
})
