import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { SQS } from '@aws-sdk/client-sqs'
import { eventResources } from './events-app.ts'
import { type Client, type Run, startEcho, stopAll } from './run.ts'

let run: Run
let client: Client
let sqs: SQS
let QueueUrl: string
beforeAll(async () => {
  run = await startEcho({ changes: eventResources })
  client = await run.open()
  QueueUrl = `${run.origin}/123456789012/Echo-Jobs`
  sqs = new SQS({
    endpoint: run.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'any' },
    maxAttempts: 1,
  })
})
afterAll(stopAll)
afterEach(async () => {
  await sqs.purgeQueue({ QueueUrl })
})

const ask = (operation: string, input: object = {}, action = 'ask') =>
  client.ask('queue', { operation, input: { QueueUrl, ...input } }, action)

test('a message can be received until it is deleted', async () => {
  expect(await ask('sendMessage', { MessageBody: 'Grüße' })).toMatchObject({ status: 200 })
  const { Messages = [] } = await ask('receiveMessage')
  expect(Messages).toMatchObject([{ Body: 'Grüße', MD5OfBody: '49c5f675b49037b6044b803ac9d1a6d7' }])
  expect(await ask('deleteMessage', { ReceiptHandle: Messages[0].ReceiptHandle })).toMatchObject({ status: 200 })
  run.clock.advance(20_000)
  expect(await ask('receiveMessage')).not.toHaveProperty('Messages')
})

test('a waiting receiver gets the next message as soon as it is sent', async () => {
  const waiting = sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 20 })
  await ask('sendMessage', { MessageBody: 'late' })
  expect((await waiting).Messages).toMatchObject([{ Body: 'late' }])
})

test('a waiting receiver gets no message when its time is over', async () => {
  const waiting = sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 5 })
  await run.clock.pass(5000)
  expect((await waiting).Messages).toBeUndefined()
})

test('a received message is hidden for a while and moves to the dead-letter queue after too many receives', async () => {
  await ask('sendMessage', { MessageBody: 'again' })
  const receive = async (queue = QueueUrl) => (await sqs.receiveMessage({ QueueUrl: queue })).Messages
  expect(await receive()).toMatchObject([{ Body: 'again' }])
  expect(await receive()).toBeUndefined()
  run.clock.advance(20_000)
  const [second] = (await receive()) ?? []
  await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 })
  expect(await receive()).toBeUndefined()
  expect(await receive(run.queues.byName('failed')?.definition.url)).toMatchObject([{ Body: 'again' }])
})

test('a queue reports how many messages are visible and hidden', async () => {
  const counts = async () => {
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })
    return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible]
  }
  await ask('sendMessage', { MessageBody: 'one' })
  await ask('sendMessage', { MessageBody: 'two' })
  expect(await counts()).toEqual(['2', '0'])
  await sqs.receiveMessage({ QueueUrl })
  expect(await counts()).toEqual(['1', '1'])
})

test('a message is deleted after the retention period of the template', async () => {
  await ask('sendMessage', { MessageBody: 'old' })
  run.clock.advance(300_000)
  expect((await sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined()
})

test('an action without a permission is denied, and an unknown queue is refused', async () => {
  expect(await ask('purgeQueue')).toMatchObject({ status: 403, error: 'AccessDeniedException' })
  expect(await ask('sendMessage', { MessageBody: 'x' }, 'poor')).toMatchObject({ status: 403 })
  await expect(sqs.receiveMessage({ QueueUrl: `${QueueUrl}s` })).rejects.toMatchObject({ name: 'QueueDoesNotExist' })
})

test('calls are counted by caller, action and outcome', async () => {
  run.usage.reset()
  await ask('sendMessage', { MessageBody: 'x' })
  await ask('purgeQueue')
  expect(run.usage.read().calls).toEqual([
    { function: 'message', action: 'sqs:SendMessage', outcome: 'done', calls: 1 },
    { function: 'message', action: 'sqs:PurgeQueue', outcome: 'AccessDeniedException', calls: 1 },
  ])
})

test('the operator can read the tables at the same address; an unknown access key is refused', async () => {
  const at = (accessKeyId: string) =>
    new DynamoDB({
      endpoint: run.origin,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey: 'any' },
      maxAttempts: 1,
    })
  expect(await at('operator').scan({ TableName: 'things' })).toMatchObject({ Count: 0 })
  await expect(at('somebody').scan({ TableName: 'things' })).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  })
})

test.each([
  [{ FifoQueue: true }, 'FifoQueue'],
  [{ Colour: 'red' }, 'Colour'],
])('a queue with %j is refused', async (Properties, name) => {
  const changes = { ...eventResources, Odd: { Type: 'AWS::SQS::Queue', Properties } }
  await expect(startEcho({ changes })).rejects.toThrow(`does not know ${name} of AWS::SQS::Queue (Odd)`)
})
