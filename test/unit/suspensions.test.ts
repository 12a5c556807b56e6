import { administration, recordAbout } from '../../lambdas/domain/record/record.ts'
import { connect } from '../../lambdas/routes/connect.ts'
import { disconnectUser } from '../../lambdas/routes/disconnect-user.ts'
import { join } from '../../lambdas/routes/join.ts'
import { suspend } from '../../lambdas/routes/suspend.ts'
import { suspended } from '../../lambdas/routes/suspended.ts'
import { unsuspend } from '../../lambdas/routes/unsuspend.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, eventOf, person } from '../support/memory/fixtures.ts'

const ana = person('ana')
const root = person('root', { admin: true })
const goaway = { type: 'goaway', reason: 'suspended', reconnectInMs: 0 }
const always = { from: 0, to: Number.MAX_SAFE_INTEGER }

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', { privacy: 'open' })
  await opens('root-1', root)
})

const opens = async (connectionId: string, caller = ana): Promise<number> => {
  app.clock.time++
  return (await connect(app, eventOf(app, '', caller, connectionId))).statusCode
}

const asks = (handler: Parameters<typeof call>[1], frame: object, caller = root) =>
  call(app, handler, frame, caller, `${caller.user}-1`)

const later = (ms: number) => new Date(app.clock.now() + ms).toISOString()

const recorded = async (part: string) =>
  (await app.records.read(part, always, '', 100)).map(({ place: _, at: __, ...line }) => line)

describe('suspend', () => {
  it('closes all connections of the user after a push, and no other', async () => {
    await opens('a1')
    await opens('a2')
    await opens('b1', person('bob'))
    const reply = await asks(suspend, { user: 'ana', reason: 'Spam' })
    expect(reply).toMatchObject({ ok: true, suspended: { user: 'ana', by: 'root', reason: 'Spam' } })
    expect([app.connections.pushes('a1'), app.connections.pushes('a2')]).toEqual([[goaway], [goaway]])
    expect(app.connections.closed.toSorted()).toEqual(['a1', 'a2'])
    expect(app.connections.pushes('b1')).toEqual([])
  })

  it('refuses every later handshake of the user and leaves no connection', async () => {
    await asks(suspend, { user: 'ana' })
    expect(await opens('a1')).toBe(403)
    expect(await app.sessions.connectionsOf('ana')).toEqual([])
    expect(await call(app, join, { roomId: 'r' }, ana, 'a1')).toEqual({})
    expect(await app.sessions.roster('r')).toEqual([])
  })

  it('keeps the grants of the user', async () => {
    await addRoom(app, 'closed', {}, { 'user:ana': ['member'] })
    await asks(suspend, { user: 'ana' })
    await asks(unsuspend, { user: 'ana' })
    await opens('a1')
    expect(await call(app, join, { roomId: 'closed' }, ana, 'a1')).toMatchObject({ ok: true })
  })

  it('ends at the given time by itself', async () => {
    const until = later(60_000)
    expect(await asks(suspend, { user: 'ana', until })).toMatchObject({ suspended: { until } })
    app.clock.time = Date.parse(until) - 10
    expect(await opens('a1')).toBe(403)
    app.clock.time = Date.parse(until)
    expect(await asks(suspended, {})).toMatchObject({ users: [] })
    expect(await opens('a2')).toBe(200)
  })

  it('ends the sessions of a connection that is gone', async () => {
    await opens('a1')
    await call(app, join, { roomId: 'r' }, ana, 'a1')
    app.connections.setFault('a1', 'gone')
    await asks(suspend, { user: 'ana' })
    expect(await app.sessions.roster('r')).toEqual([])
  })

  it('finds a connection that the index shows later', async () => {
    await opens('a1')
    const indexed = jest.spyOn(app.sessions, 'connectionsOf').mockResolvedValueOnce([])
    await asks(suspend, { user: 'ana' })
    expect(indexed.mock.calls.length).toBeGreaterThan(1)
    expect([app.connections.pushes('a1'), app.connections.closed]).toEqual([[goaway], ['a1']])
  })

  it('is refused as unavailable, and keeps the user out, if a connection cannot be closed', async () => {
    await opens('a1')
    jest.spyOn(app.connections, 'close').mockResolvedValue('throttled')
    expect(await asks(suspend, { user: 'ana' })).toMatchObject({ error: { code: 'unavailable', retryable: true } })
    expect(await opens('a2')).toBe(403)
    jest.restoreAllMocks()
    expect(await asks(suspend, { user: 'ana' })).toMatchObject({ ok: true })
    expect(app.connections.closed).toContain('a1')
  })

  it('closes a connection at a later attempt if the first one fails', async () => {
    await opens('a1')
    jest.spyOn(app.connections, 'close').mockResolvedValueOnce('late')
    expect(await asks(suspend, { user: 'ana' })).toMatchObject({ ok: true })
    expect(app.connections.closed).toEqual(['a1'])
  })

  it.each([
    ['of oneself', () => ({ user: 'root' }), 'user'],
    ['that has ended already', () => ({ user: 'ana', until: later(0) }), 'until'],
    ['of nobody', () => ({}), 'user'],
  ])('is invalid %s', async (_, frame, field) => {
    expect(await asks(suspend, frame())).toMatchObject({ error: { code: 'invalid', details: { field } } })
    expect(await app.suspensions.list('', 10)).toEqual([])
    expect(await recorded(administration)).toEqual([])
  })
})

describe('the record of the deployment', () => {
  it('contains every suspension and its end, also under the user', async () => {
    const until = later(60_000)
    await asks(suspend, { user: 'ana', until, reason: 'Spam' })
    await asks(unsuspend, { user: 'ana' })
    const lines = [
      { event: 'suspended', by: 'root', details: { user: 'ana', until, reason: 'Spam' } },
      { event: 'unsuspended', by: 'root', details: { user: 'ana' } },
    ]
    expect(await recorded(administration)).toEqual(lines)
    expect(await recorded(recordAbout('ana'))).toEqual(lines)
  })

  it('contains a suspension whose connections could not be closed', async () => {
    jest.spyOn(app.sessions, 'connectionsOf').mockRejectedValue(new Error('No index'))
    await asks(suspend, { user: 'ana' })
    expect(await recorded(administration)).toMatchObject([{ event: 'suspended' }])
  })
})

describe('unsuspend', () => {
  it('lets the user connect again and tells whether there was a suspension', async () => {
    await asks(suspend, { user: 'ana' })
    expect(await asks(unsuspend, { user: 'ana' })).toMatchObject({ ok: true, unsuspended: true })
    expect(await opens('a1')).toBe(200)
    expect(await asks(unsuspend, { user: 'ana' })).toMatchObject({ ok: true, unsuspended: false })
  })
})

describe('suspended', () => {
  it('lists the users in pages', async () => {
    const users = Array.from({ length: 130 }, (_, nr) => `user-${String(nr).padStart(3, '0')}`)
    const reason = 'x'.repeat(500)
    for (const user of users) await app.suspensions.put({ user, since: 1, by: 'root', reason })
    const listed: unknown[] = []
    let cursor: unknown
    do {
      const page = await asks(suspended, { ...(cursor !== undefined && { cursor }) })
      listed.push(...Object(page.users))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(listed).toEqual(users.map((user) => ({ user, since: '1970-01-01T00:00:00.001Z', by: 'root', reason })))
  })

  it('refuses a cursor of another list', async () => {
    const cursor = Buffer.from(JSON.stringify(['roles', 'x'])).toString('base64url')
    expect(await asks(suspended, { cursor })).toMatchObject({ error: { code: 'invalid' } })
  })
})

describe('disconnect', () => {
  const pushed = { type: 'goaway', reason: 'disconnected', reconnectInMs: 0 }

  it('closes all connections of a user, who may come back', async () => {
    await opens('a1')
    await opens('a2')
    expect(await asks(disconnectUser, { user: 'ana' })).toMatchObject({ ok: true, disconnected: 2 })
    expect(app.connections.pushes('a2')).toEqual([pushed])
    expect(app.connections.closed.toSorted()).toEqual(['a1', 'a2'])
    expect(await opens('a3')).toBe(200)
  })

  it('closes one connection', async () => {
    await opens('a1')
    await opens('a2')
    expect(await asks(disconnectUser, { connectionId: 'a2' })).toMatchObject({ disconnected: 1 })
    expect(app.connections.closed).toEqual(['a2'])
    const details = { user: 'ana', connectionId: 'a2' }
    expect(await recorded(recordAbout('ana'))).toEqual([{ event: 'disconnected', by: 'root', details }])
  })

  it('closes nothing if there is no such connection, and leaves that of the caller open', async () => {
    expect(await asks(disconnectUser, { connectionId: 'unknown' })).toMatchObject({ disconnected: 0 })
    expect(await asks(disconnectUser, { user: 'root' })).toMatchObject({ disconnected: 0 })
    expect([app.connections.closed, await recorded(administration)]).toEqual([[], []])
  })

  it('does not count a connection that was gone', async () => {
    await opens('a1')
    app.connections.setFault('a1', 'gone')
    expect(await asks(disconnectUser, { user: 'ana' })).toMatchObject({ disconnected: 0 })
    expect(await app.sessions.connectionsOf('ana')).toEqual([])
  })

  it.each([[{}], [{ user: 'ana', connectionId: 'a1' }]])('is invalid with %j', async (frame) => {
    expect(await asks(disconnectUser, frame)).toMatchObject({ error: { code: 'invalid', details: { field: 'user' } } })
  })
})

describe('a user who is no administrator', () => {
  it.each([
    ['suspend', suspend, { user: 'bob' }],
    ['unsuspend', unsuspend, { user: 'bob' }],
    ['suspended', suspended, {}],
    ['disconnect', disconnectUser, { user: 'bob' }],
  ])('is forbidden to %s', async (_, handler, frame) => {
    await opens('b1', person('bob'))
    expect(await asks(handler, frame, ana)).toMatchObject({ error: { code: 'forbidden' } })
    expect([app.connections.closed, await app.suspensions.list('', 10)]).toEqual([[], []])
  })
})
