import { legend } from './legend.ts'
import { shown } from './numbers.ts'
import {
  colorAt,
  type Drawing,
  fixed,
  type Heading,
  lineHeight,
  margin,
  textAt,
  width,
  widthOf,
  wrapped,
} from './svg.ts'

/** Groups of bars that lie below one another; each group has a bar for each series. */
export interface Bars extends Heading {
  kind: 'bars'
  /** Follows every value: `ms`. */
  unit?: string
  series: readonly string[]
  groups: readonly { label: string; values: readonly (number | undefined)[] }[]
}

const thickness = 15
const step = thickness + 3

/** Every bar starts at zero, and its value stands at its end. */
export function drawBars({ unit = '', series, groups }: Bars): Drawing {
  const label = (value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? '–' : `${shown(value)}${unit && ` ${unit}`}`
  const values = groups.flatMap((group) => group.values.map((value) => value ?? 0)).filter(Number.isFinite)
  const longest = Math.max(0, ...groups.flatMap((group) => group.values.map((value) => widthOf(label(value)))))
  const room = Math.max(1, width - 2 * margin - longest - 8)
  const scale = room / (Math.max(0, ...values) || 1)
  return (top) => {
    const named = legend(
      series,
      (at, x, y) => `<rect class="f${colorAt(at)}" x="${fixed(x - 6)}" y="${fixed(y - 6)}" width="12" height="12"/>`,
    )(top)
    let y = named.bottom
    const marks = groups.flatMap((group) => {
      const lines = wrapped(group.label, width - 2 * margin)
      const heads = lines.map((line, at) => textAt(margin, y + (at + 1) * lineHeight, line))
      y += lines.length * lineHeight + 6
      const bars = group.values.flatMap((value, at) => {
        const length = Number.isFinite(value) ? Math.max(0, value ?? 0) * scale : 0
        const bar = `<rect class="f${colorAt(at)}" x="${margin}" y="${fixed(y)}" width="${fixed(length)}" height="${thickness}"/>`
        const told = textAt(margin + length + 6, y + thickness - 3, label(value))
        y += step
        return [bar, told]
      })
      y += 6
      return [...heads, ...bars]
    })
    return { marks: [...named.marks, ...marks], bottom: y }
  }
}
