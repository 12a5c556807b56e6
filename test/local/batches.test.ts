import { allow, att } from './echo-app.ts'
import { eventResources, source } from './events-app.ts'
import { type Client, type Loose, type Run, startEcho, stopAll } from './run.ts'

const filter = {
  eventName: ['INSERT'],
  dynamodb: { Keys: { sk: { S: [{ 'anything-but': ['skipped'] }] } } },
}

let run: Run
let client: Client
beforeAll(async () => {
  const changes = {
    ...eventResources,
    ...source({
      BisectBatchOnFunctionError: true,
      ParallelizationFactor: 2,
      MaximumBatchingWindowInSeconds: 5,
      MaximumRecordAgeInSeconds: 300,
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(filter) }] },
    }),
  }
  run = await startEcho({ changes, minuteMs: 60_000 })
  client = await run.open()
})
afterAll(stopAll)

const put = (sk: string, act?: string, pk = 'room') => {
  const Item = { pk: { S: pk }, sk: { S: sk }, ...(act && { act: { S: act } }) }
  return client.ask('database', { operation: 'putItem', input: { TableName: 'log', Item } })
}
const names = async () => (await run.printed('batch')).names
const window = () => run.clock.due(5000)
const retry = () => run.clock.due(1000)
const discarded = async (): Promise<Loose> => {
  const queue = run.queues.byName('failed')
  const [message] = (await queue?.receive({ waitMs: 60_000 })) ?? []
  queue?.delete(message?.receipt ?? '')
  return JSON.parse(message?.body ?? '')
}

test('a window collects the records that pass the filter', async () => {
  await put('one')
  await put('skipped')
  await put('one', 'changed')
  await put('two')
  await window()
  expect(await names()).toEqual(['one', 'two'])
})

test('a full batch does not wait for the window', async () => {
  for (let at = 10; at < 20; at++) await put(String(at))
  expect(await names()).toHaveLength(10)
})

test('a batch that fails is split until only the failing record is left, which is discarded', async () => {
  await put('a1')
  await put('a2', 'throw')
  await put('a3')
  await put('a4')
  await window()
  expect(await names()).toEqual(['a1', 'a2', 'a3', 'a4'])
  await retry()
  expect(await names()).toEqual(['a1', 'a2'])
  await retry()
  expect(await names()).toEqual(['a1'])
  expect(await names()).toEqual(['a2'])
  await retry()
  expect(await names()).toEqual(['a2'])
  expect(await discarded()).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 },
    DDBStreamBatchInfo: { batchSize: 1 },
  })
  expect(await names()).toEqual(['a3', 'a4'])
})

test('a result that names a failed record retries the batch from that record', async () => {
  await put('b1')
  await put('b2', 'fail')
  await put('b3')
  await window()
  expect(await names()).toEqual(['b1', 'b2', 'b3'])
  await retry()
  expect(await names()).toEqual(['b2', 'b3'])
  await run.clock.due(2000)
  expect(await names()).toEqual(['b2'])
  await retry()
  expect(await names()).toEqual(['b2'])
  expect(await discarded()).toMatchObject({
    responseContext: { statusCode: 200 },
    DDBStreamBatchInfo: { batchSize: 1 },
  })
  expect(await names()).toEqual(['b3'])
})

test('a result that names an unknown record fails the whole batch', async () => {
  await put('c1', 'nonsense')
  await window()
  expect(await names()).toEqual(['c1'])
  await retry()
  expect(await names()).toEqual(['c1'])
  expect((await discarded()).requestContext).toMatchObject({ condition: 'RetryAttemptsExhausted' })
})

test('a batch does not wait for one with other partition keys', async () => {
  await put('d1', 'hang')
  await window()
  expect(await names()).toEqual(['d1'])
  await put('d2', undefined, 'rooms')
  await window()
  expect(await names()).toEqual(['d2'])
  await run.clock.due(2000)
  await retry()
  expect(await names()).toEqual(['d1'])
  await run.clock.due(7000)
  await discarded()
})

test('a record that is too old is discarded without another invocation', async () => {
  // Earlier tests logged the same error.
  run.lines.length = 0
  await put('e1', 'throw')
  await window()
  expect(await names()).toEqual(['e1'])
  await run.logged('consume: Error: unable')
  await put('e2')
  run.clock.advance(301_000)
  expect(await discarded()).toMatchObject({
    requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 1 },
    DDBStreamBatchInfo: { batchSize: 1 },
  })
})

const refused = (Properties: Record<string, unknown>, more = {}) =>
  expect(startEcho({ changes: { ...eventResources, ...source(Properties), ...more } })).rejects

test.each([
  [
    { TumblingWindowInSeconds: 30 },
    'does not know TumblingWindowInSeconds of AWS::Lambda::EventSourceMapping (Source)',
  ],
  [{ EventSourceArn: att('Jobs', 'Arn') }, 'does not know the source arn:aws:sqs:'],
  [{ StartingPosition: 'AT_TIMESTAMP' }, 'does not know the starting position AT_TIMESTAMP'],
  [{ FilterCriteria: { Filters: [{ Pattern: '{"a":[{"wildcard":"*"}]}' }] } }, 'does not know wildcard in the filter'],
  [{ FunctionName: 'nobody' }, 'The template has no function nobody'],
  [{ DestinationConfig: { OnFailure: { Destination: att('Jobs', 'Arn') } }, FunctionName: { Ref: 'Poor' } }, 'Poor'],
  [{ EventSourceArn: att('Table', 'StreamArn') }, 'The source of Source is not in the template'],
])('a source with %j is refused', async (properties, reason) => {
  await refused(properties).toThrow(reason)
})

test('a source whose role may not poll is refused with the missing permissions', async () => {
  const EventsPolicy = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyDocument: {
        Statement: [
          allow('dynamodb:GetRecords', att('Log2', 'StreamArn')),
          allow('sqs:SendMessage', att('Failed', 'Arn')),
        ],
      },
      Roles: [{ Ref: 'Role' }],
    },
  }
  await refused({}, { EventsPolicy }).toThrow(
    /role of function Consume may not dynamodb:GetShardIterator, dynamodb:DescribeStream, dynamodb:ListStreams$/,
  )
})

test('with a polling interval a record waits for it', async () => {
  const polled = await startEcho({ changes: eventResources, pollMs: 250 })
  const asking = await polled.open()
  const Item = { pk: { S: 'room' }, sk: { S: 'x' } }
  await asking.ask('database', { operation: 'putItem', input: { TableName: 'log', Item } })
  expect(polled.usage.read().invocations.map((row) => row.function)).not.toContain('consume')
  await polled.clock.due(250)
  expect((await polled.printed('batch')).names).toEqual(['x'])
  await polled.stop()
})

test('a disabled source invokes no function', async () => {
  const off = await startEcho({ changes: { ...eventResources, ...source({ Enabled: false }) } })
  const asking = await off.open()
  const Item = { pk: { S: 'room' }, sk: { S: 'x' } }
  await asking.ask('database', { operation: 'putItem', input: { TableName: 'log', Item } })
  await asking.ask('event')
  expect(off.usage.read().invocations.map((row) => row.function)).not.toContain('consume')
  await off.stop()
})
