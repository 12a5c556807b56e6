import { type Line, linesOf, type Widget } from '../../local/cloudwatch/dashboard.ts'
import type { MetricStore } from '../../local/cloudwatch/store.ts'
import { colors, style } from '../bench/chart/theme.ts'
import { alarmsPart, type ListedAlarm } from './alarm-list.ts'
import { graphPart } from './graph.ts'
import { type Box, figure, rect, text } from './svg.ts'

const column = 48
const row = 34
const gap = 6

export interface Shown {
  store: MetricStore
  /** The alarms by the name that their description ends with, and whether each was raised in the time that is shown. */
  alarms: readonly ListedAlarm[]
  from: number
  to: number
}

/** Draws a dashboard as CloudWatch lays it out: 24 columns, each widget at its place. */
export function drawDashboard(widgets: readonly Widget[], shown: Shown, description: string): string {
  const width = 24 * column
  const height = Math.max(...widgets.map((widget) => widget.y + widget.height)) * row
  const parts = widgets.flatMap((widget) => partOf(widget, shown, boxOf(widget)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="12" fill="currentColor">`,
    `<title id="title">The dashboard of a chat</title>`,
    `<desc id="description">${description}</desc>`,
    `<style>${style}</style>`,
    rect({ x: 0, y: 0, width, height }, colors.background.light),
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

const boxOf = ({ x, y, width, height }: Widget): Box => ({
  x: x * column + gap,
  y: y * row + gap,
  width: width * column - 2 * gap,
  height: height * row - 2 * gap,
})

function partOf(widget: Widget, { store, alarms, from, to }: Shown, box: Box): string[] {
  const { properties, type } = widget
  if (type === 'text')
    return [text(box.x, box.y + 17, String(properties.markdown).replace(/^#+ /, ''), { size: 17, weight: 600 })]
  if (type === 'alarm') return alarmsPart(alarms, box)
  const lines = linesOf(store, widget, from, to)
  return properties.view === 'singleValue'
    ? numberPart(lines, box)
    : graphPart(properties, lines, box, (to - from) / 60_000)
}

/** The newest value. */
function numberPart([line]: Line[], box: Box): string[] {
  const value = line?.values.findLast((each) => each !== undefined)
  return [
    text(box.x, box.y + 14, line?.label ?? '', {}),
    text(box.x, box.y + 50, value === undefined ? '–' : figure(value), { size: 26, weight: 600 }),
  ]
}
