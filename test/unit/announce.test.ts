import { Refusal } from '../../lambdas/domain/errors.ts'
import type { ReviewResult } from '../../lambdas/domain/sessions/review.ts'
import type { Session } from '../../lambdas/domain/sessions/sessions.ts'
import { announce, announceEnded, announceLeft, announceParticipants } from '../../lambdas/push/announce.ts'
import { closeConnection } from '../../lambdas/push/close-connection.ts'
import { announceReview, pushKicks } from '../../lambdas/push/review.ts'
import type { Push } from '../../protocol/wire.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, connect, person } from '../support/memory/fixtures.ts'

let app: MemoryApp
const push: Push = { type: 'message', roomId: 'r', seq: 1, sentAt: '2026-01-01T00:00:00.000Z', text: 'hi' }

afterEach(() => {
  jest.restoreAllMocks()
})

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', { privacy: 'open' })
  await addRoom(app, 'other', { privacy: 'open' })
})

/** Adds a session for each connection and returns the roster. A connection id is the user's name and a number. */
async function sessionsOf(...connectionIds: string[]): Promise<Session[]> {
  for (const id of connectionIds) await addSession(app, 'r', person(id.replace(/\d+$/, '')), id)
  return app.sessions.roster('r')
}

async function pushReview(to: MemoryApp, reviewed: ReviewResult, reason: 'revoked' | 'disabled'): Promise<void> {
  await pushKicks(to, reviewed.kicked, reason)
  await announceReview(to, reviewed)
}

const roster = () => app.sessions.roster('r')
const left = (user: string) =>
  expect.objectContaining({ type: 'participant', event: 'left', user: expect.objectContaining({ user }) })
const leavePushesOf = (user: string, connectionId: string) =>
  app.connections
    .pushes(connectionId)
    .filter(({ event, user: participant }) => event === 'left' && Object(participant).user === user)

it('a push reaches every session except that of the sender, even the sender’s other connections', async () => {
  await announce(app, await sessionsOf('ana1', 'ana2', 'ben1'), push, 'ana1')
  expect(app.connections.frames('ana1')).toEqual([])
  expect(app.connections.pushes('ana2')).toEqual([push])
  expect(app.connections.pushes('ben1')).toEqual([push])
})

it('a push is posted to many connections at once, up to a limit', async () => {
  await announce(app, await sessionsOf(...Array.from({ length: 180 }, (_, nr) => `u${nr}x1`)), push)
  expect(new Set(app.connections.posted).size).toBe(180)
  expect(app.connections.posted).toHaveLength(180)
  expect(app.connections.maxPending).toBeGreaterThan(10)
  expect(app.connections.maxPending).toBeLessThan(100)
})

it('a connection that hangs does not delay the others', async () => {
  const everyone = await sessionsOf('ana1', ...Array.from({ length: 120 }, (_, nr) => `u${nr}x1`))
  app.connections.setFault('ana1', 'hanging')
  const done = announce(app, everyone, push)
  await new Promise((resolve) => setImmediate(resolve))
  for (const { connectionId } of everyone.slice(1)) expect(app.connections.pushes(connectionId)).toEqual([push])
  app.connections.release()
  await done
  expect(await roster()).toHaveLength(121)
})

it('a failed post has no effect on the other sessions', async () => {
  app.connections.setFault('ana1', 'failed')
  await announce(app, await sessionsOf('ana1', 'ben1'), push)
  expect(app.connections.pushes('ben1')).toEqual([push])
  expect(await roster()).toHaveLength(2)
  expect(app.notes).toEqual([{ push: 'message', delivered: 1, failed: 1 }])
})

describe('a session whose connection is gone', () => {
  it('is ended and announced once, while other sessions of the connection remain', async () => {
    await sessionsOf('ana1', 'ben1', 'cem1')
    await addSession(app, 'other', person('ana'), 'ana1')
    app.connections.setFault('ana1', 'gone')
    await announce(app, await roster(), push)
    expect((await roster()).map((session) => session.user)).toEqual(['ben', 'cem'])
    expect(await app.sessions.roomsOf('ana1')).toEqual(['other'])
    for (const id of ['ben1', 'cem1']) expect(app.connections.pushes(id)).toEqual([push, left('ana')])
  })

  it('is not announced while the user has another session in the room', async () => {
    app.connections.setFault('ana1', 'gone')
    await announce(app, await sessionsOf('ana1', 'ana2', 'ben1'), push)
    expect(app.connections.pushes('ben1')).toEqual([push])
    expect((await roster()).map((session) => session.connectionId)).toEqual(['ana2', 'ben1'])
  })

  it('is announced once to the remaining sessions, even if others are gone too', async () => {
    app.connections.setFault('ana1', 'gone')
    app.connections.setFault('ana2', 'gone')
    app.connections.setFault('ben1', 'gone')
    await announce(app, await sessionsOf('ana1', 'ana2', 'ben1', 'cem1'), push)
    expect(app.connections.pushes('cem1')).toEqual([push, left('ana'), left('ben')])
    expect(await roster()).toHaveLength(1)
  })

  it('is announced even if only another announcement detects it', async () => {
    const everyone = await sessionsOf('ana1', 'ben1', 'cem1')
    app.connections.setFault('ben1', 'gone')
    const ana = everyone.filter((session) => session.user === 'ana')
    await announceLeft(app, ana, everyone.slice(1), undefined)
    expect(app.connections.pushes('cem1')).toEqual([left('ana'), left('ben')])
  })

  it('is announced once even if two other announcements detect it', async () => {
    const everyone = await sessionsOf('ana1', 'ben1', 'cem1', 'dan1')
    app.connections.setFault('cem1', 'gone')
    await pushReview(app, { kicked: everyone.slice(0, 2), changed: [], roster: everyone.slice(2) }, 'revoked')
    expect(leavePushesOf('cem', 'dan1')).toHaveLength(1)
  })

  it('is announced once even if two concurrent messages detect it', async () => {
    const everyone = await sessionsOf('ana1', 'ben1')
    app.connections.setFault('ana1', 'gone')
    await Promise.all([announce(app, everyone, push), announce(app, everyone, { ...push, seq: 2 })])
    expect(leavePushesOf('ana', 'ben1')).toHaveLength(1)
  })

  it('is counted if the store cannot end it, and is ended and announced by the next message', async () => {
    app.connections.setFault('ana1', 'gone')
    const everyone = await sessionsOf('ana1', 'ben1', 'cem1')
    const refused = new Refusal('unavailable', 'The store did not answer in time.')
    jest.spyOn(app.sessions, 'end').mockRejectedValueOnce(refused)
    expect(await announce(app, everyone, push)).toEqual([])
    for (const id of ['ben1', 'cem1']) expect(app.connections.pushes(id)).toEqual([push])
    expect(app.notes).toEqual([{ push: 'message', delivered: 2, gone: 1, unended: 1 }])
    await announce(app, await roster(), push)
    for (const id of ['ben1', 'cem1']) expect(app.connections.pushes(id)).toEqual([push, push, left('ana')])
  })

  it('is not announced if the user has joined again on a new connection', async () => {
    const everyone = await sessionsOf('ana1', 'ben1')
    app.connections.setFault('ana1', 'gone')
    await addSession(app, 'r', person('ana'), 'ana2')
    await announce(app, everyone, push)
    expect(leavePushesOf('ana', 'ben1')).toEqual([])
  })
})

describe('participant changes', () => {
  it('are announced in a room of 75 participants with any number of connections', async () => {
    const everyone = await sessionsOf(...Array.from({ length: 75 }, (_, nr) => [`u${nr}x1`, `u${nr}x2`]).flat())
    await announceParticipants(app, everyone, 'changed', everyone.slice(0, 1), undefined)
    expect(app.connections.posted).toHaveLength(150)
  })

  it('are not announced in a room of 76 participants', async () => {
    const everyone = await sessionsOf(...Array.from({ length: 76 }, (_, nr) => `u${nr}x1`))
    await announceParticipants(app, everyone, 'changed', everyone.slice(0, 1), undefined)
    expect(app.connections.posted).toEqual([])
  })

  it('reach the other sessions in order while one connection hangs, which gets one post', async () => {
    const everyone = await sessionsOf('ana1', 'ben1', 'cem1', 'dan1')
    app.connections.setFault('ana1', 'hanging')
    const done = announceParticipants(app, everyone, 'changed', everyone, undefined)
    await new Promise((resolve) => setImmediate(resolve))
    const announced = everyone.map(({ user }) => expect.objectContaining({ user: expect.objectContaining({ user }) }))
    for (const id of ['ben1', 'cem1', 'dan1']) expect(app.connections.pushes(id)).toEqual(announced)
    app.connections.release()
    await done
    expect(app.connections.posted.filter((id) => id === 'ana1')).toHaveLength(1)
  })

  it('include each session whose connection turns out to be gone, once', async () => {
    const everyone = await sessionsOf('ana1', 'ben1', 'cem1', 'dan1', 'eli1')
    for (const id of ['cem1', 'dan1']) app.connections.setFault(id, 'gone')
    await pushReview(app, { kicked: everyone.slice(0, 2), changed: [], roster: everyone.slice(2) }, 'revoked')
    expect(app.connections.pushes('eli1')).toEqual(['ana', 'ben', 'cem', 'dan'].map(left))
    expect((await roster()).filter(({ user }) => ['cem', 'dan'].includes(user))).toEqual([])
  })

  it('are not announced to the rest when more than 75 participants leave at once', async () => {
    const everyone = await sessionsOf(...Array.from({ length: 78 }, (_, nr) => `u${nr}x1`))
    await announceLeft(app, everyone.slice(2), everyone.slice(0, 2), undefined)
    expect(app.connections.posted).toEqual([])
    await announceLeft(app, everyone.slice(3), everyone.slice(0, 2), undefined)
    expect(app.connections.posted).toHaveLength(150)
  })
})

describe('a large room', () => {
  /** Stores a count that says the room is large. */
  const storeLargeCount = (countedAt: number) =>
    app.sessions.noteCrowd('r', { connections: 9, participants: 9, crowded: true, large: true, bounds: [], countedAt })
  const spyOnRoster = () => jest.spyOn(app.sessions, 'roster')

  it('is not read completely when a session leaves or a connection is gone', async () => {
    const everyone = await sessionsOf('ana1', 'ben1', 'cem1')
    await storeLargeCount(app.clock.now())
    const rosterReads = spyOnRoster()
    await closeConnection(app, 'ana1')
    await announceEnded(app, everyone.slice(0, 1))
    app.connections.setFault('ben1', 'gone')
    await announce(app, everyone, push)
    expect(rosterReads).not.toHaveBeenCalled()
    expect(app.connections.pushes('cem1')).toEqual([push])
    expect((await roster()).map(({ user }) => user)).toEqual(['cem'])
  })

  it('counts as a small one again after enough sessions have left', async () => {
    await sessionsOf('ana1', 'ben1', 'cem1')
    await storeLargeCount(app.clock.now())
    await closeConnection(app, 'ana1')
    app.clock.time += 10_001
    await closeConnection(app, 'ben1')
    expect(app.connections.pushes('cem1')).toEqual([left('ben')])
    expect(await app.sessions.crowd('r')).toMatchObject({ connections: 1, crowded: false, large: false })
  })
})

describe('a connection that closes', () => {
  it('leaves every room, and each room is notified', async () => {
    await sessionsOf('ana1', 'ben1')
    await addSession(app, 'other', person('ana'), 'ana1')
    await addSession(app, 'other', person('cem'), 'cem1')
    await closeConnection(app, 'ana1')
    expect(app.connections.pushes('ben1')).toEqual([left('ana')])
    expect(app.connections.pushes('cem1')).toEqual([expect.objectContaining({ roomId: 'other', event: 'left' })])
    expect(await app.sessions.connections(['ana1'])).toEqual([])
  })

  it('is announced once even if it is closed twice, also concurrently', async () => {
    await sessionsOf('ana1', 'ben1')
    await Promise.all([closeConnection(app, 'ana1'), closeConnection(app, 'ana1')])
    await closeConnection(app, 'ana1')
    expect(leavePushesOf('ana', 'ben1')).toHaveLength(1)
  })

  it('before it opens stays closed', async () => {
    await closeConnection(app, 'ana1')
    await connect(app, person('ana'), 'ana1')
    expect(await app.sessions.connections(['ana1'])).toEqual([])
  })
})

describe('a change of rights', () => {
  it('reads the count of the room once for any number of sessions', async () => {
    const everyone = await sessionsOf('ana1', 'ben1', 'cem1', 'dan1')
    const reads = jest.spyOn(app.sessions, 'crowd')
    await pushReview(
      app,
      { kicked: everyone.slice(0, 2), changed: everyone.slice(2), roster: everyone.slice(2) },
      'revoked',
    )
    expect(reads).toHaveBeenCalledTimes(1)
  })

  it('pushes the reason to kicked sessions, and who left and who changed to the others', async () => {
    const [ana, ben, cem] = await sessionsOf('ana1', 'ben1', 'cem1')
    if (!ana || !ben || !cem) throw new Error('A session is missing.')
    const promoted = { ...ben, isManager: true }
    await pushReview(app, { kicked: [ana], changed: [promoted], roster: [promoted, cem] }, 'disabled')
    expect(app.connections.pushes('ana1')).toEqual([{ type: 'kicked', roomId: 'r', reason: 'disabled' }])
    const changed = expect.objectContaining({ event: 'changed', user: expect.objectContaining({ isManager: true }) })
    for (const id of ['ben1', 'cem1']) expect(app.connections.pushes(id)).toEqual([left('ana'), changed])
  })

  it('reaches all kicked sessions even if many of them hang', async () => {
    const everyone = await sessionsOf(...Array.from({ length: 70 }, (_, nr) => `u${nr}x1`))
    for (const { connectionId } of everyone.slice(0, 60)) app.connections.setFault(connectionId, 'hanging')
    const done = pushReview(app, { kicked: everyone, changed: [], roster: [] }, 'disabled')
    await new Promise((resolve) => setImmediate(resolve))
    for (const { connectionId } of everyone.slice(60)) expect(app.connections.pushes(connectionId)).toHaveLength(1)
    app.connections.release()
    await done
  })

  it('announces a user with two connections once', async () => {
    const everyone = await sessionsOf('ana1', 'ana2', 'ben1')
    const changed = everyone.slice(0, 2)
    await pushReview(app, { kicked: [], changed, roster: everyone }, 'revoked')
    expect(app.connections.pushes('ben1')).toHaveLength(1)
  })
})
