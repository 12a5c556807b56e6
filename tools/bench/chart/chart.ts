import { type Bars, drawBars } from './bars.ts'
import { drawLines, type Lines } from './lines.ts'
import { framed } from './svg.ts'

export type Chart = Bars | Lines

/** An SVG file: readable on a light ground and on a dark one, and by machines that read aloud. */
export const drawn = (chart: Chart): string => framed(chart, chart.kind === 'bars' ? drawBars(chart) : drawLines(chart))
