import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import { Duration } from 'aws-cdk-lib/core'
import { metricNamespace } from '../../lambdas/bindings.ts'
import { tableNames } from '../tables.ts'
import { lateMs } from './behind.ts'
import type { Limits } from './limits.ts'
import { type Metrics, math, named, sum } from './metrics.ts'
import { unitsPerDollar } from './price.ts'
import { slowSendMs } from './requests.ts'
import { throttlesOf } from './tables.ts'

/** One graph of the dashboard. */
export interface Chart {
  title: string
  lines: readonly IMetric[]
  /** What the axis counts. */
  unit?: string
  /** A line that should not be reached. */
  limit?: { value: number; label: string }
}

const minute = Duration.minutes(1)

/** One line for each part that has values, such as each verb. Dashboards may search; alarms may not. */
const byPart = ({ name }: Metrics, part: 'Verb' | 'Outcome', metric: string, statistic = 'Sum', period = minute) =>
  new MathExpression({
    expression: `SEARCH('{${metricNamespace},Stack,${part}} MetricName="${metric}" Stack="${name}"', '${statistic}', ${period.toSeconds()})`,
    usingMetrics: {},
    label: '',
    period,
  })

/** What flows, how fast, and how near to the limits. */
export function wellRows(metrics: Metrics, { accountConcurrency }: Limits): Chart[][] {
  const { own, api, lambda, account, undelivered } = metrics
  return [
    [
      {
        title: 'Connections and frames',
        unit: 'a minute',
        lines: [api('ConnectCount'), api('MessageCount'), own('Requests'), own('Evicted')].map((one) => named(one)),
      },
      {
        title: 'From send to the last post',
        unit: 'ms',
        lines: ['p50', 'p90', 'p99'].map((statistic) => named(own('SendToHanded', statistic), statistic)),
        limit: { value: slowSendMs, label: 'slow' },
      },
      {
        title: 'Failures',
        unit: 'a minute',
        lines: [own('Internal'), api('IntegrationError'), own('IssuerUnreachable'), own('JobFailures')].map((one) =>
          named(one),
        ),
      },
    ],
    [
      {
        title: 'Concurrency of the account',
        unit: 'invocations',
        lines: [named(account('ConcurrentExecutions', 'Maximum'))],
        limit: { value: accountConcurrency, label: 'quota' },
      },
      {
        title: 'Throttles',
        unit: 'a minute',
        lines: [
          named(account('Throttles'), 'Lambda'),
          named(own('Posts', 'Sum', { Outcome: 'throttled' }), 'Posts'),
          sum(
            'DynamoDB',
            tableNames.flatMap((table) => throttlesOf(metrics, table)),
          ),
        ],
      },
      {
        title: 'Large rooms: oldest message',
        unit: 'ms',
        lines: [named(lambda('broadcast', 'IteratorAge', 'Maximum'))],
        limit: { value: lateMs, label: 'late' },
      },
      {
        title: 'Large rooms: undelivered',
        unit: 'waiting',
        lines: [named(undelivered('ApproximateNumberOfMessagesVisible'), 'Undelivered')],
      },
    ],
  ]
}

/** Which verbs fail or are slow, who is refused and why, which posts do not arrive. */
export const hurtRows = (metrics: Metrics): Chart[][] => [
  [
    { title: 'Internal, by verb', unit: 'a minute', lines: [byPart(metrics, 'Verb', 'Internal')] },
    { title: 'Refused, by code', unit: 'a minute', lines: [byPart(metrics, 'Outcome', 'Refused')] },
    { title: 'Latency p99, by verb', unit: 'ms', lines: [byPart(metrics, 'Verb', 'Latency', 'p99')] },
  ],
  [
    { title: 'Posts, by outcome', unit: 'a minute', lines: [byPart(metrics, 'Outcome', 'Posts')] },
    { title: 'Handshakes refused', unit: 'a minute', lines: [byPart(metrics, 'Outcome', 'HandshakesRefused')] },
    {
      title: 'Contention and haste',
      unit: 'a minute',
      lines: [
        named(metrics.own('AppendTries', 'Average'), 'Puts for a message'),
        named(metrics.own('RateLimited')),
        named(metrics.own('Unended')),
      ],
    },
  ],
]

/** Units of cost, and what they come to in dollars, by estimation. */
export function costRow(metrics: Metrics): Chart[] {
  const rate = math('Dollars', `60 * units / ${unitsPerDollar}`, { units: metrics.own('Units') })
  return [
    { title: 'Dollars an hour, at the rate of each minute', unit: 'dollars', lines: [rate] },
    { title: 'Units of cost, by verb', unit: 'units a minute', lines: [byPart(metrics, 'Verb', 'Units')] },
    {
      title: 'Consumed by tables',
      unit: 'capacity units a minute',
      lines: tableNames.flatMap((table) => [
        named(metrics.table(table, 'ConsumedReadCapacityUnits'), `${table}, read`),
        named(metrics.table(table, 'ConsumedWriteCapacityUnits'), `${table}, written`),
      ]),
    },
  ]
}
