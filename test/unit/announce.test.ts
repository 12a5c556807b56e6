import { Refusal } from '../../lambdas/domain/errors.ts'
import type { Session } from '../../lambdas/domain/sessions/sessions.ts'
import { announce, announceEnded, announceLeft, announceParticipants } from '../../lambdas/push/announce.ts'
import { closeConnection } from '../../lambdas/push/close-connection.ts'
import { pushReview } from '../../lambdas/push/review.ts'
import type { Push } from '../../protocol/wire.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { connect, furnish, person, seat } from '../support/memory/scene.ts'

let app: MemoryApp
const push: Push = { type: 'message', roomId: 'r', seq: 1, sentAt: '2026-01-01T00:00:00.000Z', text: 'hi' }

afterEach(() => {
  jest.restoreAllMocks()
})

beforeEach(async () => {
  app = memoryApp()
  await furnish(app, 'r', { privacy: 'open' })
  await furnish(app, 'other', { privacy: 'open' })
})

/** Everyone by connection: the user's name and a number. */
async function seated(...connectionIds: string[]): Promise<Session[]> {
  for (const id of connectionIds) await seat(app, 'r', person(id.replace(/\d+$/, '')), id)
  return app.sessions.roster('r')
}

const roster = () => app.sessions.roster('r')
const left = (user: string) =>
  expect.objectContaining({ type: 'participant', event: 'left', user: expect.objectContaining({ user }) })
const leavingsOf = (user: string, connectionId: string) =>
  app.connections.pushes(connectionId).filter(({ event, user: who }) => event === 'left' && Object(who).user === user)

it('reaches every session but the sender’s, the sender’s other connections among them', async () => {
  await announce(app, await seated('ana1', 'ana2', 'ben1'), push, 'ana1')
  expect(app.connections.frames('ana1')).toEqual([])
  expect(app.connections.pushes('ana2')).toEqual([push])
  expect(app.connections.pushes('ben1')).toEqual([push])
})

it('posts to many at once, and not to all', async () => {
  await announce(app, await seated(...Array.from({ length: 180 }, (_, nr) => `u${nr}x1`)), push)
  expect(new Set(app.connections.tried).size).toBe(180)
  expect(app.connections.tried).toHaveLength(180)
  expect(app.connections.mostUnderWay).toBeGreaterThan(10)
  expect(app.connections.mostUnderWay).toBeLessThan(100)
})

it('delivers to all others while one connection hangs', async () => {
  const everyone = await seated('ana1', ...Array.from({ length: 120 }, (_, nr) => `u${nr}x1`))
  app.connections.mark('ana1', 'hanging')
  const done = announce(app, everyone, push)
  await new Promise((resolve) => setImmediate(resolve))
  for (const { connectionId } of everyone.slice(1)) expect(app.connections.pushes(connectionId)).toEqual([push])
  app.connections.letGo()
  await done
  expect(await roster()).toHaveLength(121)
})

it('harms nobody by a post that failed', async () => {
  app.connections.mark('ana1', 'failed')
  await announce(app, await seated('ana1', 'ben1'), push)
  expect(app.connections.pushes('ben1')).toEqual([push])
  expect(await roster()).toHaveLength(2)
  expect(app.facts).toEqual([{ push: 'message', delivered: 1, failed: 1 }])
})

describe('a connection that is gone', () => {
  it('loses this session and no other, and its user’s leaving is told once to the rest', async () => {
    await seated('ana1', 'ben1', 'cem1')
    await seat(app, 'other', person('ana'), 'ana1')
    app.connections.mark('ana1', 'gone')
    await announce(app, await roster(), push)
    expect((await roster()).map((session) => session.user)).toEqual(['ben', 'cem'])
    expect(await app.sessions.roomsOf('ana1')).toEqual(['other'])
    for (const id of ['ben1', 'cem1']) expect(app.connections.pushes(id)).toEqual([push, left('ana')])
  })

  it('is no leaving while the user is there on another connection', async () => {
    app.connections.mark('ana1', 'gone')
    await announce(app, await seated('ana1', 'ana2', 'ben1'), push)
    expect(app.connections.pushes('ben1')).toEqual([push])
    expect((await roster()).map((session) => session.connectionId)).toEqual(['ana2', 'ben1'])
  })

  it('together with another is told once each, to those who remain', async () => {
    app.connections.mark('ana1', 'gone')
    app.connections.mark('ana2', 'gone')
    app.connections.mark('ben1', 'gone')
    await announce(app, await seated('ana1', 'ana2', 'ben1', 'cem1'), push)
    expect(app.connections.pushes('cem1')).toEqual([push, left('ana'), left('ben')])
    expect(await roster()).toHaveLength(1)
  })

  it('that shows only when another’s leaving is told is told as well', async () => {
    const everyone = await seated('ana1', 'ben1', 'cem1')
    app.connections.mark('ben1', 'gone')
    const ana = everyone.filter((session) => session.user === 'ana')
    await announceLeft(app, ana, everyone.slice(1), undefined)
    expect(app.connections.pushes('cem1')).toEqual([left('ana'), left('ben')])
  })

  it('is told once although two others are told about before', async () => {
    const everyone = await seated('ana1', 'ben1', 'cem1', 'dan1')
    app.connections.mark('cem1', 'gone')
    await pushReview(app, { kicked: everyone.slice(0, 2), changed: [], roster: everyone.slice(2) }, 'revoked')
    expect(leavingsOf('cem', 'dan1')).toHaveLength(1)
  })

  it('is told once although two messages find it gone at the same time', async () => {
    const everyone = await seated('ana1', 'ben1')
    app.connections.mark('ana1', 'gone')
    await Promise.all([announce(app, everyone, push), announce(app, everyone, { ...push, seq: 2 })])
    expect(leavingsOf('ana', 'ben1')).toHaveLength(1)
  })

  it('and cannot be taken off harms nobody, is counted, and is told when the next message takes it off', async () => {
    app.connections.mark('ana1', 'gone')
    const everyone = await seated('ana1', 'ben1', 'cem1')
    const refused = new Refusal('unavailable', 'The store did not answer in time.')
    jest.spyOn(app.sessions, 'end').mockRejectedValueOnce(refused)
    expect(await announce(app, everyone, push)).toEqual([])
    for (const id of ['ben1', 'cem1']) expect(app.connections.pushes(id)).toEqual([push])
    expect(app.facts).toEqual([{ push: 'message', delivered: 2, gone: 1, unended: 1 }])
    await announce(app, await roster(), push)
    for (const id of ['ben1', 'cem1']) expect(app.connections.pushes(id)).toEqual([push, push, left('ana')])
  })

  it('is no leaving once the user is back on a new connection', async () => {
    const everyone = await seated('ana1', 'ben1')
    app.connections.mark('ana1', 'gone')
    await seat(app, 'r', person('ana'), 'ana2')
    await announce(app, everyone, push)
    expect(leavingsOf('ana', 'ben1')).toEqual([])
  })
})

describe('comings and goings', () => {
  it('are told in a room of 75 participants, however many their connections', async () => {
    const everyone = await seated(...Array.from({ length: 75 }, (_, nr) => [`u${nr}x1`, `u${nr}x2`]).flat())
    await announceParticipants(app, everyone, 'changed', everyone.slice(0, 1), undefined)
    expect(app.connections.tried).toHaveLength(150)
  })

  it('are not told in a larger one', async () => {
    const everyone = await seated(...Array.from({ length: 76 }, (_, nr) => `u${nr}x1`))
    await announceParticipants(app, everyone, 'changed', everyone.slice(0, 1), undefined)
    expect(app.connections.tried).toEqual([])
  })

  it('of many reach everyone in order while one connection hangs, which is posted to once', async () => {
    const everyone = await seated('ana1', 'ben1', 'cem1', 'dan1')
    app.connections.mark('ana1', 'hanging')
    const done = announceParticipants(app, everyone, 'changed', everyone, undefined)
    await new Promise((resolve) => setImmediate(resolve))
    const told = everyone.map(({ user }) => expect.objectContaining({ user: expect.objectContaining({ user }) }))
    for (const id of ['ben1', 'cem1', 'dan1']) expect(app.connections.pushes(id)).toEqual(told)
    app.connections.letGo()
    await done
    expect(app.connections.tried.filter((id) => id === 'ana1')).toHaveLength(1)
  })

  it('of many tell those who remain of everyone who turns out to be gone, once each', async () => {
    const everyone = await seated('ana1', 'ben1', 'cem1', 'dan1', 'eli1')
    for (const id of ['cem1', 'dan1']) app.connections.mark(id, 'gone')
    await pushReview(app, { kicked: everyone.slice(0, 2), changed: [], roster: everyone.slice(2) }, 'revoked')
    expect(app.connections.pushes('eli1')).toEqual(['ana', 'ben', 'cem', 'dan'].map(left))
    expect((await roster()).filter(({ user }) => ['cem', 'dan'].includes(user))).toEqual([])
  })

  it('of a whole crowd are told to nobody who remains', async () => {
    const everyone = await seated(...Array.from({ length: 78 }, (_, nr) => `u${nr}x1`))
    await announceLeft(app, everyone.slice(2), everyone.slice(0, 2), undefined)
    expect(app.connections.tried).toEqual([])
    await announceLeft(app, everyone.slice(3), everyone.slice(0, 2), undefined)
    expect(app.connections.tried).toHaveLength(150)
  })
})

describe('a large room', () => {
  /** Large as far as anybody noted, at this time. */
  const note = (countedAt: number) =>
    app.sessions.noteCrowd('r', { connections: 9, participants: 9, crowded: true, large: true, bounds: [], countedAt })
  const looks = () => jest.spyOn(app.sessions, 'roster')

  it('is not looked at by those who leave it, nor by those who find somebody gone', async () => {
    const everyone = await seated('ana1', 'ben1', 'cem1')
    await note(app.clock.now())
    const looked = looks()
    await closeConnection(app, 'ana1')
    await announceEnded(app, everyone.slice(0, 1))
    app.connections.mark('ben1', 'gone')
    await announce(app, everyone, push)
    expect(looked).not.toHaveBeenCalled()
    expect(app.connections.pushes('cem1')).toEqual([push])
    expect((await roster()).map(({ user }) => user)).toEqual(['cem'])
  })

  it('that is none any more is an ordinary one for those who leave later', async () => {
    await seated('ana1', 'ben1', 'cem1')
    await note(app.clock.now())
    await closeConnection(app, 'ana1')
    app.clock.time += 10_001
    await closeConnection(app, 'ben1')
    expect(app.connections.pushes('cem1')).toEqual([left('ben')])
    expect(await app.sessions.crowd('r')).toMatchObject({ connections: 1, crowded: false, large: false })
  })
})

describe('a connection that closes', () => {
  it('leaves every room, and each room is told', async () => {
    await seated('ana1', 'ben1')
    await seat(app, 'other', person('ana'), 'ana1')
    await seat(app, 'other', person('cem'), 'cem1')
    await closeConnection(app, 'ana1')
    expect(app.connections.pushes('ben1')).toEqual([left('ana')])
    expect(app.connections.pushes('cem1')).toEqual([expect.objectContaining({ roomId: 'other', event: 'left' })])
    expect(await app.sessions.connections(['ana1'])).toEqual([])
  })

  it('is told once, although its end is heard of twice, even at the same time', async () => {
    await seated('ana1', 'ben1')
    await Promise.all([closeConnection(app, 'ana1'), closeConnection(app, 'ana1')])
    await closeConnection(app, 'ana1')
    expect(leavingsOf('ana', 'ben1')).toHaveLength(1)
  })

  it('before it opened stays closed', async () => {
    await closeConnection(app, 'ana1')
    await connect(app, person('ana'), 'ana1')
    expect(await app.sessions.connections(['ana1'])).toEqual([])
  })
})

describe('a change of rights', () => {
  it('looks once at what is known of the room, however many it concerns', async () => {
    const everyone = await seated('ana1', 'ben1', 'cem1', 'dan1')
    const asked = jest.spyOn(app.sessions, 'crowd')
    await pushReview(
      app,
      { kicked: everyone.slice(0, 2), changed: everyone.slice(2), roster: everyone.slice(2) },
      'revoked',
    )
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('tells the kicked why, the rest who left, and everyone who changed', async () => {
    const [ana, ben, cem] = await seated('ana1', 'ben1', 'cem1')
    if (!ana || !ben || !cem) throw new Error('Somebody is missing.')
    const promoted = { ...ben, isManager: true }
    await pushReview(app, { kicked: [ana], changed: [promoted], roster: [promoted, cem] }, 'disabled')
    expect(app.connections.pushes('ana1')).toEqual([{ type: 'kicked', roomId: 'r', reason: 'disabled' }])
    const changed = expect.objectContaining({ event: 'changed', user: expect.objectContaining({ isManager: true }) })
    for (const id of ['ben1', 'cem1']) expect(app.connections.pushes(id)).toEqual([left('ana'), changed])
  })

  it('tells the kicked while more of them hang than are told at once', async () => {
    const everyone = await seated(...Array.from({ length: 70 }, (_, nr) => `u${nr}x1`))
    for (const { connectionId } of everyone.slice(0, 60)) app.connections.mark(connectionId, 'hanging')
    const done = pushReview(app, { kicked: everyone, changed: [], roster: [] }, 'disabled')
    await new Promise((resolve) => setImmediate(resolve))
    for (const { connectionId } of everyone.slice(60)) expect(app.connections.pushes(connectionId)).toHaveLength(1)
    app.connections.letGo()
    await done
  })

  it('tells of a user once, whatever the number of connections', async () => {
    const everyone = await seated('ana1', 'ana2', 'ben1')
    const changed = everyone.slice(0, 2)
    await pushReview(app, { kicked: [], changed, roster: everyone }, 'revoked')
    expect(app.connections.pushes('ben1')).toHaveLength(1)
  })
})
