import { type Drawing, lineHeight, margin, textAt, width, widthOf, wrapped } from './svg.ts'

/** Draws the sign of a series around a point. */
export type Sign = (series: number, x: number, y: number) => string

const signRoom = 22
const gap = 18

/** The names of the series, each behind its sign, in as many rows as they take. One series needs none. */
export function legend(names: readonly string[], sign: Sign): Drawing {
  return (top) => {
    if (names.length < 2) return { marks: [], bottom: top }
    let [x, y] = [margin, top + lineHeight]
    const marks = names.flatMap((name, at) => {
      const lines = wrapped(name, width - 2 * margin - signRoom)
      const room = signRoom + Math.max(...lines.map((line) => widthOf(line)))
      if (x > margin && x + room > width - margin) [x, y] = [margin, y + lineHeight]
      const drawn = [
        sign(at, x + signRoom / 2 - 3, y - 4),
        ...lines.map((line, row) => textAt(x + signRoom, y + row * lineHeight, line)),
      ]
      y += (lines.length - 1) * lineHeight
      x += room + gap
      return drawn
    })
    return { marks, bottom: y + 6 }
  }
}
