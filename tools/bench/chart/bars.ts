import * as Plot from '@observablehq/plot'
import { type Heading, heading } from './heading.ts'
import { cutAt, widthOf } from './labels.ts'
import { shown } from './numbers.ts'
import { colorOf, margin, width } from './theme.ts'

/** Groups of bars, one below the other; each group has one bar for each series. */
export interface Bars extends Heading {
  kind: 'bars'
  /** Follows every value: `ms`. */
  unit?: string
  series: readonly string[]
  groups: readonly { label: string; values: readonly (number | undefined)[] }[]
}

const rowHeight = 18
const gapRows = 0.5

/** Every bar starts at zero and has its value at its end. */
export function barPlot({ title, unit = '', series, groups }: Bars): Plot.PlotOptions {
  const rowsOfGroup = 1 + series.length + gapRows
  const labels = groups.map(({ label }, at) => ({ label, row: at * rowsOfGroup }))
  const bars = groups.flatMap(({ values }, group) =>
    values.map((value = Number.NaN, at) => {
      const known = Number.isFinite(value)
      const text = known ? `${shown(value)}${unit && ` ${unit}`}` : '–'
      return { row: group * rowsOfGroup + 1 + at, color: colorOf(at), value: known ? value : 0, text }
    }),
  )
  const rows = groups.length * rowsOfGroup
  const longest = Math.max(0, ...bars.map(({ text }) => widthOf(text)))
  const top = heading(title, series, () => 'square')
  const [marginTop, marginBottom] = [top.height + 8, margin / 2]
  return {
    height: marginTop + rows * rowHeight + marginBottom,
    marginTop,
    marginBottom,
    marginLeft: margin,
    marginRight: margin + longest + 8,
    x: { axis: null, domain: [0, Math.max(0, ...bars.map(({ value }) => value)) || 1] },
    y: { axis: null, domain: [rows || 1, 0] },
    marks: [
      ...top.marks,
      Plot.text(labels, {
        x: () => 0,
        y: ({ row }) => row + 0.5,
        text: 'label',
        ...cutAt(width - 2 * margin),
      }),
      Plot.rect(bars, {
        x1: () => 0,
        x2: 'value',
        y1: 'row',
        y2: ({ row }) => row + 1,
        inset: 1.5,
        insetLeft: 0,
        insetRight: 0,
        fill: 'color',
      }),
      Plot.text(bars, { x: 'value', y: ({ row }) => row + 0.5, text: 'text', textAnchor: 'start', dx: 6 }),
    ],
  }
}
