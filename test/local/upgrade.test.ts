import { WebSocket } from 'ws'
import { route } from './echo-app.ts'
import { type Run, startEcho, stopAll } from './run.ts'

let run: Run
beforeAll(async () => {
  run = await startEcho()
})
afterAll(stopAll)

const refused = async (query: string) => (await run.refusal(run.url + query)).status

test('the authorizer gets the headers and the query string of the upgrade request', async () => {
  await run.open('?a=1&b=2&b=3&c=x%20y', { headers: { 'X-Odd-CASE': 'one', Origin: 'http://page' } })
  const event = await run.printed('authorizer')
  expect(event).toMatchObject({
    type: 'REQUEST',
    queryStringParameters: { a: '1', b: '3', c: 'x y' },
    multiValueQueryStringParameters: { a: ['1'], b: ['2', '3'], c: ['x y'] },
    requestContext: { routeKey: '$connect', eventType: 'CONNECT', stage: 'v1', messageDirection: 'IN' },
  })
  expect(event.methodArn).toMatch(/^arn:aws:execute-api:us-east-1:123456789012:[a-z0-9]{10}\/v1\/\$connect$/)
  expect(event.headers).toMatchObject({ 'X-Odd-CASE': 'one', Origin: 'http://page', 'X-Forwarded-For': '127.0.0.1' })
  expect(event.multiValueHeaders['X-Odd-CASE']).toEqual(['one'])
  expect(event.headers['X-Amzn-Trace-Id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)
  expect(Object.keys(event.headers)).not.toContain('Connection')
  expect(Object.keys(event.headers)).not.toContain('Upgrade')
  await run.printed('connect')
})

test('$connect gets an event in the form of API Gateway, with the authorizer context as strings', async () => {
  const client = await run.open('', { headers: { 'User-Agent': 'tester' } })
  const event = await run.printed('connect')
  expect(event.queryStringParameters).toBeUndefined()
  expect(event.isBase64Encoded).toBe(false)
  const { requestContext } = event
  expect(requestContext).toMatchObject({
    routeKey: '$connect',
    eventType: 'CONNECT',
    connectedAt: run.clock.now(),
    identity: { sourceIp: '127.0.0.1', userAgent: 'tester' },
    authorizer: { principalId: 'someone', name: 'Someone', number: '7', flag: 'true', integrationLatency: 0 },
  })
  expect(requestContext.connectionId).toMatch(/^[A-Za-z0-9+/]{15}=$/)
  expect(requestContext.requestId).toBe(requestContext.extendedRequestId)
  expect(requestContext.requestTime).toBe('14/Nov/2023:22:13:20 +0000')
  const { authorizer } = (await client.ask('event')).requestContext
  expect(authorizer).toEqual(requestContext.authorizer)
})

test('the result of the authorizer determines the status of a refusal', async () => {
  expect(await refused('?auth=unauthorized')).toBe(401)
  expect(await refused('?auth=deny')).toBe(403)
  expect(await refused('?auth=elsewhere')).toBe(403)
  expect(await refused('?auth=throw')).toBe(500)
  expect(await refused('?auth=shapeless')).toBe(500)
  expect(await refused('?auth=nested')).toBe(500)
})

test('the status that $connect returns is the status of the upgrade', async () => {
  expect(await run.refusal(`${run.url}?status=409`)).toEqual({ status: 409, body: 'as the function says' })
  expect(await refused('?status=throw')).toBe(502)
  expect(await refused('?status=shapeless')).toBe(502)
  await run.open('?status=204')
})

test('a path other than the stage is forbidden', async () => {
  expect((await run.refusal(`${run.origin.replace('http', 'ws')}/v2`)).status).toBe(403)
  expect((await run.refusal(run.origin.replace('http', 'ws'))).status).toBe(403)
})

test('a URL of more than 4,096 characters is refused', async () => {
  expect(await refused(`?a=${'x'.repeat(4096)}`)).toBe(414)
  await run.open(`?a=${'x'.repeat(4096 - '/v1?a='.length)}`)
})

test('the subprotocol is the one that $connect returned, or none', async () => {
  const chosen = await run.open('?protocol=two', {}, ['one', 'two'])
  expect(chosen.socket.protocol).toBe('two')
  const headers = await chosen.headers
  expect(headers['sec-websocket-protocol']).toBe('two')
  expect(headers['x-other']).toBeUndefined()
  expect(headers['sec-websocket-extensions']).toBeUndefined()
  await expect(run.open('', {}, ['one', 'two'])).rejects.toThrow('Server sent no subprotocol')
})

test('a post from $connect to its own connection gets 410', async () => {
  await run.open('?self=1')
  expect(await run.printed('self')).toMatchObject({ status: 410, error: 'GoneException' })
})

test('the authorizer is not invoked without its identity sources', async () => {
  const { Properties } = { Properties: { ApiId: { Ref: 'Api' }, AuthorizerType: 'REQUEST' } }
  const AuthorizerUri = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/none/invocations'
  const IdentitySource = ['route.request.header.X-Token', 'route.request.querystring.who']
  const strict = await startEcho({
    changes: {
      Gate: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { ...Properties, AuthorizerUri, IdentitySource } },
    },
  })
  const status = async (query: string, headers: Record<string, string>) =>
    (await strict.refusal(strict.url + query, { headers })).status
  expect(await status('', {})).toBe(401)
  expect(await status('?who=me', {})).toBe(401)
  expect(await status('?who=', { 'x-token': 'x' })).toBe(401)
  // This function does not exist, so an invocation of it fails.
  await expect(status('?who=me', { 'x-token': 'x' })).rejects.toThrow()
  await strict.logged('no function none')
  await strict.stop()
})

test('without an authorizer every client may connect, and events have no authorizer context', async () => {
  const open = await startEcho({ changes: route('ConnectRoute', '$connect', 'ConnectIntegration', false) })
  await open.open()
  expect((await open.printed('connect')).requestContext.authorizer).toBeUndefined()
  await open.stop()
})

test('a client that leaves before $connect has answered still gets its $disconnect', async () => {
  const leaving = await startEcho({ faults: 'delayConnect:1' })
  const socket = new WebSocket(leaving.url)
  socket.on('error', () => {})
  await leaving.printed('authorizer')
  socket.terminate()
  await leaving.clock.pass(3000)
  expect((await leaving.printed('disconnect')).requestContext).toMatchObject({ disconnectStatusCode: 1006 })
  await leaving.stop()
})
