import { byId, type Properties, readStack, type StackTemplate } from '../stack.ts'

/** A metric that an alarm reads. */
export interface Read {
  namespace: string
  name: string
  dimensions: Record<string, string>
  statistic: string
}

export interface WatchedAlarm {
  name: string
  properties: Properties
  reads: Read[]
}

const anchor = /docs\/runbook\.md#([a-z-]+)$/

/** Every alarm of a template, by the anchor of its section in the runbook. */
export const alarmsOf = (template: StackTemplate): Map<string, WatchedAlarm> =>
  new Map(
    Object.values(byId(template, 'AWS::CloudWatch::Alarm')).map((properties) => {
      const name = anchor.exec(String(properties.AlarmDescription))?.[1] ?? ''
      return [name, { name, properties, reads: readsOf(properties) }]
    }),
  )

function readsOf(properties: Properties): Read[] {
  const metrics = (properties.Metrics as Properties[] | undefined) ?? [
    { MetricStat: { ...properties, Metric: properties } },
  ]
  return metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [readOf(MetricStat as Properties)]))
}

function readOf(given: Properties): Read {
  const metric = given.Metric as Properties
  const dimensions = (metric.Dimensions ?? []) as { Name: string; Value: string }[]
  return {
    namespace: String(metric.Namespace),
    name: String(metric.MetricName),
    dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
    statistic: String(given.Stat ?? given.Statistic ?? given.ExtendedStatistic),
  }
}

export const template = readStack()
export const alarms = alarmsOf(template)

export function alarm(name: string): WatchedAlarm {
  const found = alarms.get(name)
  if (!found) throw new Error(`There is no alarm ${name}.`)
  return found
}
