import { functions, otherFunctions } from '../../../infra/functions.ts'
import { slowSendMs } from '../../../infra/monitoring/requests.ts'
import { frequentAccesses, indexesOf } from '../../../infra/monitoring/tables.ts'
import { slowSendMs as countedAsSlowMs } from '../../../lambdas/domain/metrics.ts'
import { byId, readStack } from '../stack.ts'
import { alarm, alarms, alarmsOf, template } from './watching.ts'

const all = [...alarms.values()]
const reads = all.flatMap(({ reads }) => reads)

/** The dimensions under which each service publishes its metrics. With others, an alarm never sees a value. */
const published: Record<string, (name: string) => string[][]> = {
  PersistentChat: () => [['Stack'], ['Outcome', 'Stack'], ['Stack', 'Verb']],
  'AWS/ApiGateway': () => [['ApiId', 'Stage']],
  'AWS/Lambda': (name) => (name === 'IteratorAge' ? [['FunctionName']] : [[], ['FunctionName']]),
  'AWS/DynamoDB': (name) =>
    /^(SystemErrors|ThrottledRequests|SuccessfulRequestLatency)$/.test(name)
      ? [['Operation', 'TableName']]
      : [['TableName'], ['GlobalSecondaryIndexName', 'TableName']],
  'AWS/SQS': () => [['QueueName']],
}

test('there are more than eight alarms, each with a name of its own', () => {
  expect(all.length).toBeGreaterThan(8)
  expect(all.length).toBe(Object.keys(byId(template, 'AWS::CloudWatch::Alarm')).length)
  for (const { name } of all) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
})

test.each(all)('$name reads metrics under the dimensions under which they are published', ({ reads }) => {
  expect(reads.length).toBeGreaterThan(0)
  for (const { namespace, name, dimensions } of reads)
    expect(published[namespace]?.(name)).toContainEqual(Object.keys(dimensions).sort())
})

test.each(all)('$name has a severity, a sentence, and says what missing values mean', ({ properties }) => {
  expect(properties.AlarmDescription).toMatch(/^\[(critical|warning)\] [A-Z].*\. docs\/runbook\.md#[a-z-]+$/)
  expect(['notBreaching', 'breaching', 'ignore']).toContain(properties.TreatMissingData)
})

test.each(all)('$name can be raised by the values that it looks at', ({ properties, reads }) => {
  const { DatapointsToAlarm, EvaluationPeriods } = properties
  expect(Number(DatapointsToAlarm)).toBeGreaterThan(0)
  expect(Number(DatapointsToAlarm)).toBeLessThanOrEqual(Number(EvaluationPeriods))
  expect(reads.length).toBeLessThanOrEqual(10)
})

test('an alarm on tables counts what is missing as zero, since CloudWatch leaves it as it is otherwise', () => {
  const onTables = all.filter(({ reads }) => reads.some(({ namespace }) => namespace === 'AWS/DynamoDB'))
  expect(onTables.map(({ name }) => name).sort()).toEqual([
    'dynamodb-errors',
    ...['budgets', 'messages', 'records', 'rooms', 'sessions'].map((table) => `throttled-${table}`),
  ])
  for (const { properties, reads } of onTables) {
    const [expression] = (properties.Metrics as { Expression?: string }[]).flatMap(({ Expression }) => Expression ?? [])
    expect(expression).toBe(reads.map((_, at) => `FILL(m${at + 1}, 0)`).join(' + '))
  }
})

test('each table is watched for reads and for writes, and so is each of its indexes', () => {
  const tables = byId(template, 'AWS::DynamoDB::GlobalTable')
  for (const [id, { GlobalSecondaryIndexes = [] }] of Object.entries(tables)) {
    const indexes = (GlobalSecondaryIndexes as { IndexName: string }[]).map(({ IndexName }) => IndexName)
    const places = [{}, ...indexes.map((GlobalSecondaryIndexName) => ({ GlobalSecondaryIndexName }))]
    const expected = places.flatMap((place) =>
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => ({
        name,
        dimensions: { TableName: `{${id}}`, ...place },
      })),
    )
    const name = id.replace(/^Tables/, '').toLowerCase()
    expect(alarm(`throttled-${name}`).reads.map(({ name, dimensions }) => ({ name, dimensions }))).toEqual(expected)
  }
  expect(Object.keys(indexesOf).sort()).toEqual(['rooms', 'sessions'])
})

test('the failures of DynamoDB are those of accesses that a function makes', () => {
  expect(frequentAccesses.length).toBe(10)
  const specs = [...functions, ...otherFunctions]
  for (const [table, operation] of frequentAccesses) {
    const actions = specs.flatMap(({ tables }) => [...(tables[table] ?? [])] as string[])
    if (operation === 'TransactWriteItems') expect(actions).toContain('PutItem')
    else expect(actions).toContain(operation)
  }
})

test('a message is slow for the alarms as it is for the functions', () => {
  expect(slowSendMs).toBe(countedAsSlowMs)
})

test('the percentile is left alone by too few values, and a share of slow messages stands in for it', () => {
  const { properties, reads } = alarm('slow-delivery')
  expect(properties).toMatchObject({
    EvaluateLowSampleCountPercentile: 'ignore',
    Period: 300,
    ExtendedStatistic: 'p99',
  })
  expect(reads).toMatchObject([{ name: 'SendToHanded' }])
  expect(alarm('slow-sends').reads).toMatchObject([
    { name: 'SlowSends', statistic: 'Sum' },
    { name: 'SlowSends', statistic: 'SampleCount' },
  ])
})

test.each([
  ['internal-rate', '(failed + FILL(refused, 0))'],
  ['slow-sends', 'failed'],
])('%s needs three failures in a minute, and two of three minutes', (name, failed) => {
  const { properties } = alarm(name)
  expect(properties).toMatchObject({ DatapointsToAlarm: 2, EvaluationPeriods: 3, Threshold: 5 })
  expect(properties.Metrics).toContainEqual(
    expect.objectContaining({ Expression: `IF(${failed} >= 3, 100 * ${failed} / all, 0)` }),
  )
})

test('refused tokens and unreachable issuers are no errors of the authorizer', () => {
  const subtracted = alarm('authorizer-errors').reads.filter(({ namespace }) => namespace === 'PersistentChat')
  expect(subtracted).toMatchObject([
    { name: 'HandshakesRefused', dimensions: { Outcome: 'bad_token' } },
    { name: 'HandshakesRefused', dimensions: { Outcome: 'guest_rate' } },
    { name: 'IssuerUnreachable' },
  ])
})

describe('settings', () => {
  test('the budget of a day is a number of units', () => {
    expect(alarm('daily-budget').properties).toMatchObject({ Threshold: 80_000_000, Period: 86_400 })
    expect(alarmsOf(readStack({ dailyBudget: '2.5' })).get('daily-budget')?.properties.Threshold).toBe(20_000_000)
  })

  test('the concurrency is four fifths of the quota of the account', () => {
    expect(alarm('concurrency').properties.Threshold).toBe(800)
    const small = alarmsOf(readStack({ accountConcurrency: '10' }))
    expect(small.get('concurrency')?.properties.Threshold).toBe(8)
  })

  test('throttles of workers with a concurrency of their own raise no alarm', () => {
    const read = (workers: string) => alarmsOf(readStack({ workers })).get('lambda-throttled')?.reads
    expect(read('5')?.map(({ dimensions }) => dimensions)).toEqual([{}, { FunctionName: '{DeliverFunction}' }])
    expect(read('0')?.map(({ dimensions }) => dimensions)).toEqual([{}])
  })

  test('a topic is told when an alarm is raised and when it is over', () => {
    const topic = 'arn:aws:sns:us-east-1:123456789012:operators'
    for (const { properties } of alarmsOf(readStack({ alarms: topic })).values())
      expect(properties).toMatchObject({ AlarmActions: [topic], OKActions: [topic] })
    for (const { properties } of all) expect(properties.AlarmActions).toBeUndefined()
  })

  test('what is no ARN is refused', () => {
    expect(() => readStack({ alarms: 'operators' })).toThrow(
      '"alarms" must be ARNs of topics, or false; it is "operators"',
    )
  })

  test('false makes no alarms', () => expect(alarmsOf(readStack({ alarms: 'false' })).size).toBe(0))
})

test('metrics of the functions bear the name of the stack', () => {
  const own = reads.filter(({ namespace }) => namespace === 'PersistentChat')
  expect(new Set(own.map(({ dimensions }) => dimensions.Stack))).toEqual(new Set(['PersistentChat']))
})
