import type { Line } from '../../local/cloudwatch/dashboard.ts'
import { type Json, object as objectOf } from '../../local/json.ts'
import { listOf } from '../../local/template/load.ts'
import { colorOf } from '../bench/chart/theme.ts'
import { type Box, figure, frame, line, rounded, text } from './svg.ts'

const legendHeight = 17
const dashes = ['', '6 3', '2 3', '8 3 2 3']
/** More lines are hard to tell apart; the legend says how many are left out. */
const mostLines = 7

/** A graph over the minutes, with its legend below and its limit, if it has one. */
export function graphPart(properties: Json, given: readonly Line[], box: Box, minutes: number): string[] {
  const known = given.filter(({ values }) => values.some((value) => value !== undefined))
  const lines = [...known].sort((a, b) => peakOf(b) - peakOf(a)).slice(0, mostLines)
  const unit = String(objectOf(objectOf(properties.yAxis).left).label ?? '')
  const legend = legendOf(lines, known.length - lines.length, box)
  const area = { x: box.x + 52, y: box.y + 46, width: box.width - 66, height: box.height - 76 - legend.height }
  const head = [
    frame(box),
    text(box.x + 10, box.y + 20, String(properties.title ?? ''), { weight: 600 }),
    text(box.x + box.width - 10, box.y + 20, unit, { anchor: 'end', size: 11 }),
  ]
  if (lines.length === 0) return [...head, text(box.x + 10, box.y + 48, 'nothing in this hour', { size: 11 })]
  const [limit] = listOf(objectOf(properties.annotations).horizontal)
  const peak = Math.max(...lines.map(peakOf))
  // A limit that is far away would press the lines to the ground.
  const isNear = limit !== undefined && Number(limit.value) <= 3 * peak
  const top = niceTop(isNear ? Math.max(peak, Number(limit.value)) : peak)
  const yOf = (value: number) => area.y + area.height * (1 - value / top)
  const grid = [0, top / 2, top].flatMap((value) => [
    line(area.x, yOf(value), area.x + area.width, yOf(value), 'stroke-opacity="0.15"'),
    text(area.x - 6, yOf(value) + 4, figure(value), { anchor: 'end', size: 11 }),
  ])
  const limitWord = limit && `${limit.label}: ${figure(Number(limit.value))}`
  return [
    ...head,
    ...grid,
    ...(isNear
      ? [
          line(
            area.x,
            yOf(Number(limit.value)),
            area.x + area.width,
            yOf(Number(limit.value)),
            'stroke-dasharray="3 3"',
          ),
        ]
      : []),
    ...(limitWord ? [text(area.x + area.width, area.y - 8, limitWord, { anchor: 'end', size: 11 })] : []),
    ...lines.map(({ values }, at) => path(values, at, area, yOf)),
    text(area.x, area.y + area.height + 15, '0 min', { size: 11 }),
    text(area.x + area.width, area.y + area.height + 15, `${minutes} min`, { anchor: 'end', size: 11 }),
    ...legend.parts,
  ]
}

const peakOf = ({ values }: Line) => Math.max(0, ...values.map((value) => value ?? 0))

/** The next of 1, 2, 5, 10 … above a value. */
function niceTop(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((step) => step * power >= value * 1.0001) ?? 10) * power
}

/** A minute without a value breaks the line; one between two such minutes is a dot. */
function path(values: Line['values'], series: number, area: Box, yOf: (value: number) => number): string {
  const step = area.width / Math.max(1, values.length - 1)
  let drawn = ''
  for (const [at, value] of values.entries()) {
    if (value === undefined) continue
    const point = `${rounded(area.x + at * step)} ${rounded(yOf(value))}`
    const begins = values[at - 1] === undefined
    drawn += begins ? `M${point}` : `L${point}`
    if (begins && values[at + 1] === undefined) drawn += 'h0.1'
  }
  const dash = dashes[Math.floor(series / 6) % dashes.length]
  return `<path d="${drawn}" fill="none" stroke="${colorOf(series)}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`
}

function legendOf(lines: readonly Line[], left: number, box: Box): { height: number; parts: string[] } {
  const words = [...lines.map(({ label }) => label), ...(left > 0 ? [`and ${left} more`] : [])]
  const rows: { label: string; series: number; x: number; row: number }[] = []
  let [x, row] = [0, 0]
  for (const [series, label] of words.entries()) {
    const width = label.length * 6.9 + 28
    if (x > 0 && x + width > box.width - 20) [x, row] = [0, row + 1]
    rows.push({ label, series, x, row })
    x += width
  }
  const height = words.length === 0 ? 0 : (row + 1) * legendHeight
  const top = box.y + box.height - height + 5
  const parts = rows.flatMap(({ label, series, x: at, row: of }) => {
    const [left, y] = [box.x + 10 + at, top + of * legendHeight]
    const dash = dashes[Math.floor(series / 6) % dashes.length]
    const mark = `<path d="M${rounded(left)} ${rounded(y - 4)}h12" stroke="${colorOf(series)}" stroke-width="3"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`
    return [...(series < lines.length ? [mark] : []), text(left + 17, y, label, { size: 11 })]
  })
  return { height, parts }
}
