import { text } from '../json.ts'
import type { Resolve } from '../template/intrinsics.ts'
import { listOf, type Template } from '../template/load.ts'
import { resolved } from '../template/properties.ts'
import type { MetricId } from './store.ts'

/** One metric, or arithmetic on others. */
export type Query = { id: string; returned: boolean; periodMs: number } & (
  | { metric: MetricId; statistic: string }
  | { expression: string }
)

export type Treatment = 'breaching' | 'notBreaching' | 'ignore' | 'missing'

/** An alarm as its template defines it. */
export interface EvaluatedAlarm {
  id: string
  description: string
  queries: Query[]
  comparison: string
  threshold: number
  periods: number
  datapoints: number
  missing: Treatment
  /** Whether a percentile of too few values leaves the alarm as it is. */
  ignoresLowSamples: boolean
}

const known = [
  ...['AlarmName', 'AlarmDescription', 'AlarmActions', 'OKActions', 'InsufficientDataActions', 'ActionsEnabled'],
  ...['Namespace', 'MetricName', 'Dimensions', 'Statistic', 'ExtendedStatistic', 'Period', 'Unit', 'Metrics'],
  ...['ComparisonOperator', 'Threshold', 'EvaluationPeriods', 'DatapointsToAlarm', 'TreatMissingData'],
  ...['EvaluateLowSampleCountPercentile', 'Tags'],
]

const treatments: readonly Treatment[] = ['breaching', 'notBreaching', 'ignore', 'missing']

/** Reads the alarms of a template. */
export function readAlarms(template: Template, resolve: Resolve): EvaluatedAlarm[] {
  return resolved(template, resolve, 'AWS::CloudWatch::Alarm', known).map(({ id, properties }) => {
    const missing = treatments.find((one) => one === (properties.TreatMissingData ?? 'missing'))
    if (!missing) throw new Error(`The alarm ${id} treats missing data as ${text(properties.TreatMissingData)}`)
    const periods = Number(properties.EvaluationPeriods)
    const queries = properties.Metrics === undefined ? [single(properties)] : listOf(properties.Metrics).map(queryOf)
    return {
      id,
      description: text(properties.AlarmDescription),
      queries,
      comparison: text(properties.ComparisonOperator),
      threshold: Number(properties.Threshold),
      periods,
      datapoints: Number(properties.DatapointsToAlarm ?? periods),
      missing: alwaysIgnores(queries) ? 'ignore' : missing,
      ignoresLowSamples: properties.EvaluateLowSampleCountPercentile === 'ignore',
    }
  })
}

/** Whatever its definition says, an alarm on a metric of DynamoDB stays as it is while the metric has no values. */
const alwaysIgnores = (queries: Query[]) =>
  queries.some((query) => 'metric' in query && query.metric.namespace === 'AWS/DynamoDB')

type Properties = Record<string, unknown>

const single = (properties: Properties): Query => ({
  id: 'm1',
  returned: true,
  metric: metricOf(properties),
  statistic: text(properties.Statistic) || text(properties.ExtendedStatistic),
  periodMs: Number(properties.Period) * 1000,
})

function queryOf({ Id, Expression, MetricStat, ReturnData, Period }: Properties): Query {
  const common = { id: text(Id), returned: ReturnData !== false }
  if (MetricStat === undefined)
    return { ...common, expression: text(Expression), periodMs: Number(Period ?? 60) * 1000 }
  const { Metric, Stat, Period: period } = MetricStat as Properties
  return { ...common, metric: metricOf(Metric as Properties), statistic: text(Stat), periodMs: Number(period) * 1000 }
}

const metricOf = ({ Namespace, MetricName, Dimensions }: Properties): MetricId => ({
  namespace: text(Namespace),
  name: text(MetricName),
  dimensions: Object.fromEntries(listOf(Dimensions).map(({ Name, Value }) => [text(Name), String(Value)])),
})
