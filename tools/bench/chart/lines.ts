import { legend, type Sign } from './legend.ts'
import { shown } from './numbers.ts'
import { axisOf, placeable, type Scale, valueTicks } from './scale.ts'
import {
  colorAt,
  type Drawing,
  escaped,
  fixed,
  type Heading,
  lineHeight,
  margin,
  textAt,
  width,
  widthOf,
} from './svg.ts'

export type Point = readonly [x: number, y: number]

/** Lines over an axis. A point that has no place on it, such as zero on a logarithmic one, is left out. */
export interface Lines extends Heading {
  kind: 'lines'
  x: { label: string; scale: Scale }
  y: { label: string; scale: Scale }
  series: readonly { name: string; points: readonly Point[] }[]
}

const plotHeight = 280
const dashes = ['', '7 4', '2 3', '9 3 2 3']

/** Every series has a colour, a dash and a sign of its own, so that one of them is enough to tell it. */
export function drawLines({ x, y, series: told }: Lines): Drawing {
  const hasPlace = ([px, py]: Point) => placeable(x.scale, px) && placeable(y.scale, py)
  const series = told.map(({ name, points: own }) => ({ name, points: own.filter(hasPlace) }))
  const points = series.flatMap((each) => each.points)
  const ticks = valueTicks(
    y.scale,
    points.map(([, value]) => value),
  )
  const left = margin + Math.max(0, ...ticks.map((tick) => widthOf(shown(tick)))) + 8
  const right = width - margin - 30
  return (top) => {
    const named = legend(
      series.map(({ name }) => name),
      sign,
    )(top)
    const above = named.bottom + 2 * lineHeight
    const below = above + plotHeight
    const across = axisOf(
      x.scale,
      points.map(([value]) => value),
      left + 12,
      right,
    )
    const up = axisOf(y.scale, ticks, below, above)
    const places = new Places()
    for (const [px, py] of points) places.keep(across(px), up(py), 5)
    const grid = ticks.flatMap((tick) => [
      `<line class="rule" x1="${fixed(left)}" y1="${fixed(up(tick))}" x2="${fixed(right)}" y2="${fixed(up(tick))}"/>`,
      textAt(left - 6, up(tick) + 4, shown(tick), 'end'),
    ])
    const feet = new Places()
    const along = [...new Set(points.map(([value]) => value))]
      .sort((a, b) => a - b)
      .filter((value) => feet.take(across(value), below, shown(value)))
      .map((value) => textAt(across(value), below + lineHeight, shown(value), 'middle'))
    const lines = series.flatMap(({ points: own }, at) => {
      if (own.length === 0) return []
      const path = own.map(([px, py]) => `${fixed(across(px))},${fixed(up(py))}`).join(' ')
      return `<polyline class="line s${colorAt(at)}" stroke-dasharray="${dashes[at % dashes.length]}" points="${path}"/>`
    })
    const signs = series.flatMap(({ name, points: own }, at) =>
      own.flatMap(([px, py]) => {
        const [cx, cy] = [across(px), up(py)]
        const told = `<title>${escaped(`${name}: ${shown(py)} at ${shown(px)}`)}</title>`
        const drawn = `<g>${told}${sign(at, cx, cy)}</g>`
        return places.take(cx, cy - lineHeight + 4, shown(py))
          ? [drawn, textAt(cx, cy - 9, shown(py), 'middle', 'value')]
          : [drawn]
      }),
    )
    const axes = [textAt(margin, above - lineHeight, y.label), textAt(right, below + 2 * lineHeight, x.label, 'end')]
    return {
      marks: [...named.marks, ...grid, ...along, ...lines, ...signs, ...axes],
      bottom: below + 2 * lineHeight + 4,
    }
  }
}

const sign: Sign = (series, x, y) => {
  const [fill, cx, cy] = [`class="f${colorAt(series)}"`, fixed(x), fixed(y)]
  const shapes = [
    `<circle ${fill} cx="${cx}" cy="${cy}" r="4.5"/>`,
    `<rect ${fill} x="${fixed(x - 4)}" y="${fixed(y - 4)}" width="8" height="8"/>`,
    `<path ${fill} d="M${cx} ${fixed(y - 5)}l5 9h-10z"/>`,
    `<path ${fill} d="M${cx} ${fixed(y - 6)}l6 6l-6 6l-6 -6z"/>`,
  ]
  return shapes[series % shapes.length] ?? ''
}

/** Where words and signs stand already, so that no word stands on another or on a sign. */
class Places {
  readonly #taken: { x: number; y: number; half: number }[] = []

  take(x: number, y: number, text: string): boolean {
    const half = widthOf(text) / 2 + 2
    if (
      this.#taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < lineHeight - 4)
    )
      return false
    this.keep(x, y, half)
    return true
  }

  keep(x: number, y: number, half: number): void {
    this.#taken.push({ x, y, half })
  }
}
