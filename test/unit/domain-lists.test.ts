import type { Role } from '../../lambdas/domain/access/roles.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import {
  applyLists,
  grantsIn,
  listChanges,
  type RoleLists,
  requireLists,
} from '../../lambdas/domain/rooms/role-lists.ts'
import { raise } from '../../lambdas/domain/steps.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, categoryOf, roomOf } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await app.categories.create(categoryOf('c', { denied: ['group:out'] }))
  await addRoom(app, 'r', { categoryId: 'c', auditorium: true, createdBy: 'ana' }, { 'user:ana': ['member'] })
  for (const user of ['ana', 'ben', 'cem']) {
    await app.people.put({ user, name: user, groups: user === 'cem' ? ['g'] : [], seenAt: 1 })
  }
})

const room = (more: Partial<Room> = {}) => roomOf('r', { categoryId: 'c', auditorium: true, ...more })
const holders = async (role: Role) => (await grantsIn(app.roles, 'r', role)).map(({ principal }) => principal)
const refused = async (lists: RoleLists, more: Partial<Room> = {}) => {
  const { code, details } = await refusal(requireLists(app, room(more), lists))
  return [code, details?.field, details?.principals]
}

describe('the check of role lists', () => {
  it('refuses a principal out of the scope of the category', async () => {
    expect(await refused({ member: ['user:ana', 'group:out'] })).toEqual(['not_in_scope', 'members', ['group:out']])
    expect(await refused({ manager: ['group:out'] })).toEqual(['not_in_scope', 'managers', ['group:out']])
  })

  it('refuses presenters in a room that is no auditorium', async () => {
    expect(await refused({ presenter: ['user:ana'] }, { auditorium: false })).toEqual([
      'invalid',
      'presenters',
      undefined,
    ])
    await requireLists(app, room({ auditorium: false }), { presenter: [] })
    await requireLists(app, room({ auditorium: false }), {})
  })

  it('refuses presenters who are not members in the new list or, without one, in the present list', async () => {
    app.roles.put('r', { role: 'manager', principal: 'user:ben', createdAt: 1, createdBy: 'x' })
    const notMember = ['presenter_not_member', 'presenters', ['user:ben']]
    expect(await refused({ presenter: ['user:ana', 'user:ben'] })).toEqual(notMember)
    expect(await refused({ member: ['user:ana'], presenter: ['user:ana', 'user:ben'] })).toEqual(notMember)
    expect(await refused({ member: ['user:ben'], presenter: ['user:ana'] })).toEqual([
      'presenter_not_member',
      'presenters',
      ['user:ana'],
    ])
  })

  it('accepts presenters who are members as a user, by a group or by everyone', async () => {
    await requireLists(app, room(), { presenter: ['user:ana'] })
    await requireLists(app, room(), { member: ['user:ben', 'group:g'], presenter: ['user:ben', 'user:cem', 'group:g'] })
    await requireLists(app, room(), { member: ['everyone'], presenter: ['user:ben', 'group:h', 'everyone'] })
    expect(await refused({ member: ['group:g'], presenter: ['user:cem', 'user:ben', 'group:h'] })).toEqual([
      'presenter_not_member',
      'presenters',
      ['user:ben', 'group:h'],
    ])
  })
})

describe('the comparison of role lists', () => {
  it.each<[RoleLists, boolean]>([
    [{}, false],
    [{ member: ['user:ana'] }, false],
    [{ member: ['user:ana'], manager: ['user:ana'], presenter: [] }, false],
    [{ member: [] }, true],
    [{ member: ['user:ana', 'user:ben'] }, true],
    [{ member: ['user:ben'] }, true],
    [{ presenter: ['user:ana'] }, true],
  ])('returns for %p whether it differs: %p', async (lists, differ) =>
    expect((await listChanges(app.roles, 'r', lists, { createdAt: 5, createdBy: 'kim' })).length > 0).toBe(differ),
  )
})

describe('the change of role lists', () => {
  /** Replaces the room and then applies the lists, as an update does. */
  const apply = async (lists: RoleLists) => {
    const before = (await app.rooms.find('r')) ?? room()
    const after = { ...before, version: before.version + 1, updatedAt: 50, updatedBy: 'kim' }
    const replaced = Object.keys(lists) as Role[]
    await app.rooms.replace(before, after, replaced)
    const { invitations, failure } = await applyLists(app, after, lists)
    raise(failure)
    return invitations
  }

  it('replaces the given lists and keeps the others', async () => {
    await apply({ member: ['user:ben', 'group:g', 'user:ben'] })
    expect(await holders('member')).toEqual(['group:g', 'user:ben'])
    expect(await holders('manager')).toEqual(['user:ana'])
    const [grant] = await grantsIn(app.roles, 'r', 'member')
    expect(grant).toEqual({ role: 'member', principal: 'group:g', createdAt: 50, createdBy: 'kim' })
  })

  it('records the granted and the revoked principals', async () => {
    await apply({ member: ['user:ana', 'user:ben'], manager: [] })
    const lines = await app.records.read('r', { from: 0, to: 1e15 }, '', 99)
    expect(lines.map(({ at, event, by, details }) => ({ at, event, by, details }))).toEqual([
      { at: 50, event: 'granted', by: 'kim', details: { role: 'member', principals: ['user:ben'] } },
      { at: 50, event: 'revoked', by: 'kim', details: { role: 'manager', principals: ['user:ana'] } },
    ])
  })

  it('invites new users but no groups', async () => {
    const invitations = await apply({ member: ['user:ana', 'user:ben', 'group:g'], presenter: ['user:ben'] })
    expect(invitations.map(({ user, roomId }) => [user, roomId])).toEqual([['ben', 'r']])
    expect(await holders('member')).toEqual(['group:g', 'user:ana', 'user:ben'])
    expect(await holders('presenter')).toEqual(['user:ben'])
  })

  it('reads all pages of the present lists', async () => {
    for (let nr = 0; nr < 250; nr++) {
      app.roles.put('r', { role: 'member', principal: `group:${nr}`, createdAt: 1, createdBy: 'x' })
    }
    expect(await holders('member')).toHaveLength(251)
    expect(await grantsIn(app.roles, 'r', undefined)).toHaveLength(252)
  })
})
