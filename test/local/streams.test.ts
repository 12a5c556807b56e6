import { eventResources } from './events-app.ts'
import { type Client, type Loose, type Run, startEcho, stopAll } from './run.ts'

let run: Run
let client: Client
beforeAll(async () => {
  run = await startEcho({ changes: eventResources, minuteMs: 60_000 })
  client = await run.open()
})
afterAll(stopAll)
afterEach(async () => run.queues.byName('failed')?.purge())

const write = (operation: string, input: object) => client.ask('database', { operation, input })
const item = (sk: string, act?: string, pk = 'room') => ({
  pk: { S: pk },
  sk: { S: sk },
  ...(act && { act: { S: act } }),
})
const put = (sk: string, act?: string, pk?: string) => write('putItem', { TableName: 'log', Item: item(sk, act, pk) })
const batch = () => run.printed('batch')
const names = async () => (await batch()).names
const discarded = async (): Promise<Loose> => {
  const [message] = (await run.queues.byName('failed')?.receive({ waitMs: 60_000 })) ?? []
  return JSON.parse(message?.body ?? '')
}

test('a write invokes the function with a record in the form of DynamoDB Streams', async () => {
  expect(await put('first')).toMatchObject({ status: 200 })
  const { event } = await batch()
  expect(event).toEqual({
    Records: [
      {
        eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'us-east-1',
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(run.clock.now() / 1000),
          Keys: item('first'),
          NewImage: item('first'),
          SequenceNumber: expect.stringMatching(/^\d{21,40}$/),
          SizeBytes: 26,
          StreamViewType: 'NEW_IMAGE',
        },
        eventSourceARN: 'arn:aws:dynamodb:us-east-1:123456789012:table/log/stream/2026-01-01T00:00:00.000',
      },
    ],
  })
})

test('a change gives a MODIFY record, a deletion a REMOVE record, and a write without a change no record', async () => {
  await put('changing')
  await put('changing')
  await put('changing', 'note')
  const update = {
    TableName: 'log',
    Key: item('changing'),
    UpdateExpression: 'SET act = :a',
    ExpressionAttributeValues: { ':a': { S: 'other' } },
  }
  await write('updateItem', update)
  expect(await write('deleteItem', { TableName: 'log', Key: item('changing') })).not.toHaveProperty('Attributes')
  await write('deleteItem', { TableName: 'log', Key: item('changing') })
  const requests = ['one', 'two'].map((sk) => ({ PutRequest: { Item: item(sk) } }))
  await write('batchWriteItem', { RequestItems: { log: requests } })
  const seen: Loose[] = []
  while (seen.length < 6) seen.push(...(await batch()).event.Records)
  expect(seen.map(({ eventName, dynamodb }) => [eventName, dynamodb.Keys.sk.S, dynamodb.NewImage?.act?.S])).toEqual([
    ['INSERT', 'changing', undefined],
    ['MODIFY', 'changing', 'note'],
    ['MODIFY', 'changing', 'other'],
    ['REMOVE', 'changing', undefined],
    ['INSERT', 'one', undefined],
    ['INSERT', 'two', undefined],
  ])
})

test('a transaction gives records only if it succeeds', async () => {
  const Put = (sk: string, more: object = {}) => ({ Put: { TableName: 'log', Item: item(sk), ...more } })
  await write('transactWriteItems', { TransactItems: [Put('three'), Put('four')] })
  const never = Put('one', { ConditionExpression: 'attribute_not_exists(pk)' })
  expect(await write('transactWriteItems', { TransactItems: [Put('five'), never] })).toMatchObject({ status: 400 })
  await put('six')
  const seen: string[] = []
  while (seen.length < 3) seen.push(...(await names()))
  expect(seen).toEqual(['three', 'four', 'six'])
})

test('records that arrive during a batch form the next ones, and a batch without success is discarded', async () => {
  await put('a', 'hang')
  const [{ dynamodb }] = (await batch()).event.Records
  for (let at = 10; at < 22; at++) await put(String(at))
  await run.clock.due(7000)
  await run.clock.due(1000)
  expect(await names()).toEqual(['a'])
  const arrival = `${new Date(dynamodb.ApproximateCreationDateTime * 1000).toISOString().slice(0, 19)}Z`
  await run.clock.due(7000)
  expect(await discarded()).toEqual({
    requestContext: {
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:consume',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 2,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date(run.clock.now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
      startSequenceNumber: dynamodb.SequenceNumber,
      endSequenceNumber: dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival,
      approximateArrivalOfLastRecord: arrival,
      batchSize: 1,
      streamArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/log/stream/2026-01-01T00:00:00.000',
    },
  })
  expect(await names()).toEqual(Array.from({ length: 10 }, (_, at) => String(at + 10)))
  expect(await names()).toEqual(['20', '21'])
})

test('batches are counted by function and outcome', async () => {
  run.usage.reset()
  await put('counted', 'throw')
  await batch()
  await run.clock.due(1000)
  await batch()
  await discarded()
  const row = { function: 'consume', action: 'stream:Batch' }
  expect(run.usage.read().calls).toEqual(
    expect.arrayContaining([
      { ...row, outcome: 'failed', calls: 2 },
      { ...row, outcome: 'RetryAttemptsExhausted', calls: 1 },
      { function: 'consume', action: 'sqs:SendMessage', outcome: 'done', calls: 1 },
    ]),
  )
})

test('PartiQL statements are refused because their writes are unknown', async () => {
  const input = JSON.stringify({ Statement: `DELETE FROM log WHERE pk = 'room' AND sk = 'one'` })
  const response = await fetch(run.origin, {
    method: 'POST',
    headers: { 'x-amz-target': 'DynamoDB_20120810.ExecuteStatement', authorization: 'Credential=operator/x' },
    body: input,
  })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ message: expect.stringContaining('records no statements') })
})

const operator = async (operation: string, input: object, accessKeyId = 'operator'): Promise<Loose> => {
  const response = await fetch(run.origin, {
    method: 'POST',
    headers: {
      'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/x`,
    },
    body: JSON.stringify(input),
  })
  return response.json()
}

test('records can be read by their sequence numbers', async () => {
  const { Streams } = await operator('ListStreams', {})
  const { StreamArn } = Streams[0]
  const { StreamDescription } = await operator('DescribeStream', { StreamArn })
  expect(StreamDescription).toMatchObject({ TableName: 'log', StreamStatus: 'ENABLED', StreamViewType: 'NEW_IMAGE' })
  const [{ ShardId }] = StreamDescription.Shards
  const iterator = async (ShardIteratorType: string, SequenceNumber?: string) =>
    operator('GetShardIterator', { StreamArn, ShardId, ShardIteratorType, SequenceNumber })
  const read = async (ShardIterator: string, Limit?: number) => operator('GetRecords', { ShardIterator, Limit })
  const horizon = await read((await iterator('TRIM_HORIZON')).ShardIterator, 2)
  const [first, second] = horizon.Records
  expect(first.dynamodb.Keys).toEqual(item('first'))
  expect(first).not.toHaveProperty('eventSourceARN')
  const { SequenceNumber } = second.dynamodb
  const at = await read((await iterator('AT_SEQUENCE_NUMBER', SequenceNumber)).ShardIterator, 1)
  expect(at.Records).toEqual([second])
  const after = await read((await iterator('AFTER_SEQUENCE_NUMBER', SequenceNumber)).ShardIterator, 1)
  expect(after.Records).toEqual((await read(horizon.NextShardIterator, 1)).Records)
  const { ShardIterator } = await iterator('LATEST')
  const { NextShardIterator } = await read(ShardIterator)
  await put('latest')
  await batch()
  expect((await read(NextShardIterator)).Records).toMatchObject([{ dynamodb: { Keys: item('latest') } }])
  const { accessKeyId } = run.functions.credentials('Connect')
  expect(await operator('ListStreams', {}, accessKeyId)).toHaveProperty('Streams')
  expect(await operator('ListStreams', {}, run.functions.credentials('Poor').accessKeyId)).toMatchObject({
    __type: 'AccessDeniedException',
  })
})
