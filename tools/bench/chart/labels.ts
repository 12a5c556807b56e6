import * as Plot from '@observablehq/plot'
import { lineHeight, textSize } from './theme.ts'

/** The width of a character as a share of the text size: that of Plot for monospaced texts, which few typefaces exceed. */
const characterWidth = 0.63

/** An estimate, as nothing measures text here. */
export const widthOf = (text: string, size = textSize): number => text.length * size * characterWidth

/**
 * Options for a text in one line that is cut at this width; the whole text becomes its tooltip. `monospace` is for the
 * estimate of the width only: the defaultSize one is too small for wide typefaces.
 */
export const cutAt = (pixels: number): Plot.TextOptions => ({
  monospace: true,
  fontFamily: 'system-ui, sans-serif',
  // A text that has exactly this width fits.
  lineWidth: pixels / textSize + 0.01,
  textOverflow: 'ellipsis',
  textAnchor: 'start',
})

/** Cuts a text into lines of at most this width; a longer word is cut too. */
export function wrapped(text: string, room: number, size = textSize): string[] {
  const most = Math.max(1, Math.floor(room / (size * characterWidth)))
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap((long) => long.match(new RegExp(`.{1,${most}}`, 'gu')) ?? [])) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** A position in pixels from the top left corner of the picture, beside the scales. */
export const pixels = <Datum>(value: (datum: Datum) => number) => ({ value, scale: null })

interface Box {
  x: number
  y: number
  halfWidth: number
}

const overlap = (one: Box, other: Box) =>
  Math.abs(one.x - other.x) < one.halfWidth + other.halfWidth && Math.abs(one.y - other.y) < lineHeight - 4

/** A text at a point of the chart; without `y`, along an edge of it. */
export interface Label {
  x: number
  y?: number
  text: string
}

/** The labels, without each that would cover an earlier label or the point of another. `dy` is their distance from the points. */
export const labels = <Texts extends Label>(
  all: readonly Texts[],
  options: Plot.TextOptions & { dy: number },
): Plot.Text =>
  Plot.text(
    all,
    Plot.initializer({ ...options, x: 'x', text: 'text' }, (_, facets, __, { x, y }) => {
      const points = all.map(
        (label): Box => ({ x: x?.(label.x), y: label.y === undefined ? 0 : y?.(label.y), halfWidth: 5 }),
      )
      const taken = [...points]
      const fits = (index: number) => {
        const [point, text] = [points[index], all[index]?.text ?? '']
        if (!point) return false
        const box = { x: point.x, y: point.y + options.dy, halfWidth: widthOf(text) / 2 + 1 }
        if (taken.some((other) => overlap(box, other))) return false
        taken.push(box)
        return true
      }
      return { facets: facets.map((indexes) => indexes.filter(fits)) }
    }),
  )
