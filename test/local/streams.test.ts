import { eventResources, source } from './events-app.ts'
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
const batch = () => run.said('batch')
const names = async () => (await batch()).names
const given = async (): Promise<Loose> => {
  const [message] = (await run.queues.byName('failed')?.receive({ waitMs: 60_000 })) ?? []
  return JSON.parse(message?.body ?? '')
}

test('a write invokes the function with a record of the shape the cloud gives', async () => {
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
