import { movedClock } from '../../../local/clock.ts'
import { readAlarms } from '../../../local/cloudwatch/alarm.ts'
import { startCloudWatch } from '../../../local/cloudwatch/start.ts'
import { minuteMs } from '../../../local/cloudwatch/store.ts'
import { readTemplate } from '../../../local/template/load.ts'

const simple = {
  AlarmDescription: 'Too many.',
  Namespace: 'N',
  MetricName: 'errors',
  Dimensions: [{ Name: 'Stack', Value: 's' }],
  Statistic: 'Sum',
  Period: 60,
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 4,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: 'notBreaching',
}

/** CloudWatch with one alarm, whose definition differs from the simple one in these properties. */
function watching(change: object = {}, gauges?: Parameters<typeof startCloudWatch>[0]['gauges']) {
  const clock = movedClock(1_800_000_000_000)
  const Properties: Record<string, unknown> = { ...simple, ...change }
  const template = readTemplate({ Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties } } })
  const lines: string[] = []
  const alarms = readAlarms(template, (value) => value)
  const log = (line: string) => void lines.push(line)
  const cloudwatch = startCloudWatch({ clock, alarms, log, machineNow: clock.now, ...(gauges && { gauges }) })
  return {
    clock,
    cloudwatch,
    lines,
    state: () => cloudwatch.alarms()[0]?.state,
    /** Ends a minute in which the metric had these values. */
    minute(values: number[] = [], metric: object = {}) {
      const datum = { namespace: 'N', name: 'errors', dimensions: { Stack: 's' }, ...metric }
      for (const value of values) cloudwatch.store.put({ ...datum, value, at: clock.now() })
      clock.advance(minuteMs)
      return cloudwatch.alarms()[0]?.state
    },
  }
}

test('an alarm begins without data, is raised by two of three minutes, and is over when they are past', () => {
  const { state, minute, cloudwatch } = watching()
  expect(state()).toBe('INSUFFICIENT_DATA')
  const quiet = [0]
  expect([quiet, [5], quiet, [2, 3], quiet, quiet, quiet].map((values) => minute(values))).toEqual([
    'OK',
    'OK',
    'OK',
    'ALARM',
    'OK',
    'OK',
    'OK',
  ])
  expect(cloudwatch.history().map(({ state }) => state)).toEqual(['OK', 'ALARM', 'OK'])
})

test('values that arrive late still count while their minute is looked at', () => {
  const { minute, clock, cloudwatch, state } = watching()
  minute([5])
  minute()
  expect(state()).toBe('OK')
  cloudwatch.store.put({ namespace: 'N', name: 'errors', dimensions: { Stack: 's' }, value: 5, at: clock.now() - 1 })
  expect(minute()).toBe('ALARM')
})

test('metrics under other dimensions raise nothing', () => {
  const { minute } = watching()
  for (const dimensions of [{}, { Stack: 's', Verb: 'send' }, { Stack: 'other' }])
    for (let time = 0; time < 3; time++) expect(minute([9], { dimensions })).toBe('OK')
})

test('periods of several minutes end with each minute', () => {
  const { minute } = watching({ Period: 180, EvaluationPeriods: 1, DatapointsToAlarm: 1 })
  expect([[2], [2], [2], [], [0]].map((values) => minute(values))).toEqual(['OK', 'OK', 'ALARM', 'OK', 'OK'])
})

test('arithmetic on metrics is evaluated for each period', () => {
  const stat = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Stat: 'Sum', Period: 60, Metric: { Namespace: 'N', MetricName, Dimensions: simple.Dimensions } },
  })
  const Metrics = [{ Id: 'e', Expression: '100 * a / b', ReturnData: true }, stat('a', 'errors'), stat('b', 'all')]
  const { minute, cloudwatch, clock } = watching({
    Metrics,
    Namespace: undefined,
    Threshold: 50,
    DatapointsToAlarm: 1,
    EvaluationPeriods: 1,
  })
  const all = (value: number) =>
    cloudwatch.store.put({ namespace: 'N', name: 'all', dimensions: { Stack: 's' }, value, at: clock.now() })
  all(10)
  expect(minute([5])).toBe('OK')
  all(10)
  expect(minute([6])).toBe('ALARM')
  expect(cloudwatch.alarms()[0]?.values.at(-1)).toBe(60)
})

describe('an alarm on DynamoDB', () => {
  const metric = { namespace: 'AWS/DynamoDB' }

  test('stays as it is without values, whatever its definition says', () => {
    const { minute } = watching({ Namespace: 'AWS/DynamoDB' })
    minute([5], metric)
    expect(minute([5], metric)).toBe('ALARM')
    for (let time = 0; time < 10; time++) expect(minute()).toBe('ALARM')
    minute([0], metric)
    minute([0], metric)
    expect(minute([0], metric)).toBe('OK')
  })

  test('clears if it counts what is missing as zero', () => {
    const stat = {
      Stat: 'Sum',
      Period: 60,
      Metric: { Namespace: 'AWS/DynamoDB', MetricName: 'errors', Dimensions: simple.Dimensions },
    }
    const Metrics = [
      { Id: 'e', Expression: 'FILL(m1, 0)', ReturnData: true },
      { Id: 'm1', MetricStat: stat, ReturnData: false },
    ]
    const { minute } = watching({ Metrics, Namespace: undefined })
    minute([5], metric)
    expect(minute([5], metric)).toBe('ALARM')
    minute()
    expect(minute()).toBe('OK')
  })
})

describe('a percentile', () => {
  const percentile = (more: object = {}) =>
    watching({
      Statistic: undefined,
      ExtendedStatistic: 'p99',
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      EvaluateLowSampleCountPercentile: 'ignore',
      ...more,
    })
  const values = (count: number, value: number) => Array.from({ length: count }, () => value)

  test('of 1,000 values counts', () => {
    const { minute } = percentile()
    expect(minute(values(1000, 1))).toBe('OK')
    expect(minute(values(1000, 9))).toBe('ALARM')
  })

  test('of 999 leaves the alarm as it is', () => {
    const { minute } = percentile()
    expect(minute(values(999, 9))).toBe('INSUFFICIENT_DATA')
    minute(values(1000, 9))
    expect(minute(values(999, 1))).toBe('ALARM')
  })

  test('of one value counts where the definition does not say otherwise', () => {
    const { minute } = percentile({ EvaluateLowSampleCountPercentile: undefined })
    expect(minute([9])).toBe('ALARM')
  })
})

test('a gauge is asked at the end of each minute', () => {
  let value = 0
  const metric = { namespace: 'N', name: 'errors', dimensions: { Stack: 's' } }
  const { minute, cloudwatch } = watching({ EvaluationPeriods: 1, DatapointsToAlarm: 1 }, () => [{ ...metric, value }])
  expect(minute()).toBe('OK')
  value = 7
  expect(minute()).toBe('ALARM')
  expect(cloudwatch.alarms()[0]?.values).toEqual([undefined, 0, 7])
})

describe('a line of a log', () => {
  const line = (Timestamp: number, more: object = {}) =>
    JSON.stringify({
      _aws: {
        Timestamp,
        CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['Stack']], Metrics: [{ Name: 'errors' }] }],
      },
      Stack: 's',
      errors: 5,
      ...more,
    })

  test('has its metrics at the time that it names', () => {
    const { cloudwatch, clock, minute } = watching()
    cloudwatch.line('Send', line(clock.now() - minuteMs))
    cloudwatch.line('Send', line(clock.now()))
    expect(minute()).toBe('ALARM')
  })

  test('that CloudWatch would drop is told, and counted', () => {
    const { cloudwatch, lines, clock } = watching()
    cloudwatch.line('Send', line(clock.now(), { Stack: 3 }))
    expect(lines).toEqual(['cloudwatch: Send writes metrics that CloudWatch drops: the dimension Stack must be a text'])
    expect(cloudwatch.store.metrics()).toEqual([
      { namespace: 'AWS/Logs', name: 'EMFValidationErrors', dimensions: { LogGroupName: '/aws/lambda/Send' } },
    ])
  })
})

test('a property that the run does not know is refused, and so is an unknown treatment or comparison', () => {
  expect(() => watching({ ThresholdMetricId: 'x' })).toThrow('does not know ThresholdMetricId')
  expect(() => watching({ TreatMissingData: 'good' })).toThrow('treats missing data as good')
  expect(() => watching({ ComparisonOperator: 'Unlike' }).minute([1])).toThrow('does not know the comparison Unlike')
})
