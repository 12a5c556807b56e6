import * as Plot from '@observablehq/plot'
import { cutAt, pixels, widthOf, wrapped } from './labels.ts'
import { colorOf, lineHeight, margin, titleSize, width } from './theme.ts'

export interface Heading {
  title: string
  /** The content in words, for readers who cannot see the picture. */
  description: string
}

const swatchWidth = 20
const gap = 18

/** The title and, for more than one series, the legend in columns; `height` is where the chart itself begins. */
export function heading(title: string, names: readonly string[], symbolOf: (series: number) => Plot.SymbolType) {
  const room = width - 2 * margin
  const titleLines = wrapped(title, room, titleSize)
  const titleHeight = titleLines.length * 22
  const legendNames = names.length > 1 ? names : []
  const column = Math.min(room, Math.max(0, ...legendNames.map((name) => widthOf(name))) + swatchWidth + gap)
  const columns = Math.max(1, Math.floor((room + gap) / column))
  const top = margin + titleHeight + lineHeight / 2 + 4
  const entries = legendNames.map((name, at) => ({
    name,
    color: colorOf(at),
    symbol: symbolOf(at),
    x: margin + (at % columns) * column,
    y: top + Math.floor(at / columns) * lineHeight,
  }))
  return {
    height: entries.length > 0 ? (entries.at(-1)?.y ?? top) + lineHeight / 2 : margin + titleHeight,
    marks: [
      Plot.text([titleLines.join('\n')], {
        x: pixels(() => margin),
        y: pixels(() => margin),
        fontSize: titleSize,
        fontWeight: 600,
        lineHeight: 22 / titleSize,
        lineAnchor: 'top',
        textAnchor: 'start',
      }),
      Plot.dot(entries, {
        x: pixels(({ x }) => x + 6),
        y: pixels(({ y }) => y),
        r: 4.5,
        fill: 'color',
        symbol: 'symbol',
      }),
      Plot.text(entries, {
        x: pixels(({ x }) => x + swatchWidth),
        y: pixels(({ y }) => y),
        text: 'name',
        ...cutAt(column - swatchWidth - gap),
      }),
    ],
  }
}
