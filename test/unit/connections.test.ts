import { ApiGatewayConnections } from '../../lambdas/aws/connections.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { answering, type Behaviour, type Peer, reply, startPeer } from '../support/socket/raw-peer.ts'

const peers: Peer[] = []
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close()
})

async function connectionsTo(behaviour: Behaviour) {
  const peer = await startPeer(behaviour)
  peers.push(peer)
  const clock = new FakeClock()
  clock.chance = 0.5
  const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 's' })
  const endpoint = `http://127.0.0.1:${peer.port}/chat`
  return { peer, clock, connections: new ApiGatewayConnections({ endpoint, region: 'us-east-1', credentials }, clock) }
}

/** Each request gets the next status, the last one for ever. */
const inTurn = (...statuses: number[]): Behaviour => {
  let at = 0
  return (_, socket) => socket.write(reply(statuses[Math.min(at++, statuses.length - 1)] ?? 500))
}

const ways = ['post', 'close'] as const
const through = (connections: ApiGatewayConnections, way: (typeof ways)[number]) =>
  way === 'post' ? connections.post('id=', 'frame') : connections.close('id=')

describe.each(ways)('%s', (way) => {
  test.each([
    ['200 is delivered', [200], 'delivered', 1],
    ['204 is delivered', [204], 'delivered', 1],
    ['410 is gone, without a second look', [410], 'gone', 1],
    ['400 fails at once', [400], 'failed', 1],
    ['413 fails at once: the frame will not shrink', [413], 'failed', 1],
    ['429 may pass', [429, 200], 'delivered', 2],
    ['500 may pass', [500, 200], 'delivered', 2],
    ['503 may pass, or turn out to be something else', [503, 410], 'gone', 2],
    ['429 twice is enough', [429, 429, 200], 'throttled', 2],
    ['500 twice is enough', [500, 500, 200], 'failed', 2],
  ] as const)('%s', async (_, statuses, outcome, requests) => {
    const { peer, clock, connections } = await connectionsTo(inTurn(...statuses))
    expect(await through(connections, way)).toBe(outcome)
    expect(peer.requests).toHaveLength(requests)
    expect(clock.slept).toEqual(Array(requests - 1).fill(50))
  })

  test('403 is told apart, and costs nobody else anything', async () => {
    const { peer, connections } = await connectionsTo(answering(403))
    expect(await through(connections, way)).toBe('refused')
    expect(peer.requests).toHaveLength(1)
  })

  test('whoever hangs is late, and is not tried twice', async () => {
    const { peer, connections } = await connectionsTo(() => {})
    expect(await through(connections, way)).toBe('late')
    expect(peer.requests).toHaveLength(1)
  })

  test('whoever hangs up fails on the second try', async () => {
    const { peer, connections } = await connectionsTo((_, socket) => socket.destroy())
    expect(await through(connections, way)).toBe('failed')
    expect(peer.requests).toHaveLength(2)
  })
})

test('a post carries the frame, a close says only whom to close', async () => {
  const { peer, connections } = await connectionsTo(answering(200))
  await connections.post('a+b/c=', '{"text":"Grüße"}')
  await connections.close('a+b/c=')
  expect(peer.requests.map(({ method, path, body }) => [method, path, body.toString()])).toEqual([
    ['POST', '/chat/@connections/a%2Bb%2Fc%3D', '{"text":"Grüße"}'],
    ['DELETE', '/chat/@connections/a%2Bb%2Fc%3D', ''],
  ])
})
