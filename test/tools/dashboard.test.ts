import { readFileSync } from 'node:fs'
import { parseHTML } from 'linkedom'
import type { Widget } from '../../local/cloudwatch/dashboard.ts'
import { metricStore, minuteMs } from '../../local/cloudwatch/store.ts'
import { drawDashboard } from '../../tools/dashboard/draw.ts'
import { byId, readStack } from '../infra/stack.ts'

interface Element {
  textContent: string
  getAttribute(name: string): string | null
}

function elements(svg: string, selector: string): Element[] {
  const { document } = parseHTML(`<!doctype html><html><body>${svg}</body></html>`)
  return [...document.querySelectorAll(selector)]
}

const textsOf = (svg: string) => elements(svg, 'text').map(({ textContent }) => textContent)

const [definition] = Object.values(byId(readStack(), 'AWS::CloudWatch::Dashboard'))
const body: { widgets: Widget[] } = JSON.parse(String(definition?.DashboardBody))

/** The headings of a dashboard: of its parts, its graphs and its numbers. */
const headings = body.widgets.flatMap(({ type, properties }) => {
  const { title, markdown, view, metrics } = properties
  if (type === 'text') return [String(markdown).replace(/^## /, '')]
  if (view === 'singleValue') return [String(Object([metrics].flat(2).find((part) => Object(part).label)).label)]
  return type === 'metric' ? [String(title)] : []
})

test('the picture in the runbook has every part of the dashboard as it is defined today', () => {
  expect(headings.length).toBeGreaterThan(15)
  expect(textsOf(readFileSync('docs/dashboard.svg', 'utf8'))).toEqual(expect.arrayContaining(headings))
})

test('the dashboard answers whether it is well, who is hurt and what it costs, in this order', () => {
  expect(headings.filter((heading) => heading.endsWith('?'))).toEqual([
    'Is it well?',
    'Who is hurt?',
    'What does it cost today?',
  ])
})

describe('a graph', () => {
  const store = metricStore()
  for (const [minute, value] of [5, 7, 3].entries())
    store.put({ namespace: 'N', name: 'a<b', dimensions: {}, value, at: minute * minuteMs })
  const properties = {
    view: 'timeSeries',
    title: 'Title',
    metrics: [['N', 'a<b', { stat: 'Sum' }]],
    annotations: { horizontal: [{ value: 8, label: 'limit' }] },
    yAxis: { left: { label: 'ms' } },
  }
  const widget = { type: 'metric', x: 0, y: 0, width: 8, height: 6, properties }
  const alarm = {
    id: 'A',
    name: 'too-slow',
    description: '',
    state: 'OK',
    since: 0,
    values: [],
    wasRaised: true,
  } as const
  const shown = { store, alarms: [alarm], from: 0, to: 3 * minuteMs }
  const draw = (more: Partial<Widget> = {}) => drawDashboard([{ ...widget, ...more }], shown, 'Words')

  test('has its title, its unit, its limit, its legend and its axis', () => {
    expect(textsOf(draw())).toEqual(['Title', 'ms', '0', '5', '10', 'limit: 8', '0 min', '3 min', 'a<b'])
  })

  test('draws a line through its values, and a dot where a value stands alone', () => {
    const [path] = elements(draw(), 'path[fill=none]')
    expect(path?.getAttribute('d')?.match(/[ML]/g)).toEqual(['M', 'L', 'L'])
    const alone = { ...properties, metrics: [['N', 'a<b', { stat: 'Sum', period: 60 }]] }
    const single = drawDashboard([{ ...widget, properties: alone }], { ...shown, to: minuteMs }, '')
    expect(elements(single, 'path[fill=none]')[0]?.getAttribute('d')).toMatch(/^M[\d.]+ [\d.]+h0\.1$/)
  })

  test('says so if it has no values', () => {
    expect(textsOf(draw({ properties: { ...properties, metrics: [] } }))).toContain('nothing in this hour')
  })

  test('shows alarms with their state', () => {
    expect(textsOf(draw({ type: 'alarm' }))).toEqual(['too-slow: over'])
  })

  test('shows the newest value as a number', () => {
    expect(textsOf(draw({ properties: { ...properties, view: 'singleValue' } }))).toEqual(['a<b', '3'])
  })

  test('is described for readers who cannot see it', () => {
    expect(elements(draw(), 'title,desc').map(({ textContent }) => textContent)).toEqual([
      'The dashboard of a chat',
      'Words',
    ])
  })
})
