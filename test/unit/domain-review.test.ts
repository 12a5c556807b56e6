import { isNothing } from '../../lambdas/domain/budget/rate.ts'
import { forEachConcurrent } from '../../lambdas/domain/concurrency.ts'
import { saveProfile } from '../../lambdas/domain/people/profiles.ts'
import { review } from '../../lambdas/domain/sessions/review.ts'
import { sendMessage } from '../../lambdas/domain/sessions/send.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf, furnish, person, seat } from '../support/memory/scene.ts'

let app: MemoryApp
const [ana, ben] = [person('ana'), person('ben', { groups: ['g', 'h'] })]

beforeEach(async () => {
  app = memoryApp()
  await furnish(app, 'r', { auditorium: true }, { 'user:ana': ['member'], 'user:ben': ['member'] })
})

const usersOf = (sessions: { user: string }[]) => sessions.map(({ user }) => user)

describe('a review of a room', () => {
  let looked: string[]

  beforeEach(async () => {
    await seat(app, 'r', ana, 'a')
    await seat(app, 'r', ben, 'b')
    looked = []
    const connections = app.sessions.connections.bind(app.sessions)
    jest.spyOn(app.sessions, 'connections').mockImplementation((ids) => {
      looked.push(...ids)
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
  ])('after a change for %p looks only at connections that it may concern', async (touched, ids) => {
    await review(app, 'r', touched)
    expect(looked).toEqual(ids)
  })

  it.each<[string[], string[]]>([
    [['user:ana', 'user:eve'], ['ana']],
    [['user:eve', 'group:h'], ['ben']],
    [['everyone'], ['ana', 'ben']],
  ])('after a change for %p judges those whom it concerns, and nobody else', async (touched, kicked) => {
    for (const { user } of [ana, ben]) app.roles.take('r', 'member', `user:${user}`)
    const reviewed = await review(app, 'r', touched)
    expect(usersOf(reviewed.kicked)).toEqual(kicked)
    const lines = await app.records.read('r', { from: 0, to: 1e15 }, '', 9)
    expect(lines.map(({ event, by, details }) => [event, by, details?.how])).toEqual(
      kicked.map((user) => ['left', user, 'kicked']),
    )
    expect(usersOf(reviewed.roster)).toEqual(['ana', 'ben'].filter((user) => !kicked.includes(user)))
  })

  it('stores nothing where nothing is new', async () => {
    const update = jest.spyOn(app.sessions, 'update')
    const reviewed = await review(app, 'r')
    expect(update).not.toHaveBeenCalled()
    expect([reviewed.kicked, reviewed.changed, usersOf(reviewed.roster)]).toEqual([[], [], ['ana', 'ben']])
  })

  it('tells of other rights, and not of what others do not see', async () => {
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

  it('confirms a session whose join is under way, and tells nobody', async () => {
    const session = await app.sessions.find('r', 'a')
    if (session) await app.sessions.end('r', 'a')
    if (session) await app.sessions.join({ ...session, confirmed: false, canChat: false }, 100)
    app.roles.put('r', { role: 'presenter', principal: 'user:ana', createdAt: 1, createdBy: 'x' })
    const { changed } = await review(app, 'r')
    expect(changed).toEqual([])
    expect(await app.sessions.find('r', 'a')).toMatchObject({ confirmed: true, canChat: true, isPresenter: true })
  })

  it('reads rights once for connections of one user and the same groups', async () => {
    await seat(app, 'r', ben, 'b2')
    await seat(app, 'r', person('ben', { groups: ['gh'] }), 'b3')
    const held = jest.spyOn(app.roles, 'held')
    await review(app, 'r')
    expect(held).toHaveBeenCalledTimes(3)
  })

  it('takes nobody for put out whom another call put out', async () => {
    app.roles.take('r', 'member', 'user:ana')
    jest.spyOn(app.sessions, 'end').mockResolvedValue(false)
    const { kicked, roster } = await review(app, 'r')
    expect([kicked, usersOf(roster)]).toEqual([[], ['ben']])
  })
})

describe('a message that is posted', () => {
  const draft = (more: object = {}) => ({ author: { user: 'ana', name: 'Ana' }, body: { text: 'x' }, ...more })
  const say = (more?: object) => sendMessage(app, app.clock, { roomId: 'r', connectionId: 'a' }, draft(more))
  const crowd = { connections: 600, participants: 600, crowded: true, large: true, bounds: [], countedAt: 1 }

  beforeEach(async () => {
    app.roles.put('r', { role: 'presenter', principal: 'user:ana', createdAt: 1, createdBy: 'x' })
    await seat(app, 'r', ana, 'a')
  })

  it('in a room that is not large is handed on by whoever posts it', async () => {
    expect(await say()).toMatchObject({ entry: { seq: 1, body: { text: 'x' } }, streamed: false, duplicate: false })
    await app.sessions.noteCrowd('r', { ...crowd, large: false })
    expect(await say()).toMatchObject({ streamed: false, crowd: { large: false } })
    expect((await app.messages.read('r', 1, 9)).map(({ broadcast }) => broadcast)).toEqual([undefined, undefined])
  })

  it('in a large one is handed on by the stream, with all its retries', async () => {
    const named = { clientMessageId: 'm', after: 0 }
    expect(await say({ clientMessageId: 'early', after: 0 })).toMatchObject({ streamed: false })
    await app.sessions.noteCrowd('r', crowd)
    expect(await say(named)).toMatchObject({ streamed: true, duplicate: false, crowd: { large: true } })
    expect(await say(named)).toMatchObject({ streamed: true, duplicate: true })
    expect(await say({ clientMessageId: 'early', after: 0 })).toMatchObject({ streamed: false, duplicate: true })
    expect((await app.messages.read('r', 2, 1))[0]).toMatchObject({ broadcast: 'a' })
  })

  it('in a room that keeps nothing is handed on whole, however large the room', async () => {
    const session = await app.sessions.find('r', 'a')
    if (session) await app.sessions.update({ ...session, logged: false })
    await app.sessions.noteCrowd('r', crowd)
    expect(await say()).toMatchObject({ entry: { from: { name: 'Ana' }, body: { text: 'x' } }, streamed: false })
    expect(await app.messages.read('r', 1, 1)).toMatchObject([{ removed: { by: 'unlogged' } }])
  })
})

it('nothing is used where neither the room nor an author has used anything', () => {
  expect(isNothing({ room: 0, authors: {} })).toBe(true)
  expect(isNothing({ room: 1, authors: {} })).toBe(false)
  expect(isNothing({ room: 0, authors: { a: 1 } })).toBe(false)
})

it('a profile is written when it is new, and not when only the order of groups is', async () => {
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

describe('lanes', () => {
  it('with a clock lose patience together: one wait at a time, and a new one for what comes next', async () => {
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
