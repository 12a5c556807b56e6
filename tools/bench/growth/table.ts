import type { Chart } from '../chart/chart.ts'
import type { Consumption } from '../consumption.ts'
import { type Cell, rounded, table } from '../report.ts'
import type { Extent, Used } from './measure.ts'

export type Axis = keyof Extent
export const axes: readonly Axis[] = ['rooms', 'members', 'messages']

/** The use of all situations, by the axis that is larger and by its factor; factor 1 is the first size. */
export type Grown = { [axis in Axis]: ReadonlyMap<number, Used> }

const figures: { [figure: string]: (used: Consumption) => number } = {
  'read units': ({ readUnits }) => readUnits,
  'write units': ({ writeUnits }) => writeUnits,
  calls: ({ calls }) => [...calls.values()].reduce((sum, count) => sum + count, 0),
  posts: ({ posts }) => posts,
}

/** Up to this factor a figure counts as flat, as positions and names get a digit longer. */
const flat = 1.1

interface FigureLine {
  situation: string
  figure: string
  base: number
  /** The figure by axis and factor. */
  at(axis: Axis, times: number): number
}

/** A line for each figure of each situation, without figures that are always 0. */
function linesOf(grown: Grown): FigureLine[] {
  const valueAt = (axis: Axis, times: number, situation: string, figure: string) => {
    const used = grown[axis].get(times)?.get(situation)
    return rounded((used && figures[figure]?.(used)) ?? Number.NaN)
  }
  const situations = [...(grown.rooms.get(1)?.keys() ?? [])]
  const lines = situations.flatMap((situation) =>
    Object.keys(figures).map((figure) => ({
      situation,
      figure,
      base: valueAt('rooms', 1, situation, figure),
      at: (axis: Axis, times: number) => valueAt(axis, times, situation, figure),
    })),
  )
  return lines.filter((line) => axes.some((axis) => line.at(axis, most(grown)) > 0) || line.base > 0)
}

const most = (grown: Grown): number => Math.max(...grown.rooms.keys())

const factor = (line: FigureLine, axis: Axis, times: number): number => rounded(line.at(axis, times) / line.base)

const growsWith = (line: FigureLine, times: number): Axis[] => axes.filter((axis) => factor(line, axis, times) > flat)

export function tableOf(grown: Grown, base: Extent): string {
  const times = most(grown)
  const head = [
    'situation',
    'figure',
    `${base.rooms} rooms, ${base.members} members, ${base.messages} messages`,
    ...axes.map((axis) => `${base[axis] * times} ${axis}`),
    'verdict',
  ]
  const rows = linesOf(grown).map((line): Cell[] => {
    const named = growsWith(line, times).map((axis) => `**grows with ${axis}**, × ${factor(line, axis, times)}`)
    const values = axes.map((axis) => line.at(axis, times))
    return [line.situation, line.figure, line.base, ...values, named.join('; ') || 'flat']
  })
  return table(head, rows)
}

/** Read units as multiples of the first size: a line for each situation that grows, and one for all others. */
export function chartOf(grown: Grown, axis: Axis): Chart {
  const steps = [...grown[axis].keys()]
  const reads = linesOf(grown).filter(({ figure, base }) => figure === 'read units' && base > 0)
  const growing = reads.filter((line) => growsWith(line, most(grown)).includes(axis))
  const rest = reads.filter((line) => !growing.includes(line))
  const series = [
    ...growing.map((line) => ({ name: line.situation, of: (times: number) => factor(line, axis, times) })),
    { name: 'all others', of: (times: number) => Math.max(...rest.map((line) => factor(line, axis, times))) },
  ]
  return {
    kind: 'lines',
    title: `Read units when a chat has more ${axis}`,
    description: 'Read units of each situation that grows, as multiples of those of the first size.',
    x: { label: `times as many ${axis}`, scale: 'log' },
    y: { label: 'times the read units', scale: 'log' },
    series: series
      .sort((one, other) => other.of(most(grown)) - one.of(most(grown)))
      .map(({ name, of }) => ({ name, points: steps.map((times) => [times, of(times)] as const) })),
  }
}
