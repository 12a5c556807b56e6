import { isNothing } from '../../lambdas/domain/budget/rate.ts'
import { forEachConcurrent } from '../../lambdas/domain/concurrency.ts'
import { saveProfile } from '../../lambdas/domain/people/profiles.ts'
import { review } from '../../lambdas/domain/sessions/review.ts'
import { sendMessage } from '../../lambdas/domain/sessions/send.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, categoryOf, person } from '../support/memory/fixtures.ts'

let app: MemoryApp
const [ana, ben] = [person('ana'), person('ben', { groups: ['g', 'h'] })]

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', { auditorium: true }, { 'user:ana': ['member'], 'user:ben': ['member'] })
})

const usersOf = (sessions: { user: string }[]) => sessions.map(({ user }) => user)

describe('a review of a room', () => {
  let connectionsRead: string[]

  beforeEach(async () => {
    await addSession(app, 'r', ana, 'a')
    await addSession(app, 'r', ben, 'b')
    connectionsRead = []
    const connections = app.sessions.connections.bind(app.sessions)
    jest.spyOn(app.sessions, 'connections').mockImplementation((ids) => {
      connectionsRead.push(...ids)
      return connections(ids)
    })
  })

  it.each<[string[] | undefined, string[]]>([
    [undefined, ['a', 'b']],
    [['user:ana'], ['a']],
    [['user:ana', 'user:eve'], ['a']],
    [['user:eve'], []],
    [['group:g'], ['a', 'b']],
    [
      ['user:eve', 'everyone'],
      ['a', 'b'],
    ],
  ])('after a change for %p reads only connections that it can concern', async (changed, ids) => {
    await review(app, 'r', changed)
    expect(connectionsRead).toEqual(ids)
  })

  it.each<[string[], string[]]>([
    [['user:ana', 'user:eve'], ['ana']],
    [['user:eve', 'group:h'], ['ben']],
    [['everyone'], ['ana', 'ben']],
  ])('after a change for %p reviews only the sessions that it concerns', async (changed, kicked) => {
    for (const { user } of [ana, ben]) app.roles.take('r', 'member', `user:${user}`)
    const reviewed = await review(app, 'r', changed)
    expect(usersOf(reviewed.kicked)).toEqual(kicked)
    const lines = await app.records.read('r', { from: 0, to: 1e15 }, '', 9)
    expect(lines.map(({ event, by, details }) => [event, by, details?.how])).toEqual(
      kicked.map((user) => ['left', user, 'kicked']),
    )
    expect(usersOf(reviewed.roster)).toEqual(['ana', 'ben'].filter((user) => !kicked.includes(user)))
  })

  it('stores nothing without a change', async () => {
    const update = jest.spyOn(app.sessions, 'update')
    const reviewed = await review(app, 'r')
    expect(update).not.toHaveBeenCalled()
    expect([reviewed.kicked, reviewed.changed, usersOf(reviewed.roster)]).toEqual([[], [], ['ana', 'ben']])
  })

  it('reports changed rights, but not changes that participants cannot see', async () => {
    app.roles.put('r', { role: 'manager', principal: 'user:ana', createdAt: 1, createdBy: 'x' })
    expect(usersOf((await review(app, 'r')).changed)).toEqual(['ana'])
    expect(await app.sessions.find('r', 'a')).toMatchObject({ isManager: true, confirmed: true })
    app.categories.put(categoryOf('live', { history: false }))
    const room = await app.rooms.find('r')
    if (room) await app.rooms.replace(room, { ...room, categoryId: 'live', version: room.version + 1 })
    const { changed, roster } = await review(app, 'r')
    expect([changed, roster.map(({ logged }) => logged)]).toEqual([[], [false, false]])
    expect(await app.sessions.find('r', 'b')).toMatchObject({ logged: false })
  })

  it('confirms the session of a pending join and does not report it', async () => {
    const session = await app.sessions.find('r', 'a')
    if (session) await app.sessions.end('r', 'a')
    if (session) await app.sessions.join({ ...session, confirmed: false, canChat: false }, 100)
    app.roles.put('r', { role: 'presenter', principal: 'user:ana', createdAt: 1, createdBy: 'x' })
    const { changed } = await review(app, 'r')
    expect(changed).toEqual([])
    expect(await app.sessions.find('r', 'a')).toMatchObject({ confirmed: true, canChat: true, isPresenter: true })
  })

  it('reads rights once for connections of one user and the same groups', async () => {
    await addSession(app, 'r', ben, 'b2')
    await addSession(app, 'r', person('ben', { groups: ['gh'] }), 'b3')
    const held = jest.spyOn(app.roles, 'held')
    await review(app, 'r')
    expect(held).toHaveBeenCalledTimes(3)
  })

  it('does not report a session that another call has ended', async () => {
    app.roles.take('r', 'member', 'user:ana')
    jest.spyOn(app.sessions, 'end').mockResolvedValue(false)
    const { kicked, roster } = await review(app, 'r')
    expect([kicked, usersOf(roster)]).toEqual([[], ['ben']])
  })
})

describe('a sent message', () => {
  const draft = (more: object = {}) => ({ author: { user: 'ana', name: 'Ana' }, body: { text: 'x' }, ...more })
  const send = (more?: object) => sendMessage(app, app.clock, { roomId: 'r', connectionId: 'a' }, draft(more))
  const crowd = { connections: 600, participants: 600, crowded: true, large: true, bounds: [], countedAt: 1 }

  beforeEach(async () => {
    app.roles.put('r', { role: 'presenter', principal: 'user:ana', createdAt: 1, createdBy: 'x' })
    await addSession(app, 'r', ana, 'a')
  })

  it('in a small room is pushed by the sending function', async () => {
    expect(await send()).toMatchObject({ entry: { seq: 1, body: { text: 'x' } }, undelivered: true, duplicate: false })
    await app.sessions.noteCrowd('r', { ...crowd, large: false })
    expect(await send()).toMatchObject({ undelivered: true, crowd: { large: false } })
    expect((await app.messages.read('r', 1, 9)).map(({ broadcast }) => broadcast)).toEqual([undefined, undefined])
  })

  it('in a large room is pushed by the stream, also after retries', async () => {
    const withId = { clientMessageId: 'm', after: 0 }
    expect(await send({ clientMessageId: 'early', after: 0 })).toMatchObject({ undelivered: true })
    await app.sessions.noteCrowd('r', crowd)
    expect(await send(withId)).toMatchObject({ undelivered: false, duplicate: false, crowd: { large: true } })
    expect(await send(withId)).toMatchObject({ undelivered: false, duplicate: true })
    expect(await send({ clientMessageId: 'early', after: 0 })).toMatchObject({ undelivered: true, duplicate: true })
    expect((await app.messages.read('r', 2, 1))[0]).toMatchObject({ broadcast: 'a' })
  })

  it('is pushed again for a retry within ten minutes, and not after them', async () => {
    const withId = { clientMessageId: 'm', after: 0 }
    await send(withId)
    app.clock.time += 10 * 60_000 - 1
    expect(await send(withId)).toMatchObject({ duplicate: true, undelivered: true })
    app.clock.time += 1
    expect(await send(withId)).toMatchObject({ entry: { seq: 1 }, duplicate: true, undelivered: false })
  })

  it('in a room without history is pushed by the sending function, even in a large room', async () => {
    const session = await app.sessions.find('r', 'a')
    if (session) await app.sessions.update({ ...session, logged: false })
    await app.sessions.noteCrowd('r', crowd)
    expect(await send()).toMatchObject({ entry: { from: { name: 'Ana' }, body: { text: 'x' } }, undelivered: true })
    expect(await app.messages.read('r', 1, 1)).toMatchObject([{ removed: { by: 'unlogged' } }])
  })
})

it('a rate use is nothing if neither the room nor an author has used anything', () => {
  expect(isNothing({ room: 0, authors: {} })).toBe(true)
  expect(isNothing({ room: 1, authors: {} })).toBe(false)
  expect(isNothing({ room: 0, authors: { a: 1 } })).toBe(false)
})

it('a profile is stored if it changes, but not if only the order of its groups does', async () => {
  const put = jest.spyOn(app.people, 'put')
  const profile = { user: 'zoe', name: 'Zoe', groups: ['b', 'a', 'b'], seenAt: 1 }
  await saveProfile(app.people, profile)
  expect(put).toHaveBeenLastCalledWith({ ...profile, groups: ['a', 'b'] })
  await saveProfile(app.people, { ...profile, groups: ['a', 'b'], seenAt: 2 })
  expect(put).toHaveBeenCalledTimes(1)
  await saveProfile(app.people, { ...profile, name: 'Zoé' })
  await saveProfile(app.people, { ...profile, name: 'Zoé', groups: ['ab'] })
  expect(put).toHaveBeenCalledTimes(3)
})

describe('concurrent tasks', () => {
  it('share one timer for hanging tasks', async () => {
    const waits: (() => void)[] = []
    const clock = { sleep: () => new Promise<void>((resolve) => waits.push(resolve)) }
    const ends: (() => void)[] = []
    const items = Array.from({ length: 120 }, (_, nr) => nr)
    const done = forEachConcurrent(items, () => new Promise<void>((resolve) => ends.push(resolve)), clock)
    expect([ends.length, waits.length]).toEqual([50, 1])
    waits[0]?.()
    await new Promise(setImmediate)
    expect([ends.length, waits.length]).toEqual([100, 2])
    waits[1]?.()
    await new Promise(setImmediate)
    expect([ends.length, waits.length]).toEqual([120, 3])
    for (const end of ends) end()
    await done
  })
})
