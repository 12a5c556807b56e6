import { ApiGatewayConnections } from '../../lambdas/aws/connections.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { answering, type Behaviour, type RawServer, reply, startRawServer } from '../support/socket/raw-server.ts'

const servers: RawServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function connectionsTo(behaviour: Behaviour) {
  const server = await startRawServer(behaviour)
  servers.push(server)
  const clock = new FakeClock()
  clock.chance = 0.5
  const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 's' })
  const endpoint = `http://127.0.0.1:${server.port}/chat`
  return {
    server,
    clock,
    connections: new ApiGatewayConnections({ endpoint, region: 'us-east-1', credentials }, clock),
  }
}

/** Responds to each request with the next status, and then always with the last one. */
const inTurn = (...statuses: number[]): Behaviour => {
  let at = 0
  return (_, socket) => socket.write(reply(statuses[Math.min(at++, statuses.length - 1)] ?? 500))
}

const methods = ['post', 'close'] as const
const run = (connections: ApiGatewayConnections, method: (typeof methods)[number]) =>
  method === 'post' ? connections.post('id=', 'frame') : connections.close('id=')

describe.each(methods)('%s', (method) => {
  test.each([
    ['returns delivered for 200', [200], 'delivered', 1],
    ['returns delivered for 204', [204], 'delivered', 1],
    ['returns gone for 410 without a retry', [410], 'gone', 1],
    ['returns failed for 400 without a retry', [400], 'failed', 1],
    ['returns failed for 413 without a retry', [413], 'failed', 1],
    ['retries after 429', [429, 200], 'delivered', 2],
    ['retries after 500', [500, 200], 'delivered', 2],
    ['retries after 503 and returns the second outcome', [503, 410], 'gone', 2],
    ['returns throttled after 429 twice', [429, 429, 200], 'throttled', 2],
    ['returns failed after 500 twice', [500, 500, 200], 'failed', 2],
  ] as const)('%s', async (_, statuses, outcome, requests) => {
    const { server, clock, connections } = await connectionsTo(inTurn(...statuses))
    expect(await run(connections, method)).toBe(outcome)
    expect(server.requests).toHaveLength(requests)
    expect(clock.slept).toEqual(Array(requests - 1).fill(50))
  })

  test('returns refused for 403 without a retry', async () => {
    const { server, connections } = await connectionsTo(answering(403))
    expect(await run(connections, method)).toBe('refused')
    expect(server.requests).toHaveLength(1)
  })

  test('returns late for a server that hangs, without a retry', async () => {
    const { server, connections } = await connectionsTo(() => {})
    expect(await run(connections, method)).toBe('late')
    expect(server.requests).toHaveLength(1)
  })

  test('returns failed after the server has closed the socket twice', async () => {
    const { server, connections } = await connectionsTo((_, socket) => socket.destroy())
    expect(await run(connections, method)).toBe('failed')
    expect(server.requests).toHaveLength(2)
  })
})

test('a post sends the frame, and a close only the connection id', async () => {
  const { server, connections } = await connectionsTo(answering(200))
  await connections.post('a+b/c=', '{"text":"Grüße"}')
  await connections.close('a+b/c=')
  expect(server.requests.map(({ method, path, body }) => [method, path, body.toString()])).toEqual([
    ['POST', '/chat/@connections/a%2Bb%2Fc%3D', '{"text":"Grüße"}'],
    ['DELETE', '/chat/@connections/a%2Bb%2Fc%3D', ''],
  ])
})
