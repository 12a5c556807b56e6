import { ApiGatewayConnections } from '../../lambdas/aws/connections.ts'
import type { SocketEvent } from '../../lambdas/aws/socket-event.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { connect } from '../../lambdas/routes/connect.ts'
import { join } from '../../lambdas/routes/join.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { limits } from '../../protocol/limits.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, eventOf, furnish, person } from '../support/memory/scene.ts'
import { type Peer, reply, startPeer } from '../support/socket/raw-peer.ts'

const ana = person('ana')
const replaced = { type: 'goaway', reason: 'replaced', reconnectInMs: 0 }

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await furnish(app, 'r', { privacy: 'open' })
})

/** A handshake as API Gateway hands it over. */
const handshake = (connectionId: string, offered?: string): SocketEvent => ({
  ...eventOf(app, '', ana, connectionId),
  ...(offered !== undefined && { headers: { 'sec-websocket-protocol': offered } }),
})

async function open(connectionId: string): Promise<number> {
  app.clock.time++
  return (await connect(app, handshake(connectionId))).statusCode
}

/** As many connections as a user may have, oldest first. */
async function full(): Promise<void> {
  for (let n = 1; n <= limits.connectionsPerUser; n++) expect(await open(`a${n}`)).toBe(200)
}

const openOnes = () => app.sessions.connectionsOf('ana')

describe('the subprotocol', () => {
  it.each([
    ['chat.v1', 'chat.v1'],
    ['bearer.x, chat.v1', 'chat.v1'],
    ['chat.v2, chat.v1', 'chat.v1'],
    ['bearer.x', undefined],
    ['chat.v2', undefined],
    ['chat.v10', undefined],
    [undefined, undefined],
  ])('of an offer of %p is %p', async (offered, chosen) => {
    const { statusCode, headers } = await connect(app, handshake('a1', offered))
    expect([statusCode, headers?.['Sec-WebSocket-Protocol']]).toEqual([200, chosen])
  })
})

describe('one connection more than a user may have', () => {
  it('is let in, and the oldest is told and closed', async () => {
    await full()
    expect([app.connections.tried, app.connections.closed]).toEqual([[], []])
    expect(await open('new')).toBe(200)
    expect(app.connections.pushes('a1')).toEqual([replaced])
    expect([app.connections.tried, app.connections.closed]).toEqual([['a1'], ['a1']])
  })

  it('is let in and the oldest closed although the word fails', async () => {
    await full()
    app.connections.mark('a1', 'failed')
    expect(await open('new')).toBe(200)
    expect(app.connections.closed).toEqual(['a1'])
  })

  it('is let in and the oldest closed although nothing can be posted at all', async () => {
    await full()
    jest.spyOn(app.connections, 'post').mockRejectedValue(new Error('No credentials'))
    expect(await open('new')).toBe(200)
    expect(app.connections.closed).toEqual(['a1'])
  })

  it('is let in although the oldest cannot be closed either, and that is reported without a word of anyone', async () => {
    await full()
    jest.spyOn(app.connections, 'close').mockRejectedValue(new TypeError('a1'))
    expect(await open('new')).toBe(200)
    expect(app.facts).toContainEqual({ level: 'error', route: '$connect', requestId: 'request-1', error: 'TypeError' })
  })

  it('is let in although nobody knows how many there are', async () => {
    jest.spyOn(app.sessions, 'surplusOf').mockRejectedValue(new Refusal('unavailable', 'Too busy.'))
    expect(await open('new')).toBe(200)
    expect(app.facts).toContainEqual(expect.objectContaining({ level: 'error', error: 'Refused' }))
  })

  it('ends an oldest one that is gone, with its sessions', async () => {
    await full()
    await call(app, join, { action: 'join', roomId: 'r' }, ana, 'a1')
    app.connections.mark('a1', 'gone')
    expect(await open('new')).toBe(200)
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
    expect(await openOnes()).toHaveLength(limits.connectionsPerUser)
  })
})

describe('a connection that had to give way before it was open', () => {
  beforeEach(async () => {
    await full()
    app.connections.mark('a1', 'gone')
    await open('new')
    app.connections.mark('a1', undefined)
  })

  it.each([
    ['joins a room', join, { action: 'join', id: '7', roomId: 'r' }],
    ['asks what moved', sync, { action: 'sync', id: '7', rooms: { r: 0 } }],
  ])('is told and closed when it %s', async (_, handler, frame) => {
    expect(await call(app, handler, frame, ana, 'a1')).toEqual({})
    expect(app.connections.pushes('a1')).toMatchObject([
      { id: '7', ok: false, error: { code: 'not_joined', retryable: false } },
      replaced,
    ])
    expect(app.connections.closed).toEqual(['a1'])
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
  })
})

describe('a gateway that never answers a post', () => {
  let peer: Peer | undefined
  afterEach(() => peer?.close())

  it('is given up in a bounded time, and the oldest closed', async () => {
    await full()
    peer = await startPeer(({ method }, socket) => {
      if (method === 'DELETE') socket.write(reply(204))
    })
    const gateway = {
      endpoint: `http://127.0.0.1:${peer.port}/chat`,
      region: 'us-east-1',
      credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's' }),
    }
    const hanging = { ...app, connections: new ApiGatewayConnections(gateway, app.clock) }
    app.clock.time++
    expect((await connect(hanging, handshake('new'))).statusCode).toBe(200)
    expect(peer.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /chat/@connections/a1',
      'DELETE /chat/@connections/a1',
    ])
  })
})
