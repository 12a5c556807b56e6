import { lambda } from './echo-app.ts'
import { type Client, type Run, startEcho, stopAll } from './run.ts'

let run: Run
let client: Client
beforeAll(async () => {
  run = await startEcho()
  client = await run.open()
})
afterAll(stopAll)

const internal = { message: 'Internal server error' }

test('a function gets its own environment variables and those of Lambda, and none of the runner', async () => {
  const { variables } = await client.ask('environment')
  expect(variables).toMatchObject({
    TABLE: 'things',
    CONNECTIONS_URL: run.url.replace('ws', 'http'),
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'message',
    TZ: ':UTC',
  })
  expect(variables.ISSUER).toMatch(new RegExp(`^${run.origin}/us-east-1_`))
  expect(variables).not.toHaveProperty('PATH')
  expect(variables).not.toHaveProperty('HOME')
})

test('the context contains the name, the ARN and the request id', async () => {
  const { context } = await client.ask('environment')
  expect(context).toMatchObject({ functionName: 'message', functionVersion: '$LATEST' })
  expect(context.awsRequestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(context.invokedFunctionArn).toBe('arn:aws:lambda:us-east-1:123456789012:function:message')
})

test('consecutive events use the same environment', async () => {
  const first = await client.ask('environment')
  const second = await client.ask('environment')
  expect(second.environment).toBe(first.environment)
  expect(second.invocations).toBe(first.invocations + 1)
})

test('simultaneous events use different environments', async () => {
  const first = await client.ask('environment')
  client.send({ action: 'ask', verb: 'hang' })
  await run.printed('hanging')
  expect((await client.ask('environment')).environment).not.toBe(first.environment)
  run.clock.advance(20_000)
  expect(await client.frame()).toMatchObject(internal)
})

test('events that do not use the processor all run at once', async () => {
  const asking = await Promise.all(Array.from({ length: 6 }, () => run.open()))
  for (const each of asking) each.send({ action: 'ask', verb: 'hang' })
  // No event ends by itself, so when all have begun, each has its own environment.
  for (const _ of asking) await run.printed('hanging')
  run.clock.advance(20_000)
  for (const each of asking) expect(await each.frame()).toMatchObject(internal)
})

test('an environment that was idle for a minute is ended, except for the last one', async () => {
  const [one, other] = [await run.open(), await run.open()]
  const waiting = { action: 'ask', verb: 'until', pk: 'signal' }
  one.send(waiting)
  other.send(waiting)
  await run.printed('waiting')
  await run.printed('waiting')
  const input = { TableName: 'things', Item: { pk: { S: 'signal' } } }
  await client.ask('database', { operation: 'putItem', input }, 'brief')
  const used = [(await one.frame()).environment, (await other.frame()).environment]
  run.clock.advance(60_000)
  expect(used).toContain((await client.ask('environment')).environment)
  client.send({ action: 'ask', verb: 'hang' })
  await run.printed('hanging')
  expect(used).not.toContain((await one.ask('environment')).environment)
  run.clock.advance(20_000)
  expect(await client.frame()).toMatchObject(internal)
})

test('a function is throttled beyond its reserved concurrency', async () => {
  await client.ask('event', {}, 'single')
  client.send({ action: 'single', verb: 'hang' })
  await run.printed('hanging')
  client.send({ action: 'single', verb: 'event' })
  expect(await client.frame()).toMatchObject(internal)
  await run.logged('single: TooManyRequestsException')
  run.clock.advance(20_000)
  expect(await client.frame()).toMatchObject(internal)
  expect(await client.ask('event', {}, 'single')).toHaveProperty('body')
})

test('events wait when all environments of this machine are busy', async () => {
  const small = await startEcho({ concurrency: 1 })
  const asking = await small.open()
  asking.send({ action: 'ask', verb: 'slow', ms: 100 })
  asking.send({ action: 'ask', verb: 'slow', ms: 1 })
  const [first, second] = [await asking.frame(), await asking.frame()]
  expect(first.environment).toBe(second.environment)
  await small.stop()
})

test('an environment that exceeds its timeout is ended, and the next event gets a new one', async () => {
  const { environment } = await client.ask('environment', {}, 'brief')
  client.send({ action: 'brief', verb: 'hang' })
  await run.printed('hanging')
  run.clock.advance(2000)
  expect(await client.frame()).toMatchObject(internal)
  expect(await run.logged('brief: Sandbox.Timedout')).toMatch(
    /brief: Sandbox\.Timedout: .*Task timed out after 2\.00 seconds/,
  )
  expect((await client.ask('environment', {}, 'brief')).environment).not.toBe(environment)
})

test('an environment that exceeds its memory is ended, and the next event gets a new one', async () => {
  const { environment } = await client.ask('environment', {}, 'brief')
  expect(await client.ask('hold', { megabytes: 160 }, 'brief')).toMatchObject(internal)
  expect(await run.logged('brief: Runtime.OutOfMemory')).toContain('Runtime exited with error: signal: killed')
  expect((await client.ask('environment', {}, 'brief')).environment).not.toBe(environment)
})

test('the memory of a function is the one in its template', async () => {
  const roomy = await startEcho({ changes: lambda('Brief', 'message', { MemorySize: 256 }) })
  const asking = await roomy.open()
  expect(await asking.ask('hold', { megabytes: 160 }, 'brief')).toMatchObject({ blocks: 20_480 })
  await roomy.stop()
})

test('the credentials of an environment are valid until a quarter of an hour after its end', async () => {
  const ending = await startEcho()
  const asking = await ending.open()
  const { variables } = await asking.ask('environment', {}, 'brief')
  const signed = async () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${variables.AWS_ACCESS_KEY_ID}/20260101/us-east-1/dynamodb`
    const headers = { authorization, 'x-amz-target': 'DynamoDB_20120810.GetItem' }
    const body = JSON.stringify({ TableName: 'things', Key: { pk: { S: 'nothing' } } })
    return (await fetch(ending.origin, { method: 'POST', headers, body })).text()
  }
  await asking.ask('exit', {}, 'brief')
  ending.clock.advance(15 * 60_000 - 1)
  expect(await signed()).toContain('ConsumedCapacity')
  ending.clock.advance(1)
  expect(await signed()).toContain('UnrecognizedClientException')
  await ending.stop()
})

test.each([false, true])('a function writes every line before its event ends; it ends itself: %s', async (exits) => {
  const written: [string, string][] = []
  const observed = await startEcho({ verbose: false, onLine: (...line) => written.push(line) })
  const asking = await observed.open()
  await asking.ask('write', { count: 50, exits }, 'brief')
  const lines = written.filter(([name]) => name === 'brief').map(([, line]) => JSON.parse(line).written)
  expect(lines).toEqual([...Array.from({ length: 50 }, (_, at) => at + 1), 'end'])
  await observed.stop()
})

test('an error of a function is logged in one line', async () => {
  await client.ask('throw')
  expect(await run.logged('not today')).toBe('message: TypeError: not today')
})

test('without its handler a function fails at every event', async () => {
  const broken = await startEcho({
    changes: {
      Message: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'message',
          Runtime: 'nodejs22.x',
          Handler: 'index.missing',
          Code: { S3Key: 'echo.zip' },
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        },
      },
    },
  })
  const asking = await broken.open()
  expect(await asking.ask('event')).toMatchObject(internal)
  expect(await broken.logged('Runtime.HandlerNotFound')).toContain('missing is undefined or not exported')
  await broken.stop()
})

test.each([
  [{ Runtime: 'python3.13' }, 'its runtime is python3.13'],
  [{ Layers: ['arn'] }, 'it has layers'],
  [{ Code: { S3Key: 'other.zip' } }, 'its code is not an asset'],
])('a function with %j is refused', async (properties, reason) => {
  const Properties = { Runtime: 'nodejs22.x', Handler: 'index.x', Code: { S3Key: 'echo.zip' }, ...properties }
  await expect(startEcho({ changes: { Odd: { Type: 'AWS::Lambda::Function', Properties } } })).rejects.toThrow(
    `cannot run function Odd: ${reason}`,
  )
})
