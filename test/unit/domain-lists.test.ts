import type { Role } from '../../lambdas/domain/access/roles.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import {
  applyLists,
  grantsIn,
  listsDiffer,
  type RoleLists,
  requireLists,
} from '../../lambdas/domain/rooms/role-lists.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf, furnish, roomOf } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await app.categories.create(categoryOf('c', { denied: ['group:out'] }))
  await furnish(app, 'r', { categoryId: 'c', auditorium: true, createdBy: 'ana' }, { 'user:ana': ['member'] })
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

describe('lists that a room may not have', () => {
  it('hold somebody whom the category denies, or nobody knows', async () => {
    expect(await refused({ member: ['user:ana', 'group:out'] })).toEqual(['not_in_scope', 'members', ['group:out']])
    expect(await refused({ manager: ['group:out'] })).toEqual(['not_in_scope', 'managers', ['group:out']])
  })

  it('hold presenters where there is no auditorium', async () => {
    expect(await refused({ presenter: ['user:ana'] }, { auditorium: false })).toEqual([
      'invalid',
      'presenters',
      undefined,
    ])
    await requireLists(app, room({ auditorium: false }), { presenter: [] })
    await requireLists(app, room({ auditorium: false }), {})
  })

  it('hold presenters who are no members, by the list that is to come or by the one there is', async () => {
    app.roles.put('r', { role: 'manager', principal: 'user:ben', createdAt: 1, createdBy: 'x' })
    const outsider = ['presenter_not_member', 'presenters', ['user:ben']]
    expect(await refused({ presenter: ['user:ana', 'user:ben'] })).toEqual(outsider)
    expect(await refused({ member: ['user:ana'], presenter: ['user:ana', 'user:ben'] })).toEqual(outsider)
    expect(await refused({ member: ['user:ben'], presenter: ['user:ana'] })).toEqual([
      'presenter_not_member',
      'presenters',
      ['user:ana'],
    ])
  })

  it('are not those whose presenters are members by name, by a group or because everyone is', async () => {
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

describe('lists that are compared', () => {
  it.each<[RoleLists, boolean]>([
    [{}, false],
    [{ member: ['user:ana'] }, false],
    [{ member: ['user:ana'], manager: ['user:ana'], presenter: [] }, false],
    [{ member: [] }, true],
    [{ member: ['user:ana', 'user:ben'] }, true],
    [{ member: ['user:ben'] }, true],
    [{ presenter: ['user:ana'] }, true],
  ])('%p differ: %p', async (lists, differ) => expect(await listsDiffer(app.roles, 'r', lists)).toBe(differ))
})

describe('lists that are settled', () => {
  /** As `replace` leaves it, which comes before. */
  const settled = async (lists: RoleLists) => {
    const before = (await app.rooms.find('r')) ?? room()
    const after = { ...before, version: before.version + 1, updatedAt: 50, updatedBy: 'kim' }
    const replaced = Object.keys(lists) as Role[]
    await app.rooms.replace(before, after, replaced)
    return applyLists(app, after, lists)
  }

  it('are those that are wanted, and those that were left out stay', async () => {
    await settled({ member: ['user:ben', 'group:g', 'user:ben'] })
    expect(await holders('member')).toEqual(['group:g', 'user:ben'])
    expect(await holders('manager')).toEqual(['user:ana'])
    const [grant] = await grantsIn(app.roles, 'r', 'member')
    expect(grant).toEqual({ role: 'member', principal: 'group:g', createdAt: 50, createdBy: 'kim' })
  })

  it('write down who was given and who lost what, and nothing where nobody was', async () => {
    await settled({ member: ['user:ana', 'user:ben'], manager: [] })
    const lines = await app.records.read('r', { from: 0, to: 1e15 }, '', 99)
    expect(lines.map(({ at, event, by, details }) => ({ at, event, by, details }))).toEqual([
      { at: 50, event: 'granted', by: 'kim', details: { role: 'member', principals: ['user:ben'] } },
      { at: 50, event: 'revoked', by: 'kim', details: { role: 'manager', principals: ['user:ana'] } },
    ])
  })

  it('invite the users who are new, and no groups', async () => {
    const invitations = await settled({ member: ['user:ana', 'user:ben', 'group:g'], presenter: ['user:ben'] })
    expect(invitations.map(({ user, roomId }) => [user, roomId])).toEqual([['ben', 'r']])
    expect(await holders('member')).toEqual(['group:g', 'user:ana', 'user:ben'])
    expect(await holders('presenter')).toEqual(['user:ben'])
  })

  it('are read to the end, however long they are', async () => {
    for (let nr = 0; nr < 250; nr++) {
      app.roles.put('r', { role: 'member', principal: `group:${nr}`, createdAt: 1, createdBy: 'x' })
    }
    expect(await holders('member')).toHaveLength(251)
    expect(await grantsIn(app.roles, 'r', undefined)).toHaveLength(252)
  })
})
