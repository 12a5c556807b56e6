import { loadAccess, type Permission, requirePermission } from '../../lambdas/domain/access/access.ts'
import type { Caller } from '../../lambdas/domain/access/principals.ts'
import type { Role } from '../../lambdas/domain/access/roles.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, categoryOf, person } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp

beforeEach(() => {
  app = memoryApp()
  app.categories.put(categoryOf('staff', { allowed: ['group:staff'], denied: ['user:mallory'] }))
})

const inScope = person('ana', { groups: ['staff'] })
const outOfScope = person('ana')
const denied = person('mallory', { groups: ['staff'] })
const admin = person('ana', { admin: true })

type Settings = Partial<Room>
const open: Settings = { privacy: 'open' }
const closed: Settings = { privacy: 'closed' }
const secret: Settings = { privacy: 'secret' }
const auditorium = { auditorium: true }
const disabled = { disabled: true }

async function accessOf(caller: Caller, settings: Settings, roles: Role[]) {
  await addRoom(app, 'r', { categoryId: 'staff', ...settings }, { [`user:${caller.user}`]: roles })
  return loadAccess(app, 'r', caller)
}

const reading: Permission[] = ['join', 'read', 'view']
const chatting: Permission[] = ['join', 'chat', 'read', 'view']
const everything: Permission[] = ['manage', 'join', 'chat', 'read', 'view']

describe.each<[string, Caller, Role[], [string, Settings, Permission[]][]]>([
  [
    'a user in scope without a role',
    inScope,
    [],
    [
      ['open', open, chatting],
      ['open auditorium', { ...open, ...auditorium }, reading],
      ['closed', closed, ['view']],
      ['closed auditorium', { ...closed, ...auditorium }, ['view']],
      ['secret', secret, []],
      ['secret auditorium', { ...secret, ...auditorium }, []],
      ['disabled open', { ...open, ...disabled }, []],
      ['disabled closed', { ...closed, ...disabled }, []],
    ],
  ],
  [
    'a member',
    inScope,
    ['member'],
    [
      ['open', open, chatting],
      ['closed', closed, chatting],
      ['secret', secret, chatting],
      ['closed auditorium', { ...closed, ...auditorium }, reading],
      ['secret auditorium', { ...secret, ...auditorium }, reading],
      ['disabled closed', { ...closed, ...disabled }, []],
      ['disabled open', { ...open, ...disabled }, []],
    ],
  ],
  [
    'a member and presenter',
    inScope,
    ['member', 'presenter'],
    [
      ['closed', closed, chatting],
      ['open auditorium', { ...open, ...auditorium }, chatting],
      ['closed auditorium', { ...closed, ...auditorium }, chatting],
      ['secret auditorium', { ...secret, ...auditorium }, chatting],
      ['disabled auditorium', { ...closed, ...auditorium, ...disabled }, []],
    ],
  ],
  [
    'a presenter who is not a member',
    inScope,
    ['presenter'],
    [
      ['open auditorium', { ...open, ...auditorium }, reading],
      ['open', open, chatting],
      ['closed auditorium', { ...closed, ...auditorium }, ['view']],
      ['secret auditorium', { ...secret, ...auditorium }, []],
    ],
  ],
  [
    'a manager who is not a member',
    inScope,
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
    'a member and manager',
    inScope,
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
    'a member, manager and presenter',
    inScope,
    ['member', 'manager', 'presenter'],
    [['closed auditorium', { ...closed, ...auditorium }, everything]],
  ],
  ...(
    [
      ['a user out of scope', outOfScope],
      ['a denied user', denied],
    ] as const
  ).map(([name, caller]): [string, Caller, Role[], [string, Settings, Permission[]][]] => [
    `${name} with every role`,
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
    'an administrator out of scope',
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
    'an administrator in scope who is a member',
    { ...admin, groups: ['staff'] },
    ['member'],
    [
      ['closed', closed, everything],
      ['disabled closed', { ...closed, ...disabled }, ['manage', 'view']],
    ],
  ],
])('%s', (_, caller, roles, rooms) => {
  it.each(rooms)('has the right permissions in a room that is %s', async (_, settings, permissions) => {
    expect((await accessOf(caller, settings, roles))?.permissions).toEqual(permissions)
  })
})

describe('a role', () => {
  it.each(['group:staff', 'everyone'])('of %s counts for each of its users', async (principal) => {
    await addRoom(app, 'r', { categoryId: 'staff' }, { [principal]: ['member'] })
    expect((await loadAccess(app, 'r', inScope))?.roles).toEqual(['member'])
    expect((await loadAccess(app, 'r', inScope))?.permissions).toEqual(chatting)
  })

  it('of a group does not count for a user with the same name', async () => {
    await addRoom(app, 'r', {}, { 'group:ana': ['member'], 'user:staff': ['member'] })
    expect((await loadAccess(app, 'r', inScope))?.roles).toEqual([])
  })

  it('adds to the roles from other principals', async () => {
    await addRoom(app, 'r', {}, { 'group:staff': ['member'], 'user:ana': ['manager'] })
    expect((await loadAccess(app, 'r', inScope))?.permissions).toEqual(everything)
  })

  it('of a presenter can come from another principal than that of a member', async () => {
    const grants: Record<string, Role[]> = { 'group:staff': ['member'], 'user:ana': ['presenter'] }
    await addRoom(app, 'r', { ...open, ...auditorium }, grants)
    expect((await loadAccess(app, 'r', inScope))?.permissions).toEqual(chatting)
    expect((await loadAccess(app, 'r', outOfScope))?.permissions).toEqual(reading)
  })

  it('has no effect when the category denies its holder', async () => {
    await addRoom(app, 'r', { categoryId: 'staff' }, { 'user:ana': ['member'] })
    app.categories.put(categoryOf('staff', { allowed: ['group:staff'], denied: ['user:ana'] }))
    expect((await loadAccess(app, 'r', inScope))?.permissions).toEqual([])
  })

  it('has no effect in a room whose category does not exist', async () => {
    await addRoom(app, 'r', {}, { 'user:ana': ['member', 'manager'] })
    app.rooms.alter('r', { categoryId: 'lost' })
    expect((await loadAccess(app, 'r', inScope))?.permissions).toEqual([])
  })
})

it('a room that does not exist gives no access', async () => {
  expect(await loadAccess(app, 'nowhere', inScope)).toBeUndefined()
})

describe('a missing permission', () => {
  const refused = async (caller: Caller, settings: Settings, roles: Role[], permission: Permission) => {
    const access = await accessOf(caller, settings, roles)
    const { code, message, details } = await refusal((async () => requirePermission(access, permission))())
    return { code, message, details }
  }

  const refusedWithoutRoom = () => refusal((async () => requirePermission(undefined, 'view'))())

  it.each<[string, Caller, Settings, Role[], Permission, string]>([
    ['joining a closed room without being a member', inScope, closed, [], 'join', 'forbidden'],
    ['reading a closed room without being a member', inScope, closed, [], 'read', 'forbidden'],
    ['managing a closed room as a member', inScope, closed, ['member'], 'manage', 'forbidden'],
    ['sending in an auditorium as a member', inScope, { ...closed, ...auditorium }, ['member'], 'chat', 'forbidden'],
    ['joining a secret room as its manager', inScope, secret, ['manager'], 'join', 'forbidden'],
    ['joining a secret room as an administrator', admin, secret, [], 'join', 'forbidden'],
    ['joining a disabled room as a member', inScope, { ...secret, ...disabled }, ['member'], 'join', 'room_disabled'],
    ['seeing a disabled open room', inScope, { ...open, ...disabled }, [], 'view', 'room_disabled'],
    [
      'joining a disabled room as its manager',
      inScope,
      { ...closed, ...disabled },
      ['manager'],
      'join',
      'room_disabled',
    ],
    ['joining a disabled secret room without a role', inScope, { ...secret, ...disabled }, [], 'join', 'not_found'],
    [
      'joining a disabled room as a member out of scope',
      outOfScope,
      { ...open, ...disabled },
      ['member'],
      'join',
      'not_found',
    ],
  ])('for %s is refused with its own code', async (_, caller, settings, roles, permission, code) => {
    expect((await refused(caller, settings, roles, permission)).code).toBe(code)
  })

  it.each<[string, Caller, Settings, Permission]>([
    ['a secret room', inScope, secret, 'join'],
    ['a room out of scope', outOfScope, open, 'read'],
    ['a room of a category that denies the user', denied, open, 'manage'],
  ])('in %s is refused as if the room did not exist', async (_, caller, settings, permission) => {
    const { code, message, details } = await refusedWithoutRoom()
    expect(await refused(caller, settings, [], permission)).toEqual({ code, message, details })
  })
})
