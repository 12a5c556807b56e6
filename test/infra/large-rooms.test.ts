import { byId, propertiesOf, readStack } from './stack.ts'

const template = readStack()
const toQueue = { OnFailure: { Destination: '{LargeRoomsUndelivered.Arn}' } }

test('the stream of the log invokes broadcast, for entries of large rooms only', () => {
  const { FilterCriteria, ...mapping } = propertiesOf(template, 'LargeRoomsStream')
  expect(mapping).toMatchObject({
    EventSourceArn: '{TablesMessages.StreamArn}',
    FunctionName: '{BroadcastFunction.Arn}',
    StartingPosition: 'TRIM_HORIZON',
  })
  const { Filters } = FilterCriteria as { Filters: { Pattern: string }[] }
  expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
    { eventName: ['INSERT'], dynamodb: { NewImage: { broadcast: { S: [{ exists: true }] } } } },
  ])
})

test('a failed batch is split and tried again for at most ten minutes, then it goes to the queue', () => {
  const { EventSourceArn, FunctionName, StartingPosition, FilterCriteria, ...mapping } = propertiesOf(
    template,
    'LargeRoomsStream',
  )
  expect(mapping).toEqual({
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 0,
    ParallelizationFactor: 4,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 5,
    MaximumRecordAgeInSeconds: 600,
    DestinationConfig: toQueue,
  })
})

test('a failed worker is tried twice more in ten minutes, then its order goes to the queue', () => {
  expect(propertiesOf(template, 'LargeRoomsOrders')).toEqual({
    FunctionName: '{DeliverFunction}',
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 600,
    DestinationConfig: toQueue,
  })
})

test('no other function reads a stream, and failed deliveries, reviews and jobs are kept', () => {
  expect(Object.keys(byId(template, 'AWS::Lambda::EventSourceMapping'))).toEqual(['LargeRoomsStream'])
  const settings = byId(template, 'AWS::Lambda::EventInvokeConfig')
  expect(Object.keys(settings).sort()).toEqual(['DailyFailed', 'LargeRoomsOrders', 'ReviewsFailed'])
  for (const id of Object.keys(settings))
    expect(propertiesOf(template, id)).toMatchObject({
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: '{LargeRoomsUndelivered.Arn}' } },
    })
})

test('the queue is encrypted without a key of KMS and keeps an item for 14 days', () => {
  expect(propertiesOf(template, 'LargeRoomsUndelivered')).toEqual({
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: 1_209_600,
  })
})

test('the queue refuses requests without TLS', () => {
  const statement = {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 'sqs:*',
    Resource: '{LargeRoomsUndelivered.Arn}',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
  expect(propertiesOf(template, 'LargeRoomsUndeliveredPolicy')).toEqual({
    Queues: ['{LargeRoomsUndelivered}'],
    PolicyDocument: { Statement: [statement], Version: '2012-10-17' },
  })
})
