import { grantRole, invitedGrants } from '../../lambdas/domain/access/grants.ts'
import type { Grant, Role } from '../../lambdas/domain/access/roles.ts'
import { requireScope } from '../../lambdas/domain/access/scope.ts'
import { viewerOf, visibleRooms } from '../../lambdas/domain/access/visibility.ts'
import { moveRoom, updateRoom } from '../../lambdas/domain/rooms/room-changes.ts'
import { createRoom, type NewRoom } from '../../lambdas/domain/rooms/rooms.ts'
import { participantsOf } from '../../lambdas/domain/sessions/participants.ts'
import type { Session } from '../../lambdas/domain/sessions/sessions.ts'
import { textMatcher } from '../../lambdas/domain/text-query.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, categoryOf, person, roomOf } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

const ana = person('ana')
const kim = person('kim')
const audit = { createdAt: 5, createdBy: 'kim' }
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  app.categories.put(categoryOf('c', { creators: ['everyone'], denied: ['group:out'] }))
  await addRoom(app, 'r', { createdBy: 'ana', auditorium: true }, { 'user:ana': ['member'] })
})

describe('a concurrent change', () => {
  const change = () => updateRoom(app, ana, 'r', 1, { name: 'New' }, {}, 9)

  it.each([
    ['name_taken', { code: 'duplicate_name' }],
    ['no_category', { code: 'not_found', details: { field: 'categoryId' } }],
    ['stale', { code: 'conflict', details: { version: 1 } }],
  ] as const)('is refused if the store returns %s', async (outcome, expected) => {
    jest.spyOn(app.rooms, 'replace').mockResolvedValue(outcome)
    expect(await refusal(change())).toMatchObject(expected)
    expect(await refusal(moveRoom(app, ana, 'r', 'c', 9))).toMatchObject(expected)
  })

  const newRoom: NewRoom = {
    name: 'Lobby',
    categoryId: 'general',
    description: '',
    privacy: 'closed',
    auditorium: false,
    invitations: 'inherit',
  }
  it.each([
    ['name_taken', { code: 'duplicate_name' }],
    ['no_category', { code: 'not_found', details: { field: 'categoryId' } }],
    ['deleted', { code: 'not_found' }],
  ] as const)('refuses a new room if the store returns %s', async (outcome, expected) => {
    jest.spyOn(app.rooms, 'create').mockResolvedValue(outcome)
    expect(await refusal(createRoom(app, person('ana', { admin: true }), newRoom, 'x', 9))).toMatchObject(expected)
  })

  it('of settings reads no role lists, and one without effect is not stored', async () => {
    const list = jest.spyOn(app.roles, 'list')
    await change()
    expect(list).not.toHaveBeenCalled()
    const replace = jest.spyOn(app.rooms, 'replace')
    expect(await updateRoom(app, ana, 'r', 2, { name: 'New' }, {}, 9)).toMatchObject({ invitations: [] })
    expect(replace).not.toHaveBeenCalled()
  })
})

describe('a move', () => {
  it('revokes the grants that the new category does not allow, and records them a hundred at a time', async () => {
    const groups = Array.from({ length: 101 }, (_, nr) => `group:out${nr}`)
    app.categories.put(categoryOf('narrow', { creators: ['everyone'], allowed: ['user:ana'] }))
    for (const principal of groups) app.roles.put('r', { role: 'presenter', principal, ...audit })
    app.roles.put('r', { role: 'member', principal: 'group:out1', ...audit })
    const { purged } = await moveRoom(app, ana, 'r', 'narrow', 9)
    expect(purged).toHaveLength(102)
    const lines = await app.records.read('r', { from: 9, to: 9 }, '', 99)
    const events = lines.map(({ event, by, details }) => [event, by, details?.role, Object(details?.principals).length])
    expect(events).toEqual([
      ['moved', 'ana', undefined, undefined],
      ['revoked', 'ana', 'member', 1],
      ['revoked', 'ana', 'presenter', 100],
      ['revoked', 'ana', 'presenter', 1],
    ])
    const left = (await app.roles.list('r', undefined, undefined)).grants
    expect(left.map(({ role, principal }) => `${role} ${principal}`)).toEqual(['manager user:ana', 'member user:ana'])
  })
})

describe('a grant', () => {
  const grants = (role: Role, ...principals: string[]): Grant[] =>
    principals.map((principal) => ({ role, principal, ...audit }))
  const room = (more = {}) => roomOf('r', { auditorium: true, ...more })

  it('adds an invitation for new members that are users if room and category allow it', async () => {
    const both = [...grants('member', 'user:ben', 'group:g', 'everyone'), ...grants('manager', 'user:cem')]
    expect(await invitedGrants(app.categories, room(), both)).toEqual(grants('member', 'user:ben'))
    expect(await invitedGrants(app.categories, room({ invitations: 'off' }), both)).toEqual([])
    expect(await invitedGrants(app.categories, room({ categoryId: 'none' }), both)).toEqual([])
    app.categories.put(categoryOf('quiet', { invitations: false }))
    expect(await invitedGrants(app.categories, room({ categoryId: 'quiet' }), both)).toEqual([])
    const find = jest.spyOn(app.categories, 'find')
    await invitedGrants(app.categories, room({ categoryId: 'c' }), grants('member', 'group:g'))
    await invitedGrants(app.categories, room({ categoryId: 'c', invitations: 'off' }), both)
    expect(find).not.toHaveBeenCalled()
  })

  it('is recorded and returns the principals that did not hold the role before', async () => {
    const { changed, invitations } = await grantRole(app, kim, room(), 'member', ['user:ana', 'user:ben', 'group:g'], 5)
    expect(changed).toEqual(['user:ben', 'group:g'])
    expect(invitations.map(({ user }) => user)).toEqual(['ben'])
    expect(await app.records.read('r', { from: 5, to: 5 }, '', 9)).toMatchObject([
      { event: 'granted', by: 'kim', details: { role: 'member', principals: ['user:ana', 'user:ben', 'group:g'] } },
    ])
  })

  it('of a presenter requires membership as a user, by a group or by everyone', async () => {
    await app.people.put({ user: 'ben', name: 'Ben', groups: ['g'], seenAt: 1 })
    const grantPresenter = (...principals: string[]) => grantRole(app, kim, room(), 'presenter', principals, 5)
    expect(await refusal(grantPresenter('user:ana', 'user:ben', 'group:g'))).toMatchObject({
      code: 'presenter_not_member',
      details: { principals: ['user:ben', 'group:g'] },
    })
    app.roles.put('r', { role: 'member', principal: 'group:g', ...audit })
    expect((await grantPresenter('user:ana', 'user:ben', 'group:g')).changed).toEqual([
      'user:ana',
      'user:ben',
      'group:g',
    ])
    app.roles.put('r', { role: 'member', principal: 'everyone', ...audit })
    expect((await grantPresenter('group:h', 'user:new')).changed).toEqual(['group:h', 'user:new'])
    expect(await refusal(grantRole(app, kim, room({ auditorium: false }), 'presenter', ['user:ana'], 5))).toMatchObject(
      {
        code: 'invalid',
        details: { field: 'role' },
      },
    )
  })

  it('is refused with the name of the field only if the request has one', async () => {
    const { details } = await refusal(requireScope(app, 'c', ['group:out']))
    expect(details).toStrictEqual({ principals: ['group:out'] })
    const refused = await refusal(requireScope(app, 'c', ['group:out'], 'members'))
    expect(refused.details).toStrictEqual({ field: 'members', principals: ['group:out'] })
  })
})

describe('the visibility of rooms', () => {
  it('causes only the necessary reads', async () => {
    const [rooms, standing] = [jest.spyOn(app.directory, 'rooms'), jest.spyOn(app.directory, 'standing')]
    const viewer = await viewerOf(app.categories, ana)
    expect(await visibleRooms(app.directory, viewer, [])).toEqual([])
    expect(rooms).not.toHaveBeenCalled()
    await addRoom(app, 's', { privacy: 'secret' })
    await addRoom(app, 'd', { disabled: true })
    await visibleRooms(app.directory, viewer, [{ roomId: 'r' }, { roomId: 's' }, { roomId: 'd' }, { roomId: 'none' }])
    const read = standing.mock.calls.map(([holdings]) => holdings.map(({ roomId, role }) => `${roomId} ${role}`))
    expect(read.filter((calls) => calls.length > 0)).toEqual([
      ['s member', 'd member'],
      ['s manager', 'd manager'],
    ])
    standing.mockClear()
    const root = await viewerOf(app.categories, person('root', { admin: true }))
    await visibleRooms(app.directory, root, [{ roomId: 's' }, { roomId: 'd' }])
    expect(standing).not.toHaveBeenCalled()
  })
})

it('a text query is split into words at any white space, without empty words', () => {
  const finds = (text: string, candidate: string) => textMatcher({ text, match: 'any', matchCase: false })(candidate)
  expect(finds(' one ', 'three')).toBe(false)
  expect(finds('one \t two', 'three')).toBe(false)
  expect(finds('one \t two', 'two')).toBe(true)
})

it('participants with the same join time are ordered by their connection ids', () => {
  const session = (connectionId: string, user: string) => ({ connectionId, user, name: connectionId, joinedAt: 1 })
  const roster = ['c', 'a', 'b'].map((id) => session(id, `user ${id}`)) as Session[]
  expect(participantsOf(roster).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  expect(participantsOf(roster.toReversed()).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
})
