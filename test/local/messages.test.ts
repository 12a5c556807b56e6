import { type Client, type Run, startEcho, stopAll } from './run.ts'

let run: Run
let client: Client
beforeAll(async () => {
  run = await startEcho()
})
afterAll(stopAll)
beforeEach(async () => {
  client = await run.open('?a=1')
})

const failed = {
  message: 'Internal server error',
  connectionId: expect.stringMatching(/^.{15}=$/),
  requestId: expect.stringMatching(/^.{15}=$/),
}

test('the event of a message has a body and an id, but no headers and no query string', async () => {
  const event = await client.ask('event')
  expect(event).not.toHaveProperty('headers')
  expect(event).not.toHaveProperty('queryStringParameters')
  expect(event.body).toBe('{"action":"ask","verb":"event"}')
  expect(event.requestContext).toMatchObject({
    eventType: 'MESSAGE',
    routeKey: 'ask',
    domainName: new URL(run.origin).host,
  })
  expect(event.requestContext.messageId).toMatch(/^.{15}=$/)
})

test('all events of a connection contain the same connection and authorizer context', async () => {
  const [first, second] = [await client.ask('event'), await client.ask('event')]
  for (const name of ['connectionId', 'connectedAt', 'authorizer']) {
    expect(first.requestContext[name]).toEqual(second.requestContext[name])
  }
  expect(first.requestContext.messageId).not.toBe(second.requestContext.messageId)
})

test('a route without a response drops the result of the function', async () => {
  client.send({ action: 'tell', verb: 'event' })
  expect(await client.ask('event')).toMatchObject({ requestContext: { routeKey: 'ask' } })
})

test('a result without a body sends no frame', async () => {
  client.send({ action: 'ask', verb: 'empty' })
  expect(await client.ask('event')).toHaveProperty('requestContext')
})

test('a result in base64 is sent as text', async () => {
  client.send({ action: 'ask', verb: 'base64' })
  expect(await client.text()).toBe('plain')
})

test.each(['throw', 'shapeless', 'exit', 'huge'])(
  'a function that fails by %s leaves the connection open',
  async (verb) => {
    expect(await client.ask(verb)).toEqual(failed)
    expect(await client.ask('event')).toHaveProperty('body')
  },
)

test('a failure is reported even on a route without a response', async () => {
  expect(await client.ask('throw', {}, 'tell')).toEqual(failed)
})

test('the frame of a failure has the same spaces as on API Gateway', async () => {
  client.send({ action: 'ask', verb: 'throw' })
  expect(await client.text()).toMatch(
    /^\{"message": "Internal server error", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/,
  )
})

test('a frame without a route gets Forbidden if there is no $default', async () => {
  client.send('hi')
  expect(await client.frame()).toEqual({ ...failed, message: 'Forbidden' })
  expect(await client.ask('event', {}, 'nowhere')).toEqual({ ...failed, message: 'Forbidden' })
})

test('a mock integration answers with its templates', async () => {
  client.send({ action: 'ping', id: '9' })
  expect(await client.text()).toBe('{"pong":"9","at":"ping"}')
})

test('the frames of one connection do not wait for each other', async () => {
  client.send({ action: 'ask', verb: 'hang' })
  await run.printed('hanging')
  expect(await client.ask('event')).toHaveProperty('body')
})

test('an integration fails after 29 seconds', async () => {
  const slow = await startEcho({
    changes: {
      SlowIntegration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Api' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: {
            'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Patient.Arn}/invocations`,
          },
        },
      },
      Patient: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs22.x',
          Handler: 'index.message',
          Code: { S3Key: 'echo.zip' },
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Timeout: 60,
        },
      },
      SlowRoute: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Api' },
          RouteKey: 'slow',
          Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'SlowIntegration' }]] },
          RouteResponseSelectionExpression: '$default',
        },
      },
    },
  })
  const patient = await slow.open()
  await patient.ask('event')
  patient.send({ action: 'slow', verb: 'hang' })
  await slow.printed('hanging')
  slow.clock.advance(28_999)
  expect(await patient.ask('event')).toHaveProperty('body')
  slow.clock.advance(1)
  expect(await patient.frame()).toEqual(failed)
  await slow.stop()
})
