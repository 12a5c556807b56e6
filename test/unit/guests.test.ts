import { identityOf } from '../../lambdas/aws/socket-event.ts'
import { loadAccess } from '../../lambdas/domain/access/access.ts'
import { mayCreateIn } from '../../lambdas/domain/access/categories.ts'
import { principalsOf } from '../../lambdas/domain/access/principals.ts'
import type { Role } from '../../lambdas/domain/access/roles.ts'
import { outOfScope, requireScope } from '../../lambdas/domain/access/scope.ts'
import { getOrSet } from '../../lambdas/domain/people/preferences.ts'
import { saveProfile } from '../../lambdas/domain/people/profiles.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import { review } from '../../lambdas/domain/sessions/review.ts'
import { browse } from '../../lambdas/routes/browse.ts'
import { categories } from '../../lambdas/routes/categories.ts'
import { createRoom } from '../../lambdas/routes/create-room.ts'
import { grant } from '../../lambdas/routes/grant.ts'
import { history } from '../../lambdas/routes/history.ts'
import { join } from '../../lambdas/routes/join.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, categoryOf, connect, person } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

/** Guests are admitted to the category `hall`. */
const guest = person('guest:abc', { groups: ['guest:hall'] })
const ana = person('ana')

let app: MemoryApp

beforeEach(() => {
  app = memoryApp()
  for (const id of ['hall', 'office']) app.categories.put(categoryOf(id))
})

const permissionsIn = async (settings: Partial<Room>, grants: Record<string, Role[]> = {}) => {
  await addRoom(app, 'r', { categoryId: 'hall', privacy: 'open', ...settings }, grants)
  return (await loadAccess(app, 'r', guest))?.permissions
}

describe('a guest', () => {
  it('may chat and read in an open room of a category that admits guests', async () => {
    expect(await permissionsIn({})).toEqual(['join', 'chat', 'read', 'view'])
  })

  it.each<[string, Partial<Room>]>([
    ['a closed room', { privacy: 'closed' }],
    ['a secret room', { privacy: 'secret' }],
    ['an open room of another category', { categoryId: 'office' }],
    ['an open room of the built-in category', { categoryId: 'general' }],
    ['a disabled room', { disabled: true }],
  ])('has no permission in %s, and does not see it', async (_, settings) => {
    expect(await permissionsIn(settings)).toEqual([])
  })

  it.each<[string, Record<string, Role[]>]>([
    ['everyone', { everyone: ['member', 'manager'] }],
    ['the guest', { 'user:guest:abc': ['member', 'manager'] }],
    ['a group with the name of the category', { 'group:guest:hall': ['member', 'manager'] }],
  ])('gets into no closed room by a grant to %s', async (_, grants) => {
    expect(await permissionsIn({ privacy: 'closed' }, grants)).toEqual([])
  })

  it('reads no closed room among many by a grant, neither with `sync` nor with `history`', async () => {
    await addRoom(app, 'open', { categoryId: 'hall', privacy: 'open' })
    await addRoom(
      app,
      'closed',
      { categoryId: 'hall' },
      { 'user:guest:abc': ['member'], 'group:guest:hall': ['member'] },
    )
    await connect(app, guest, 'c-guest:abc')
    for (const roomId of ['open', 'closed']) await app.messages.put(roomId, { seq: 1, sentAt: 1 })
    const { rooms } = await call(app, sync, { rooms: { open: 0, closed: 0 } }, guest)
    expect(Object.keys(Object(rooms))).toEqual(['open'])
    expect(await call(app, history, { roomIds: ['open', 'closed'] }, guest)).toMatchObject({
      error: { code: 'not_found', details: { field: 'roomIds.1' } },
    })
  })

  it('is out of scope where the category does not allow everyone, or denies the guest', async () => {
    app.categories.put(categoryOf('hall', { allowed: ['group:ops', 'user:guest:abc'] }))
    expect(await permissionsIn({})).toEqual([])
    app.categories.put(categoryOf('hall', { denied: ['user:guest:abc'] }))
    expect((await loadAccess(app, 'r', guest))?.permissions).toEqual([])
    app.categories.put(categoryOf('hall', { denied: ['everyone'] }))
    expect((await loadAccess(app, 'r', guest))?.permissions).toEqual([])
  })

  it('only reads in an open auditorium', async () => {
    expect(await permissionsIn({ auditorium: true })).toEqual(['join', 'read', 'view'])
  })

  it('finds the open rooms of the category, and no other room or category', async () => {
    for (const [id, settings] of Object.entries({
      open: { privacy: 'open' },
      closed: { privacy: 'closed' },
      other: { privacy: 'open', categoryId: 'office' },
    } as const)) {
      await addRoom(app, id, { categoryId: 'hall', name: `Room ${id}`, ...settings })
    }
    for (const request of [{ criteria: { text: 'room' } }, { categoryId: 'hall' }]) {
      const { rooms } = (await call(app, browse, request, guest)) as unknown as { rooms: { roomId: string }[] }
      expect(rooms.map(({ roomId }) => roomId)).toEqual(['open'])
    }
    const listed = (await call(app, categories, {}, guest)) as unknown as { categories: { categoryId: string }[] }
    expect(listed.categories.map(({ categoryId }) => categoryId)).toEqual(['hall'])
  })

  it('creates no room, even as a named creator', async () => {
    const category = categoryOf('hall', { creators: ['everyone', 'user:guest:abc'] })
    app.categories.put(category)
    expect(mayCreateIn(category, principalsOf(guest))).toBe(false)
    expect(await call(app, createRoom, { name: 'Mine', categoryId: 'hall' }, guest)).toMatchObject({
      error: { code: 'forbidden' },
    })
  })

  it('is granted nothing', async () => {
    await addRoom(app, 'r', { categoryId: 'hall', privacy: 'open' }, { 'user:ana': ['manager'] })
    const request = { roomId: 'r', role: 'manager', principals: ['user:guest:abc'] }
    expect(await call(app, grant, request, ana)).toMatchObject({ error: { code: 'not_in_scope' } })
    expect(await refusal(requireScope(app, 'hall', ['user:guest:abc']))).toMatchObject({ code: 'not_in_scope' })
    expect(await outOfScope(app.people, categoryOf('hall'), ['user:guest:abc', 'user:ana'])).toEqual(['user:guest:abc'])
  })

  it('is kicked when the room is closed', async () => {
    await addRoom(app, 'r', { categoryId: 'hall', privacy: 'open' })
    await addSession(app, 'r', guest, 'c1')
    expect((await review(app, 'r')).kicked).toEqual([])
    const room = await app.rooms.find('r')
    if (room) await app.rooms.replace(room, { ...room, privacy: 'closed', version: 2 })
    expect((await review(app, 'r')).kicked.map(({ user }) => user)).toEqual(['guest:abc'])
  })

  it('is refused a closed room as one that does not exist', async () => {
    await addRoom(app, 's', { categoryId: 'hall', privacy: 'closed', name: 'Desk' })
    for (const request of [{ roomName: 'Desk' }, { roomName: 'Nothing' }]) {
      expect(await call(app, join, request, guest)).toMatchObject({ error: { code: 'not_found' } })
    }
  })

  it('leaves no profile and no preferences behind', async () => {
    await saveProfile(app.people, { user: guest.user, name: 'Guest', groups: [], seenAt: 1 })
    expect(await app.people.find(guest.user)).toBeUndefined()
    const setting = { label: 'colour', data: 'red' }
    expect(await refusal(getOrSet(app, guest.user, setting))).toMatchObject({ code: 'forbidden' })
    expect(await getOrSet(app, guest.user, { label: 'colour' })).toEqual({ version: 0 })
  })

  it('is no administrator, whatever the group of administrators is called', () => {
    const authorizer = { user: 'guest:abc', name: 'G', groups: '["guest:hall"]', exp: '1' }
    const requestContext = { routeKey: 'hello', connectionId: 'c', requestId: 'r', connectedAt: 1, authorizer }
    expect(identityOf({ requestContext }, 'guest:hall').admin).toBe(false)
    const user = { ...requestContext, authorizer: { ...authorizer, user: 'ana' } }
    expect(identityOf({ requestContext: user }, 'guest:hall').admin).toBe(true)
  })
})

describe('a user in a group with the name of a guest category', () => {
  it('is no guest, and the group is a group', () => {
    expect(principalsOf({ user: 'ana', groups: ['guest:hall'] })).toEqual(['user:ana', 'group:guest:hall', 'everyone'])
  })
})

it('only groups that stand for a category count for a guest', () => {
  const groups = ['guest:hall', 'guest:hall', 'everyone', 'user:ana', 'group:ops']
  expect(principalsOf({ user: 'guest:abc', groups })).toEqual(['user:guest:abc', 'guest:hall'])
})
