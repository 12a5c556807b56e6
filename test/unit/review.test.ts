import { review } from '../../lambdas/domain/sessions/review.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf, furnish, person, seat } from '../support/memory/scene.ts'

let app: MemoryApp
const ana = person('ana', { groups: ['ops'] })
const ben = person('ben')

beforeEach(async () => {
  app = memoryApp()
  await furnish(app, 'r', {}, { 'user:ana': ['member'], 'user:ben': ['member'] })
  await seat(app, 'r', ana, 'a1')
  await seat(app, 'r', ana, 'a2')
  await seat(app, 'r', ben, 'b1')
})

const ids = (sessions: { connectionId: string }[]) => sessions.map((session) => session.connectionId)

it('changes nothing when nothing has changed', async () => {
  const before = await app.sessions.roster('r')
  expect(await review(app, 'r')).toEqual({ kicked: [], changed: [], roster: before })
  expect(await app.sessions.roster('r')).toEqual(before)
})

it('puts a user out on every connection once they may not be there', async () => {
  await app.roles.revoke('r', 'member', ['user:ana'])
  const { kicked, changed, roster } = await review(app, 'r', ['user:ana'])
  expect(ids(kicked)).toEqual(['a1', 'a2'])
  expect(changed).toEqual([])
  expect(ids(roster)).toEqual(['b1'])
  expect(ids(await app.sessions.roster('r'))).toEqual(['b1'])
  expect(await app.sessions.roomsOf('a1')).toEqual([])
})

it('keeps a user who may be there by another grant', async () => {
  app.roles.put('r', { role: 'member', principal: 'group:ops', createdAt: 1, createdBy: '' })
  await app.roles.revoke('r', 'member', ['user:ana'])
  expect((await review(app, 'r', ['user:ana'])).kicked).toEqual([])
})

it('stores new rights and tells whose they are', async () => {
  app.roles.put('r', { role: 'manager', principal: 'group:ops', createdAt: 1, createdBy: '' })
  const { changed, roster } = await review(app, 'r', ['group:ops'])
  expect(ids(changed)).toEqual(['a1', 'a2'])
  expect(changed[0]).toMatchObject({ user: 'ana', isManager: true })
  expect(roster).toEqual(await app.sessions.roster('r'))
  expect((await app.sessions.find('r', 'a2'))?.isManager).toBe(true)
})

it('takes the voice of everyone but presenters when the room becomes an auditorium', async () => {
  app.roles.put('r', { role: 'presenter', principal: 'user:ben', createdAt: 1, createdBy: '' })
  app.rooms.alter('r', { auditorium: true })
  await review(app, 'r')
  const voices = (await app.sessions.roster('r')).map(({ connectionId, canChat }) => [connectionId, canChat])
  expect(voices).toEqual([
    ['a1', false],
    ['a2', false],
    ['b1', true],
  ])
})

it('looks only at those whom the change touched', async () => {
  await app.roles.revoke('r', 'member', ['user:ana', 'user:ben'])
  expect(ids((await review(app, 'r', ['user:ben'])).kicked)).toEqual(['b1'])
  expect(ids(await app.sessions.roster('r'))).toEqual(['a1', 'a2'])
})

it('takes a change for everyone as touching everyone', async () => {
  await app.roles.revoke('r', 'member', ['user:ana', 'user:ben'])
  expect(ids((await review(app, 'r', ['everyone'])).kicked)).toEqual(['a1', 'a2', 'b1'])
})

it('puts everyone out of a disabled room, and of a category that denies them', async () => {
  app.categories.put(categoryOf('general', { denied: ['user:ben'] }))
  expect(ids((await review(app, 'r')).kicked)).toEqual(['b1'])
  app.rooms.alter('r', { disabled: true })
  expect(ids((await review(app, 'r')).kicked)).toEqual(['a1', 'a2'])
  expect(await app.sessions.roster('r')).toEqual([])
})

it('claims no session that ended by itself meanwhile', async () => {
  await app.roles.revoke('r', 'member', ['user:ana'])
  const connections = app.sessions.connections.bind(app.sessions)
  jest.spyOn(app.sessions, 'connections').mockImplementation(async (wanted) => {
    await app.sessions.end('r', 'a1')
    return connections(wanted)
  })
  expect(ids((await review(app, 'r', ['user:ana'])).kicked)).toEqual(['a2'])
})

describe('in an auditorium that is open, a presenter who loses membership', () => {
  const grant = (principal: string, role: 'member' | 'presenter') =>
    app.roles.put('hall', { role, principal, createdAt: 1, createdBy: '' })

  beforeEach(async () => {
    await furnish(app, 'hall', { privacy: 'open', auditorium: true })
    for (const role of ['member', 'presenter'] as const) grant('user:ana', role)
    await seat(app, 'hall', ana, 'h1')
    await app.roles.revoke('hall', 'member', ['user:ana'])
  })

  it('stays, as anybody may, and presents no more', async () => {
    const { kicked, changed } = await review(app, 'hall', ['user:ana'])
    expect(kicked).toEqual([])
    expect(changed).toMatchObject([{ connectionId: 'h1', canChat: false, isPresenter: false }])
    expect(await app.sessions.find('hall', 'h1')).toMatchObject({ canChat: false, isPresenter: false })
  })

  it('presents again with the next membership, be it that of a group', async () => {
    await review(app, 'hall', ['user:ana'])
    grant('group:ops', 'member')
    expect((await review(app, 'hall', ['group:ops'])).changed).toMatchObject([{ canChat: true, isPresenter: true }])
  })
})
