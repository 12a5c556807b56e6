import { ApiGatewayConnections } from '../../lambdas/aws/connections.ts'
import type { SocketEvent } from '../../lambdas/aws/socket-event.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { recordAbout } from '../../lambdas/domain/record/record.ts'
import { connect } from '../../lambdas/routes/connect.ts'
import { join } from '../../lambdas/routes/join.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { limits } from '../../protocol/limits.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, eventOf, person } from '../support/memory/fixtures.ts'
import { type RawServer, reply, startRawServer } from '../support/socket/raw-server.ts'

const ana = person('ana')
const replaced = { type: 'goaway', reason: 'replaced', reconnectInMs: 0 }

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', { privacy: 'open' })
})

/** The event of a handshake. */
const handshake = (connectionId: string, offered?: string): SocketEvent => ({
  ...eventOf(app, '', ana, connectionId),
  ...(offered !== undefined && { headers: { 'sec-websocket-protocol': offered } }),
})

async function open(connectionId: string): Promise<number> {
  app.clock.time++
  return (await connect(app, handshake(connectionId))).statusCode
}

/** Opens the maximum number of connections of a user, oldest first. */
async function openAll(): Promise<void> {
  for (let n = 1; n <= limits.connectionsPerUser; n++) expect(await open(`a${n}`)).toBe(200)
}

const openConnections = () => app.sessions.connectionsOf('ana')

describe('the subprotocol', () => {
  it.each([
    ['chat.v1', 'chat.v1'],
    ['bearer.x, chat.v1', 'chat.v1'],
    ['chat.v2, chat.v1', 'chat.v1'],
    ['bearer.x', undefined],
    ['chat.v2', undefined],
    ['chat.v10', undefined],
    [undefined, undefined],
  ])('for the offer %p is %p', async (offered, chosen) => {
    const { statusCode, headers } = await connect(app, handshake('a1', offered))
    expect([statusCode, headers?.['Sec-WebSocket-Protocol']]).toEqual([200, chosen])
  })
})

describe('a connection above the limit of a user', () => {
  it('is accepted, and the oldest one gets a push and is closed', async () => {
    await openAll()
    expect([app.connections.posted, app.connections.closed]).toEqual([[], []])
    expect(await open('new')).toBe(200)
    expect(app.connections.pushes('a1')).toEqual([replaced])
    expect([app.connections.posted, app.connections.closed]).toEqual([['a1'], ['a1']])
  })

  it('is accepted and the oldest one closed even if the push fails', async () => {
    await openAll()
    app.connections.setFault('a1', 'failed')
    expect(await open('new')).toBe(200)
    expect(app.connections.closed).toEqual(['a1'])
  })

  it('is accepted and the oldest one closed even if the post throws', async () => {
    await openAll()
    jest.spyOn(app.connections, 'post').mockRejectedValue(new Error('No credentials'))
    expect(await open('new')).toBe(200)
    expect(app.connections.closed).toEqual(['a1'])
  })

  it('is accepted even if the oldest one cannot be closed, and the log has no ids', async () => {
    await openAll()
    jest.spyOn(app.connections, 'close').mockRejectedValue(new TypeError('a1'))
    expect(await open('new')).toBe(200)
    expect(app.notes).toEqual([{ step: 'surplus', error: 'TypeError', at: expect.any(String) }])
    expect(JSON.stringify([app.notes, app.logLines.at(-1)])).not.toContain('"a1"')
  })

  it('is accepted if the connections cannot be counted', async () => {
    jest.spyOn(app.sessions, 'surplusOf').mockRejectedValue(new Refusal('unavailable', 'Too busy.'))
    expect(await open('new')).toBe(200)
    expect(app.notes).toEqual([expect.objectContaining({ step: 'surplus', error: 'Refused' })])
  })

  it('ends the sessions of the oldest one if it is gone', async () => {
    await openAll()
    await call(app, join, { action: 'join', roomId: 'r' }, ana, 'a1')
    app.connections.setFault('a1', 'gone')
    expect(await open('new')).toBe(200)
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
    expect(await openConnections()).toHaveLength(limits.connectionsPerUser)
  })
})

describe('a connection that was closed in favour of a newer one before it opened', () => {
  beforeEach(async () => {
    await openAll()
    app.connections.setFault('a1', 'gone')
    await open('new')
    app.connections.setFault('a1', undefined)
  })

  it.each([
    ['sends `join`', join, { action: 'join', id: '7', roomId: 'r' }],
    ['sends `sync`', sync, { action: 'sync', id: '7', rooms: { r: 0 } }],
  ])('gets a push and is closed when it %s', async (_, handler, frame) => {
    expect(await call(app, handler, frame, ana, 'a1')).toEqual({})
    expect(app.connections.pushes('a1')).toMatchObject([
      { id: '7', ok: false, error: { code: 'not_joined', retryable: false } },
      replaced,
    ])
    expect(app.connections.closed).toEqual(['a1'])
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
  })
})

describe('a gateway that never responds to a post', () => {
  let server: RawServer | undefined
  afterEach(() => server?.close())

  it('causes a timeout, and the oldest connection is closed', async () => {
    await openAll()
    server = await startRawServer(({ method }, socket) => {
      if (method === 'DELETE') socket.write(reply(204))
    })
    const endpoint = {
      endpoint: `http://127.0.0.1:${server.port}/chat`,
      region: 'us-east-1',
      credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's' }),
    }
    const hanging = { ...app, connections: new ApiGatewayConnections(endpoint, app.clock) }
    app.clock.time++
    expect((await connect(hanging, handshake('new'))).statusCode).toBe(200)
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /chat/@connections/a1',
      'DELETE /chat/@connections/a1',
    ])
  })
})

describe('the address of a connection', () => {
  const from = (identity: object): SocketEvent => {
    const event = handshake('a1')
    return { ...event, requestContext: { ...event.requestContext, identity } }
  }
  const recorded = () => app.records.read(recordAbout('ana'), { from: 0, to: 1e15 }, '', 9)

  it('is not recorded unless the setting demands it', async () => {
    await connect(app, from({ sourceIp: '192.0.2.7', userAgent: 'Browser' }))
    expect(await recorded()).toEqual([])
  })

  it('is recorded with the user agent, of bounded length, before the connection is open', async () => {
    app.settings.recordAddresses = true
    const whenOpened: unknown[] = []
    const openIt = app.sessions.open.bind(app.sessions)
    jest.spyOn(app.sessions, 'open').mockImplementation(async (connection) => {
      whenOpened.push(...(await recorded()))
      return openIt(connection)
    })
    await connect(app, from({ sourceIp: '192.0.2.7', userAgent: 'B'.repeat(9000) }))
    const details = { user: 'ana', connectionId: 'a1', address: '192.0.2.7', agent: 'B'.repeat(512) }
    expect(whenOpened).toMatchObject([{ event: 'connected', by: 'ana', details }])
  })

  it('is recorded without a user agent if there is none', async () => {
    app.settings.recordAddresses = true
    await connect(app, from({ sourceIp: '2001:db8::1' }))
    const details = { user: 'ana', connectionId: 'a1', address: '2001:db8::1' }
    expect((await recorded()).map((line) => line.details)).toEqual([details])
  })
})
