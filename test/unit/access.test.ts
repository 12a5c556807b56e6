import { loadAccess, type Permission, requirePermission } from '../../lambdas/domain/access/access.ts'
import type { Caller } from '../../lambdas/domain/access/principals.ts'
import type { Role } from '../../lambdas/domain/access/roles.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf, furnish, person } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp

beforeEach(() => {
  app = memoryApp()
  app.categories.put(categoryOf('staff', { allowed: ['group:staff'], denied: ['user:mallory'] }))
})

const inside = person('ana', { groups: ['staff'] })
const outside = person('ana')
const denied = person('mallory', { groups: ['staff'] })
const admin = person('ana', { admin: true })

type Kind = Partial<Room>
const open: Kind = { privacy: 'open' }
const closed: Kind = { privacy: 'closed' }
const secret: Kind = { privacy: 'secret' }
const auditorium = { auditorium: true }
const disabled = { disabled: true }

async function standing(caller: Caller, kind: Kind, held: Role[]) {
  await furnish(app, 'r', { categoryId: 'staff', ...kind }, { [`user:${caller.user}`]: held })
  return loadAccess(app, 'r', caller)
}

const inRoom: Permission[] = ['join', 'read', 'view']
const inAndTalking: Permission[] = ['join', 'chat', 'read', 'view']
const everything: Permission[] = ['manage', 'join', 'chat', 'read', 'view']

describe.each<[string, Caller, Role[], [string, Kind, Permission[]][]]>([
  [
    'Someone in scope without a role',
    inside,
    [],
    [
      ['open', open, inAndTalking],
      ['open auditorium', { ...open, ...auditorium }, inRoom],
      ['closed', closed, ['view']],
      ['closed auditorium', { ...closed, ...auditorium }, ['view']],
      ['secret', secret, []],
      ['secret auditorium', { ...secret, ...auditorium }, []],
      ['disabled open', { ...open, ...disabled }, []],
      ['disabled closed', { ...closed, ...disabled }, []],
    ],
  ],
  [
    'A member',
    inside,
    ['member'],
    [
      ['open', open, inAndTalking],
      ['closed', closed, inAndTalking],
      ['secret', secret, inAndTalking],
      ['closed auditorium', { ...closed, ...auditorium }, inRoom],
      ['secret auditorium', { ...secret, ...auditorium }, inRoom],
      ['disabled closed', { ...closed, ...disabled }, []],
      ['disabled open', { ...open, ...disabled }, []],
    ],
  ],
  [
    'A member and presenter',
    inside,
    ['member', 'presenter'],
    [
      ['closed', closed, inAndTalking],
      ['open auditorium', { ...open, ...auditorium }, inAndTalking],
      ['closed auditorium', { ...closed, ...auditorium }, inAndTalking],
      ['secret auditorium', { ...secret, ...auditorium }, inAndTalking],
      ['disabled auditorium', { ...closed, ...auditorium, ...disabled }, []],
    ],
  ],
  [
    'A presenter who is not a member',
    inside,
    ['presenter'],
    [
      ['open auditorium', { ...open, ...auditorium }, inRoom],
      ['open', open, inAndTalking],
      ['closed auditorium', { ...closed, ...auditorium }, ['view']],
      ['secret auditorium', { ...secret, ...auditorium }, []],
    ],
  ],
  [
    'A manager who is not a member',
    inside,
    ['manager'],
    [
      ['closed', closed, ['manage', 'view']],
      ['secret', secret, ['manage', 'view']],
      ['closed auditorium', { ...closed, ...auditorium }, ['manage', 'view']],
      ['disabled closed', { ...closed, ...disabled }, ['manage', 'view']],
      ['disabled secret', { ...secret, ...disabled }, ['manage', 'view']],
    ],
  ],
  [
    'A member and manager',
    inside,
    ['member', 'manager'],
    [
      ['open', open, everything],
      ['closed', closed, everything],
      ['secret', secret, everything],
      ['closed auditorium', { ...closed, ...auditorium }, ['manage', 'join', 'read', 'view']],
      ['disabled closed', { ...closed, ...disabled }, ['manage', 'view']],
    ],
  ],
  [
    'A member, manager and presenter',
    inside,
    ['member', 'manager', 'presenter'],
    [['closed auditorium', { ...closed, ...auditorium }, everything]],
  ],
  ...(
    [
      ['Someone out of scope', outside],
      ['Someone denied', denied],
    ] as const
  ).map(([name, caller]): [string, Caller, Role[], [string, Kind, Permission[]][]] => [
    `${name}, whatever their roles,`,
    caller,
    ['member', 'manager', 'presenter'],
    [
      ['open', open, []],
      ['closed', closed, []],
      ['secret', secret, []],
      ['closed auditorium', { ...closed, ...auditorium }, []],
      ['disabled', { ...closed, ...disabled }, []],
    ],
  ]),
  [
    'An administrator out of scope',
    admin,
    [],
    [
      ['open', open, ['manage', 'view']],
      ['closed', closed, ['manage', 'view']],
      ['secret', secret, ['manage', 'view']],
      ['disabled secret', { ...secret, ...disabled }, ['manage', 'view']],
    ],
  ],
  [
    'An administrator in scope who is a member',
    { ...admin, groups: ['staff'] },
    ['member'],
    [
      ['closed', closed, everything],
      ['disabled closed', { ...closed, ...disabled }, ['manage', 'view']],
    ],
  ],
])('%s', (_, caller, held, rooms) => {
  it.each(rooms)('in a room that is %s', async (_, kind, permissions) => {
    expect((await standing(caller, kind, held))?.permissions).toEqual(permissions)
  })
})

describe('a role', () => {
  it.each(['group:staff', 'everyone'])('of %s counts for each of them', async (principal) => {
    await furnish(app, 'r', { categoryId: 'staff' }, { [principal]: ['member'] })
    expect((await loadAccess(app, 'r', inside))?.roles).toEqual(['member'])
    expect((await loadAccess(app, 'r', inside))?.permissions).toEqual(inAndTalking)
  })

  it('of a group is no role of a user of that name', async () => {
    await furnish(app, 'r', {}, { 'group:ana': ['member'], 'user:staff': ['member'] })
    expect((await loadAccess(app, 'r', inside))?.roles).toEqual([])
  })

  it('adds to those held otherwise', async () => {
    await furnish(app, 'r', {}, { 'group:staff': ['member'], 'user:ana': ['manager'] })
    expect((await loadAccess(app, 'r', inside))?.permissions).toEqual(everything)
  })

  it('of a presenter and one of a member may come from different principals', async () => {
    const held: Record<string, Role[]> = { 'group:staff': ['member'], 'user:ana': ['presenter'] }
    await furnish(app, 'r', { ...open, ...auditorium }, held)
    expect((await loadAccess(app, 'r', inside))?.permissions).toEqual(inAndTalking)
    expect((await loadAccess(app, 'r', outside))?.permissions).toEqual(inRoom)
  })

  it('lasts no longer than the category allows its holder', async () => {
    await furnish(app, 'r', { categoryId: 'staff' }, { 'user:ana': ['member'] })
    app.categories.put(categoryOf('staff', { allowed: ['group:staff'], denied: ['user:ana'] }))
    expect((await loadAccess(app, 'r', inside))?.permissions).toEqual([])
  })

  it('counts for nothing in a room whose category is gone', async () => {
    await furnish(app, 'r', {}, { 'user:ana': ['member', 'manager'] })
    app.rooms.alter('r', { categoryId: 'lost' })
    expect((await loadAccess(app, 'r', inside))?.permissions).toEqual([])
  })
})

it('knows no standing in a room that is not there', async () => {
  expect(await loadAccess(app, 'nowhere', inside)).toBeUndefined()
})

describe('a permission that is missing', () => {
  const refused = async (caller: Caller, kind: Kind, held: Role[], permission: Permission) => {
    const found = await standing(caller, kind, held)
    const { code, message, details } = await refusal((async () => requirePermission(found, permission))())
    return { code, message, details }
  }

  const absent = () => refusal((async () => requirePermission(undefined, 'view'))())

  it.each<[string, Caller, Kind, Role[], Permission, string]>([
    ['joining a closed room from outside its members', inside, closed, [], 'join', 'forbidden'],
    ['reading it', inside, closed, [], 'read', 'forbidden'],
    ['managing it', inside, closed, ['member'], 'manage', 'forbidden'],
    ['posting in an auditorium', inside, { ...closed, ...auditorium }, ['member'], 'chat', 'forbidden'],
    ['joining as its manager', inside, secret, ['manager'], 'join', 'forbidden'],
    ['joining as an administrator', admin, secret, [], 'join', 'forbidden'],
    ['joining a disabled room as a member', inside, { ...secret, ...disabled }, ['member'], 'join', 'room_disabled'],
    ['seeing a disabled open room', inside, { ...open, ...disabled }, [], 'view', 'room_disabled'],
    [
      'joining a disabled room as its manager',
      inside,
      { ...closed, ...disabled },
      ['manager'],
      'join',
      'room_disabled',
    ],
    ['joining a disabled room as a stranger', inside, { ...secret, ...disabled }, [], 'join', 'not_found'],
    ['joining a disabled room out of scope', outside, { ...open, ...disabled }, ['member'], 'join', 'not_found'],
  ])('for %s is refused in its own words', async (_, caller, kind, held, permission, code) => {
    expect((await refused(caller, kind, held, permission)).code).toBe(code)
  })

  it.each<[string, Caller, Kind, Permission]>([
    ['a secret room', inside, secret, 'join'],
    ['a room out of scope', outside, open, 'read'],
    ['a room of a category that denies them', denied, open, 'manage'],
  ])('in %s is refused as if there were no room', async (_, caller, kind, permission) => {
    const { code, message, details } = await absent()
    expect(await refused(caller, kind, [], permission)).toEqual({ code, message, details })
  })
})
