import { isObject, type Json, list, object, parse, text } from '../json.ts'
import type { Resolve } from '../template/intrinsics.ts'
import { listOf, resourcesOf, type Template } from '../template/load.ts'
import { evaluate, type Values } from './expression.ts'
import { type MetricId, type MetricStore, minuteMs } from './store.ts'
import { statisticOf } from './summary.ts'

/** One widget of a dashboard. */
export interface Widget {
  type: string
  x: number
  y: number
  width: number
  height: number
  properties: Json
}

export interface Line {
  label: string
  /** One value for each minute, oldest first. */
  values: Values
}

/** The widgets of each dashboard of a template. */
export const readDashboards = (template: Template, resolve: Resolve): Widget[][] =>
  resourcesOf(template, 'AWS::CloudWatch::Dashboard').map(([, { properties }]) =>
    listOf(object(parse(text(resolve(properties.DashboardBody)))).widgets).map(widgetOf),
  )

const widgetOf = ({ type, x, y, width, height, properties }: Json): Widget => ({
  type: text(type),
  x: Number(x),
  y: Number(y),
  width: Number(width),
  height: Number(height),
  properties: object(properties),
})

/** What a widget shows of the minutes in `[from, to)`. A value of a longer period ends with its minute. */
export function linesOf(store: MetricStore, { properties }: Widget, from: number, to: number): Line[] {
  const series = new Map<string, Values>()
  const shown: (() => Line[])[] = []
  for (const row of list(properties.metrics)) {
    const parts = list(row)
    const options = object(parts.findLast(isObject))
    const { id, label, expression, period = 60, stat = 'Average', visible = true } = options
    const periodMs = Number(period) * 1000
    if (typeof expression === 'string') {
      shown.push(() =>
        expression.startsWith('SEARCH(')
          ? search(store, expression, from, to)
          : [{ label: text(label), values: evaluate(expression, series) }],
      )
      continue
    }
    const metric = metricOf(parts.filter((part) => typeof part === 'string').map(String))
    const values = valuesOf(store, metric, text(stat), { from, to, periodMs })
    if (id !== undefined) series.set(text(id), values)
    if (visible === true) shown.push(() => [{ label: text(label) || metric.name, values }])
  }
  return shown.flatMap((lines) => lines())
}

function metricOf([namespace = '', name = '', ...pairs]: string[]): MetricId {
  const dimensions: Record<string, string> = {}
  for (let at = 0; at + 1 < pairs.length; at += 2) dimensions[pairs[at] ?? ''] = pairs[at + 1] ?? ''
  return { namespace, name, dimensions }
}

interface Span {
  from: number
  to: number
  periodMs: number
}

function valuesOf(store: MetricStore, metric: MetricId, statistic: string, { from, to, periodMs }: Span): Values {
  return Array.from({ length: Math.round((to - from) / minuteMs) }, (_, index) => {
    const end = from + (index + 1) * minuteMs
    const summary = store.read(metric, end - periodMs, end)
    return summary && statisticOf(summary, statistic)
  })
}

const searched = /^SEARCH\('\{([^}]*)\} (.*)', '(\w[\w.]*)', (\d+)\)$/

/** One line for each metric with exactly these dimensions and the given values, named by the dimensions that are not given. */
function search(store: MetricStore, expression: string, from: number, to: number): Line[] {
  const [, schema = '', terms = '', statistic = '', period = ''] = searched.exec(expression) ?? []
  if (schema === '') throw new Error(`The local run does not know the search ${expression}`)
  const [namespace, ...names] = schema.split(',')
  const given = Object.fromEntries([...terms.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
  const { MetricName, ...dimensions } = given
  const found = store.metrics().filter((metric) => {
    const own = Object.keys(metric.dimensions)
    const fits = own.length === names.length && names.every((name) => own.includes(name))
    const isAsked = Object.entries(dimensions).every(([name, value]) => metric.dimensions[name] === value)
    return metric.namespace === namespace && metric.name === MetricName && fits && isAsked
  })
  const labelled = found.map((metric) => ({
    label: names.flatMap((name) => (name in dimensions ? [] : [metric.dimensions[name]])).join(' '),
    values: valuesOf(store, metric, statistic, { from, to, periodMs: Number(period) * 1000 }),
  }))
  return labelled.sort((a, b) => (a.label < b.label ? -1 : 1))
}
