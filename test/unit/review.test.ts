import { review } from '../../lambdas/domain/sessions/review.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, categoryOf, person } from '../support/memory/fixtures.ts'

let app: MemoryApp
const ana = person('ana', { groups: ['ops'] })
const ben = person('ben')

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', {}, { 'user:ana': ['member'], 'user:ben': ['member'] })
  await addSession(app, 'r', ana, 'a1')
  await addSession(app, 'r', ana, 'a2')
  await addSession(app, 'r', ben, 'b1')
})

const ids = (sessions: { connectionId: string }[]) => sessions.map((session) => session.connectionId)

it('a review without changed rights changes nothing', async () => {
  const before = await app.sessions.roster('r')
  expect(await review(app, 'r')).toEqual({ kicked: [], changed: [], roster: before })
  expect(await app.sessions.roster('r')).toEqual(before)
})

it('a review ends every session of a user without the right to join', async () => {
  await app.roles.revoke('r', 'member', ['user:ana'])
  const { kicked, changed, roster } = await review(app, 'r', ['user:ana'])
  expect(ids(kicked)).toEqual(['a1', 'a2'])
  expect(changed).toEqual([])
  expect(ids(roster)).toEqual(['b1'])
  expect(ids(await app.sessions.roster('r'))).toEqual(['b1'])
  expect(await app.sessions.roomsOf('a1')).toEqual([])
})

it('a review keeps the sessions of a user with another grant', async () => {
  app.roles.put('r', { role: 'member', principal: 'group:ops', createdAt: 1, createdBy: '' })
  await app.roles.revoke('r', 'member', ['user:ana'])
  expect((await review(app, 'r', ['user:ana'])).kicked).toEqual([])
})

it('a review stores changed rights and returns their sessions', async () => {
  app.roles.put('r', { role: 'manager', principal: 'group:ops', createdAt: 1, createdBy: '' })
  const { changed, roster } = await review(app, 'r', ['group:ops'])
  expect(ids(changed)).toEqual(['a1', 'a2'])
  expect(changed[0]).toMatchObject({ user: 'ana', isManager: true })
  expect(roster).toEqual(await app.sessions.roster('r'))
  expect((await app.sessions.find('r', 'a2'))?.isManager).toBe(true)
})

it('a review takes the right to send from all but presenters when the room becomes an auditorium', async () => {
  app.roles.put('r', { role: 'presenter', principal: 'user:ben', createdAt: 1, createdBy: '' })
  app.rooms.alter('r', { auditorium: true })
  await review(app, 'r')
  const rights = (await app.sessions.roster('r')).map(({ connectionId, canChat }) => [connectionId, canChat])
  expect(rights).toEqual([
    ['a1', false],
    ['a2', false],
    ['b1', true],
  ])
})

it('a review for a principal concerns only the sessions of this principal', async () => {
  await app.roles.revoke('r', 'member', ['user:ana', 'user:ben'])
  expect(ids((await review(app, 'r', ['user:ben'])).kicked)).toEqual(['b1'])
  expect(ids(await app.sessions.roster('r'))).toEqual(['a1', 'a2'])
})

it('a review for everyone concerns all sessions', async () => {
  await app.roles.revoke('r', 'member', ['user:ana', 'user:ben'])
  expect(ids((await review(app, 'r', ['everyone'])).kicked)).toEqual(['a1', 'a2', 'b1'])
})

it('a review ends all sessions in a disabled room and those of users that the category denies', async () => {
  app.categories.put(categoryOf('general', { denied: ['user:ben'] }))
  expect(ids((await review(app, 'r')).kicked)).toEqual(['b1'])
  app.rooms.alter('r', { disabled: true })
  expect(ids((await review(app, 'r')).kicked)).toEqual(['a1', 'a2'])
  expect(await app.sessions.roster('r')).toEqual([])
})

it('a review does not return sessions that end concurrently', async () => {
  await app.roles.revoke('r', 'member', ['user:ana'])
  const connections = app.sessions.connections.bind(app.sessions)
  jest.spyOn(app.sessions, 'connections').mockImplementation(async (connectionIds) => {
    await app.sessions.end('r', 'a1')
    return connections(connectionIds)
  })
  expect(ids((await review(app, 'r', ['user:ana'])).kicked)).toEqual(['a2'])
})

describe('a presenter of an open auditorium who loses the membership', () => {
  const grant = (principal: string, role: 'member' | 'presenter') =>
    app.roles.put('hall', { role, principal, createdAt: 1, createdBy: '' })

  beforeEach(async () => {
    await addRoom(app, 'hall', { privacy: 'open', auditorium: true })
    for (const role of ['member', 'presenter'] as const) grant('user:ana', role)
    await addSession(app, 'hall', ana, 'h1')
    await app.roles.revoke('hall', 'member', ['user:ana'])
  })

  it('keeps the session without the right to send', async () => {
    const { kicked, changed } = await review(app, 'hall', ['user:ana'])
    expect(kicked).toEqual([])
    expect(changed).toMatchObject([{ connectionId: 'h1', canChat: false, isPresenter: false }])
    expect(await app.sessions.find('hall', 'h1')).toMatchObject({ canChat: false, isPresenter: false })
  })

  it('is a presenter again with the next membership, even by a group', async () => {
    await review(app, 'hall', ['user:ana'])
    grant('group:ops', 'member')
    expect((await review(app, 'hall', ['group:ops'])).changed).toMatchObject([{ canChat: true, isPresenter: true }])
  })
})
