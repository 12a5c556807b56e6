import { Lambda } from '@aws-sdk/client-lambda'
import { allow, att } from './echo-app.ts'
import { eventResources } from './events-app.ts'
import { type Client, type Loose, type Run, startEcho, stopAll } from './run.ts'

let run: Run
let client: Client
beforeAll(async () => {
  run = await startEcho({ changes: eventResources, minuteMs: 60_000 })
  client = await run.open()
})
afterAll(stopAll)
beforeEach(() => run.usage.reset())
afterEach(() => run.queues.byName('failed')?.purge())

const invoke = (Payload: unknown, InvocationType = 'Event', FunctionName = 'work') =>
  client.ask('invoke', { input: { FunctionName, InvocationType, Payload } })
const calls = (action: string) => run.usage.read().calls.filter((call) => call.action === action)
const discarded = async (): Promise<Loose> => {
  const [message] = (await run.queues.byName('failed')?.receive({ waitMs: 60_000 })) ?? []
  return JSON.parse(message?.body ?? '')
}

test('an asynchronous invocation is accepted at once, and the function runs', async () => {
  expect(await invoke({ act: 'note' })).toMatchObject({ status: 202, StatusCode: 202 })
  expect((await run.printed('work')).event).toEqual({ act: 'note' })
  expect(calls('lambda:InvokeEvent')).toEqual([
    { function: 'message', action: 'lambda:InvokeEvent', outcome: 'done', calls: 1 },
  ])
  // The next test would be throttled before the end of this event is counted.
  while (calls('lambda:Event').length === 0) await client.ask('event')
  expect(calls('lambda:Event')).toEqual([expect.objectContaining({ function: 'work', outcome: 'Success', calls: 1 })])
})

test('a synchronous invocation returns the result of the function', async () => {
  const operator = new Lambda({
    endpoint: run.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'any' },
    maxAttempts: 1,
  })
  const FunctionName = 'arn:aws:lambda:us-east-1:123456789012:function:work'
  const answered = await operator.invoke({ FunctionName, Payload: '{"a":1}' })
  expect(answered).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
  expect(JSON.parse(answered.Payload?.transformToString() ?? '')).toEqual({ done: { a: 1 } })
  const failed = await operator.invoke({ FunctionName, Payload: '{"act":"throw"}' })
  expect(failed).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' })
  expect(JSON.parse(failed.Payload?.transformToString() ?? '')).toMatchObject({ errorMessage: 'unable' })
  // The output of a function may arrive after its result.
  for (const event of [{ a: 1 }, { act: 'throw' }]) expect(await run.printed('work')).toMatchObject({ event })
})

test('an event that fails is retried after one minute and after two, and then discarded', async () => {
  await invoke({ act: 'throw' })
  const first = await run.printed('work')
  await run.clock.due(60_000)
  const second = await run.printed('work')
  expect(second).toEqual(first)
  await run.clock.due(120_000)
  await run.printed('work')
  expect(await discarded()).toEqual({
    version: '1.0',
    timestamp: new Date(run.clock.now()).toISOString(),
    requestContext: {
      requestId: first.requestId,
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:work:$LATEST',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { act: 'throw' },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'unable', trace: expect.any(Array) },
  })
  expect(calls('lambda:Event')).toEqual([
    expect.objectContaining({ function: 'work', outcome: 'retried', calls: 2 }),
    expect.objectContaining({ function: 'work', outcome: 'RetriesExhausted', calls: 1 }),
  ])
})

/** Starts another run, in which the only environment of the function is busy. */
async function startBusy() {
  const busy = await startEcho({ changes: eventResources, minuteMs: 60_000 })
  const asking = await busy.open()
  const send = (act: string, InvocationType = 'Event') =>
    asking.ask('invoke', { input: { FunctionName: 'work', InvocationType, Payload: { act } } })
  await send('hang')
  await busy.printed('work')
  return { busy, send }
}

test('while the function is throttled, events wait and synchronous invocations are refused', async () => {
  const { busy, send } = await startBusy()
  expect(await send('now', 'RequestResponse')).toMatchObject({ status: 429, error: 'TooManyRequestsException' })
  await send('note')
  await busy.clock.due(1000)
  await busy.clock.due(1000)
  await busy.logged('work: Sandbox.Timedout')
  await busy.clock.pass(2000)
  expect((await busy.printed('work')).event).toEqual({ act: 'note' })
  expect(busy.usage.read().invocations).toContainEqual(
    expect.objectContaining({ function: 'work', errors: 1, throttles: 3 }),
  )
  await busy.stop()
})

test('an event that waits for too long is discarded without an invocation', async () => {
  const { busy, send } = await startBusy()
  await send('late')
  await busy.logged('work: TooManyRequestsException')
  const given = busy.queues.byName('failed')?.receive({ waitMs: 900_000 })
  busy.clock.advance(600_001)
  const [message] = (await given) ?? []
  expect(JSON.parse(message?.body ?? '')).toMatchObject({
    requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
    requestPayload: { act: 'late' },
  })
  await busy.stop()
})

test('an invocation that the role does not allow is denied', async () => {
  expect(await invoke({}, 'Event', 'brief')).toMatchObject({ status: 403, error: 'AccessDeniedException' })
  expect(await client.ask('invoke', { input: { FunctionName: 'work', Payload: {} } }, 'poor')).toMatchObject({
    status: 403,
  })
})

test('an asynchronous invocation takes up to 1 MB, a synchronous one more; other payloads are refused', async () => {
  const text = 'x'.repeat(1024 * 1024)
  const operator = new Lambda({
    endpoint: run.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'any' },
    maxAttempts: 1,
  })
  const send = (Payload: string, InvocationType: 'Event' | 'RequestResponse') =>
    operator.invoke({ FunctionName: InvocationType === 'Event' ? 'work' : 'consume', InvocationType, Payload })
  await expect(send(JSON.stringify(text), 'Event')).rejects.toMatchObject({
    name: 'RequestTooLargeException',
    $metadata: { httpStatusCode: 413 },
  })
  expect(await send(JSON.stringify(text.slice(2)), 'Event')).toMatchObject({ StatusCode: 202 })
  await run.printed('work')
  expect(await send(JSON.stringify(text), 'RequestResponse')).toMatchObject({ StatusCode: 200 })
  await expect(send('not JSON', 'Event')).rejects.toMatchObject({ name: 'InvalidRequestContentException' })
  await expect(operator.invoke({ FunctionName: 'nobody' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

const configured = (Properties: Record<string, unknown>) => ({
  Asynchrony: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'Work' }, Qualifier: '$LATEST', ...Properties },
  },
})

test.each([
  [{ Qualifier: 'live' }, 'the qualifier live'],
  [{ Speed: 'high' }, 'does not know Speed'],
  [{ DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:x' } } }, 'the destination arn:aws:sns:x'],
  [
    { DestinationConfig: { OnSuccess: { Destination: att('Other', 'Arn') } } },
    /role of function Work may not sqs:SendMessage on its destination .*:Echo-Other/,
  ],
])('a configuration with %j is refused', async (properties, reason) => {
  const changes = { ...eventResources, Other: { Type: 'AWS::SQS::Queue' }, ...configured(properties) }
  await expect(startEcho({ changes })).rejects.toThrow(reason)
})

test('a success invokes the function that is the destination for it', async () => {
  const changes = {
    ...eventResources,
    ...configured({ DestinationConfig: { OnSuccess: { Destination: att('Brief', 'Arn') } } }),
    More: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyDocument: { Statement: [allow('lambda:InvokeFunction', att('Brief', 'Arn'))] },
        Roles: [{ Ref: 'Role' }],
      },
    },
    Brief: {
      Type: 'AWS::Lambda::Function',
      Properties: { ...eventResources.Work?.Properties, FunctionName: 'brief' },
    },
  }
  const other = await startEcho({ changes })
  const asking = await other.open()
  await asking.ask('invoke', { input: { FunctionName: 'work', InvocationType: 'Event', Payload: { act: 'note' } } })
  expect((await other.printed('work')).event).toEqual({ act: 'note' })
  expect((await other.printed('work')).event).toMatchObject({
    requestContext: { condition: 'Success', approximateInvokeCount: 1 },
    requestPayload: { act: 'note' },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { done: { act: 'note' } },
  })
  await other.stop()
})
