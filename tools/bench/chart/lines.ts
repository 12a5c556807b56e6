import * as Plot from '@observablehq/plot'
import { type Heading, heading } from './heading.ts'
import { labels, widthOf } from './labels.ts'
import { shown } from './numbers.ts'
import { colorOf, colors, lineHeight, margin } from './theme.ts'

export type Point = readonly [x: number, y: number]
export type Scale = 'linear' | 'log'

/** Lines over an axis. Points that have no position on it, such as zero on a logarithmic one, are left out. */
export interface Lines extends Heading {
  kind: 'lines'
  x: { label: string; scale: Scale }
  y: { label: string; scale: Scale }
  series: readonly { name: string; points: readonly Point[] }[]
}

const plotHeight = 280
const dashes = ['none', '7 4', '2 3', '9 3 2 3']
const symbols = ['circle', 'square', 'triangle', 'diamond2'] as const
const symbolOf = (series: number) => symbols[series % symbols.length] ?? 'circle'

const hasPosition = (scale: Scale, value: number) => Number.isFinite(value) && (scale === 'linear' || value > 0)

/** Every series has its colour, its dash and its symbol, so that one of them is enough to identify it. */
export function linePlot({ title, x, y, series }: Lines): Plot.PlotOptions {
  const points = series.flatMap(({ name, points: all }, at) =>
    all
      .filter(([px, py]) => hasPosition(x.scale, px) && hasPosition(y.scale, py))
      .map(([px, py]) => ({
        name,
        series: at,
        color: colorOf(at),
        symbol: symbolOf(at),
        x: px,
        y: py,
        text: shown(py),
      })),
  )
  const top = heading(
    title,
    series.map(({ name }) => name),
    symbolOf,
  )
  const marginTop = top.height + 2.25 * lineHeight
  const marginBottom = margin + 1.75 * lineHeight
  // On a logarithmic axis the points are few, and none of the powers of ten need be among them.
  const steps = x.scale === 'log' ? [...new Set(points.map((point) => point.x))] : undefined
  const axis = { tickFormat: shown, tickSize: 0, label: null }
  const yScale = {
    type: y.scale,
    nice: true,
    zero: y.scale === 'linear',
    domain: extent(points.map((point) => point.y)),
  }
  const ends = Plot.scale({ y: yScale })?.domain ?? []
  const tickWidth = Math.max(...['0.00', ...Array.from(ends, shown)].map((text) => widthOf(text)))
  return {
    height: marginTop + plotHeight + marginBottom,
    marginTop,
    marginBottom,
    marginLeft: margin + tickWidth + 10,
    marginRight: margin + 10,
    x: { ...axis, type: x.scale, inset: 16, ...(steps && { axis: null }) },
    y: { ...axis, ...yScale, ticks: 5, grid: true },
    marks: [
      ...top.marks,
      Plot.text([y.label], {
        frameAnchor: 'top-left',
        lineAnchor: 'bottom',
        textAnchor: 'start',
        dx: -tickWidth - 10,
        dy: -lineHeight,
      }),
      Plot.text([x.label], {
        frameAnchor: 'bottom-right',
        lineAnchor: 'top',
        textAnchor: 'end',
        dy: 1.75 * lineHeight,
      }),
      labels(
        (steps ?? []).map((value) => ({ x: value, text: shown(value) })),
        { frameAnchor: 'bottom', dy: 18 },
      ),
      ...series.map((_, at) =>
        Plot.line(
          points.filter((point) => point.series === at),
          {
            x: 'x',
            y: 'y',
            stroke: colorOf(at),
            strokeWidth: 2,
            strokeDasharray: dashes[at % dashes.length] ?? 'none',
          },
        ),
      ),
      Plot.dot(points, {
        x: 'x',
        y: 'y',
        r: 4,
        fill: 'color',
        symbol: 'symbol',
        title: (point) => `${point.name}: ${shown(point.y)} at ${shown(point.x)}`,
      }),
      labels(points, { y: 'y', dy: -14, fill: 'currentColor', stroke: colors.background.light, strokeWidth: 3 }),
    ],
  }
}

const extent = (values: readonly number[]) => (values.length > 0 ? [Math.min(...values), Math.max(...values)] : [1, 10])
