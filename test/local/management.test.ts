import { request } from 'node:http'
import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi'
import { type Client, type Run, startEcho, stopAll } from './run.ts'

let run: Run
let client: Client
let id: string
beforeAll(async () => {
  run = await startEcho()
})
afterAll(stopAll)
beforeEach(async () => {
  client = await run.open()
  id = (await client.ask('event')).requestContext.connectionId
})
afterEach(() => run.faults.set(''))

const sdk = (name = 'message') =>
  new ApiGatewayManagementApi({
    endpoint: run.url.replace('ws', 'http'),
    region: 'us-east-1',
    credentials: run.functions.credentials(name),
    maxAttempts: 1,
  })

test('a function posts to the connection of its event', async () => {
  client.send({ action: 'ask', verb: 'post', data: 'pushed' })
  expect(await client.text()).toBe('pushed')
  expect(await client.frame()).toEqual({ status: 200 })
})

test('getConnection returns the times and the address of a connection', async () => {
  run.clock.advance(5000)
  client.send({ action: 'ping' })
  await client.frame()
  const found = await sdk().getConnection({ ConnectionId: id })
  expect(found.ConnectedAt?.getTime()).toBe(run.clock.now() - 5000)
  expect(found.LastActiveAt?.getTime()).toBe(run.clock.now())
  expect(found.Identity).toMatchObject({ SourceIp: '127.0.0.1' })
})

test('a deleted connection is closed and gone, and $disconnect is invoked', async () => {
  await sdk().deleteConnection({ ConnectionId: id })
  expect((await client.closed)[0]).toBe(1000)
  for (const again of [
    () => sdk().postToConnection({ ConnectionId: id, Data: 'x' }),
    () => sdk().getConnection({ ConnectionId: id }),
    () => sdk().deleteConnection({ ConnectionId: id }),
  ]) {
    await expect(again()).rejects.toMatchObject({ name: 'GoneException', $metadata: { httpStatusCode: 410 } })
  }
  expect((await run.printed('disconnect')).requestContext).toMatchObject({
    connectionId: id,
    disconnectStatusCode: 1000,
  })
})

test('a malformed connection id is a bad request', async () => {
  await expect(sdk().postToConnection({ ConnectionId: 'nonsense', Data: 'x' })).rejects.toMatchObject({
    name: 'BadRequestException',
    $metadata: { httpStatusCode: 400 },
  })
})

test('a post of 128 KB passes; one byte more is too large', async () => {
  client.send({ action: 'ask', verb: 'post', size: 128 * 1024 })
  expect((await client.text()).length).toBe(128 * 1024)
  expect(await client.frame()).toEqual({ status: 200 })
  await expect(sdk().postToConnection({ ConnectionId: id, Data: 'x'.repeat(128 * 1024 + 1) })).rejects.toMatchObject({
    name: 'PayloadTooLargeException',
    $metadata: { httpStatusCode: 413 },
  })
})

test('a caller without a permission or without a signature is forbidden', async () => {
  await expect(sdk('poor').postToConnection({ ConnectionId: id, Data: 'x' })).rejects.toMatchObject({
    name: 'ForbiddenException',
    $metadata: { httpStatusCode: 403 },
  })
  const { status } = await fetch(`${run.url.replace('ws', 'http')}/@connections/${encodeURIComponent(id)}`, {
    method: 'POST',
  })
  expect(status).toBe(403)
  expect(await client.ask('post', { data: 'x' }, 'poor')).toMatchObject({ error: 'ForbiddenException', status: 403 })
})

test('a post to a reader that is too slow exceeds a limit', async () => {
  client.socket.pause()
  const data = 'x'.repeat(128 * 1024)
  const posts = sdk()
  const fill = async () => {
    for (let sent = 0; sent < 400; sent++) await posts.postToConnection({ ConnectionId: id, Data: data })
  }
  await expect(fill()).rejects.toMatchObject({ name: 'LimitExceededException', $metadata: { httpStatusCode: 429 } })
  client.socket.terminate()
})

test.each([
  ['post410', 'GoneException'],
  ['post429', 'LimitExceededException'],
  ['post500', 'InternalServerErrorException'],
])(
  '%s refuses a post before its delivery, with the suffix After it refuses the post after its delivery',
  async (fault, name) => {
    run.faults.set(`${fault}:1`)
    await expect(sdk().postToConnection({ ConnectionId: id, Data: 'before' })).rejects.toMatchObject({ name })
    run.faults.set(`${fault}After:1`)
    await expect(sdk().postToConnection({ ConnectionId: id, Data: 'after' })).rejects.toMatchObject({ name })
    expect(await client.text()).toBe('after')
  },
)

test('post403 refuses a post like a missing permission', async () => {
  run.faults.set('post403:1')
  await expect(sdk().postToConnection({ ConnectionId: id, Data: 'x' })).rejects.toMatchObject({
    name: 'ForbiddenException',
  })
})

test('a post can hang after its delivery', async () => {
  run.faults.set('hangPost:1')
  const { accessKeyId } = run.functions.credentials('message')
  const hanging = request(`${run.url.replace('ws', 'http')}/@connections/${encodeURIComponent(id)}`, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/x` },
  })
  let answered = false
  hanging.on('response', () => (answered = true)).on('error', () => {})
  hanging.end('delivered')
  expect(await client.text()).toBe('delivered')
  await client.ask('event')
  expect(answered).toBe(false)
  hanging.destroy()
})

test('a post can be delayed', async () => {
  run.faults.set('delayPost:1')
  const posted = sdk().postToConnection({ ConnectionId: id, Data: 'late' })
  await run.clock.pass(500)
  await posted
  expect(await client.text()).toBe('late')
})

test('an environment can be killed before or after its post', async () => {
  const { environment } = await client.ask('environment')
  run.faults.set('killAtCall:1')
  client.send({ action: 'ask', verb: 'post', data: 'last words' })
  const frames = [await client.text()]
  if (frames[0] === 'last words') frames.push(await client.text())
  expect(frames.at(-1)).toContain('Internal server error')
  run.faults.set('')
  expect((await client.ask('environment')).environment).not.toBe(environment)
})

test('posts are counted by function and outcome', async () => {
  run.usage.reset()
  await sdk().postToConnection({ ConnectionId: id, Data: 'x' })
  await sdk()
    .postToConnection({ ConnectionId: 'AAAAAAAAAAAAAAA=', Data: 'x' })
    .catch(() => {})
  const { posts } = (await (await fetch(`${run.origin}/_local/usage`)).json()) as { posts: unknown }
  expect(posts).toEqual([
    { function: 'message', method: 'POST', outcome: 'delivered', calls: 1 },
    { function: 'message', method: 'POST', outcome: '410', calls: 1 },
  ])
  await fetch(`${run.origin}/_local/usage`, { method: 'DELETE' })
  expect(run.usage.read().posts).toEqual([])
})
