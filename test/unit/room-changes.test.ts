import type { Room } from '../../lambdas/domain/room.ts'
import { deleteRoom } from '../../lambdas/routes/delete-room.ts'
import { moveRoom } from '../../lambdas/routes/move-room.ts'
import { updateCategory } from '../../lambdas/routes/update-category.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, categoryOf, person } from '../support/memory/fixtures.ts'

let app: MemoryApp
const ana = person('ana')
const ben = person('ben')
const cem = person('cem')
const root = person('root', { admin: true })

beforeEach(async () => {
  app = memoryApp()
  app.categories.put(categoryOf('c', { creators: ['everyone'] }))
  await addRoom(app, 'r', { categoryId: 'c' }, { 'user:ana': ['manager', 'member'], 'user:ben': ['member'] })
  for (const caller of [ana, ben]) await addSession(app, 'r', caller, `c-${caller.user}`)
})

const room = async (): Promise<Room> => {
  const found = await app.rooms.find('r')
  if (!found) throw new Error('The room does not exist.')
  return found
}

const holders = async (role: 'member' | 'manager' | 'presenter') =>
  (await app.roles.list('r', role, undefined)).grants.map(({ principal }) => principal)

const present = async () => (await app.sessions.roster('r')).map(({ user }) => user)

type Method = (...args: never[]) => Promise<unknown>

/** The store, but this method throws instead, from call number `at` on, as it does in a function that was killed. */
function failingAt<Store extends object>(store: Store, method: keyof Store & string, at = 1): Store {
  let calls = 0
  return new Proxy(store, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name)
      if (typeof found !== 'function') return found
      const run: Method = found.bind(target)
      return name === method ? (...args: never[]) => (++calls >= at ? killed() : run(...args)) : run
    },
  })
}

const killed = async () => {
  throw new Error('killed')
}

const version = async () => (await room()).version

describe('an interrupted change of a room', () => {
  const lists = { members: ['user:ana', 'user:cem'], managers: ['user:ana', 'user:cem'] }
  const change = async () => ({ roomId: 'r', version: await version(), privacy: 'secret', ...lists })

  it.each([
    ['before its settings', () => ({ ...app, rooms: failingAt(app.rooms, 'replace') })],
    ['between its settings and its lists', () => ({ ...app, rooms: failingAt(app.rooms, 'changeHolders') })],
    ['between two lists', () => ({ ...app, rooms: failingAt(app.rooms, 'changeHolders', 2) })],
    ['before its review', () => ({ ...app, sessions: failingAt(app.sessions, 'roster') })],
    ['before sessions are ended', () => ({ ...app, sessions: failingAt(app.sessions, 'end') })],
    ['before rights are stored', () => ({ ...app, sessions: failingAt(app.sessions, 'update') })],
  ])('%s is completed by the next call', async (_, interrupted) => {
    await addSession(app, 'r', ana, 'c-ana2')
    app.roles.put('r', { role: 'presenter', principal: 'user:ana', createdAt: 1, createdBy: 'x' })
    expect(await call(interrupted(), updateRoom, await change(), ana)).toMatchObject({ ok: false })
    expect(await call(app, updateRoom, await change(), ana)).toMatchObject({ ok: true, room: { privacy: 'secret' } })
    expect(await room()).toMatchObject({ privacy: 'secret' })
    expect(await holders('member')).toEqual(lists.members)
    expect(await holders('manager')).toEqual(lists.managers)
    expect([...new Set(await present())]).toEqual(['ana'])
    for (const session of await app.sessions.roster('r')) expect(session.isPresenter).toBe(true)
  })

  it('changes nothing if it was refused', async () => {
    const before = await room()
    const stale = { ...(await change()), version: 9 }
    expect(await call(app, updateRoom, stale, ana)).toMatchObject({
      error: { code: 'conflict', details: { version: 1 } },
    })
    const outOfScope = { ...(await change()), managers: ['user:ana', 'user:dan'] }
    app.categories.put(categoryOf('c', { denied: ['user:dan'] }))
    expect(await call(app, updateRoom, outOfScope, ana)).toMatchObject({ error: { code: 'not_in_scope' } })
    expect(await room()).toEqual(before)
    expect(await holders('member')).toEqual(['user:ana', 'user:ben'])
    expect(await present()).toEqual(['ana', 'ben'])
  })

  it('that loses a race is refused with the version of the other change', async () => {
    const rooms = failingAt(app.rooms, 'replace', 99)
    const slow = {
      ...app,
      rooms: new Proxy(rooms, {
        get: (target, name) =>
          name === 'replace'
            ? async (before: Room, after: Room) => {
                await app.rooms.replace(before, { ...before, version: 2, description: 'won' })
                return app.rooms.replace(before, after)
              }
            : Reflect.get(target, name),
      }),
    }
    expect(await call(slow, updateRoom, await change(), ana)).toMatchObject({
      error: { code: 'conflict', details: { version: 2 } },
    })
    expect(await holders('member')).toEqual(['user:ana', 'user:ben'])
  })
})

describe('a list that two concurrent changes replace', () => {
  it('is the list of the later change', async () => {
    const first = { roomId: 'r', version: 1, members: ['user:ana', 'user:late'], managers: ['user:ana', 'user:late'] }
    const second = { roomId: 'r', version: 2, members: ['user:ana', 'user:cem'] }
    const overtaken = {
      ...app,
      rooms: new Proxy(failingAt(app.rooms, 'changeHolders', 99), {
        get: (target, name) =>
          name === 'changeHolders'
            ? async (...args: Parameters<typeof app.rooms.changeHolders>) => {
                if (args[1] === 'member') expect(await call(app, updateRoom, second, root)).toMatchObject({ ok: true })
                return app.rooms.changeHolders(...args)
              }
            : Reflect.get(target, name),
      }),
    }
    expect(await call(overtaken, updateRoom, first, ana)).toMatchObject({ ok: true, room: { version: 2 } })
    expect(await holders('member')).toEqual(second.members)
    expect(await holders('manager')).toEqual(first.managers)
  })
})

describe('an interrupted move', () => {
  beforeEach(() => app.categories.put(categoryOf('d', { allowed: ['user:ana'], creators: ['user:ana'] })))

  it.each([
    ['before the room is moved', () => ({ ...app, rooms: failingAt(app.rooms, 'replace') })],
    ['before its grants are revoked', () => ({ ...app, roles: failingAt(app.roles, 'revoke') })],
    ['before its review', () => ({ ...app, sessions: failingAt(app.sessions, 'roster') })],
    ['before sessions are ended', () => ({ ...app, sessions: failingAt(app.sessions, 'end') })],
  ])('%s is completed by the next call', async (_, interrupted) => {
    const move = { roomId: 'r', categoryId: 'd' }
    expect(await call(interrupted(), moveRoom, move, ana)).toMatchObject({ ok: false })
    expect(await call(app, moveRoom, move, ana)).toMatchObject({ ok: true, room: { categoryId: 'd', version: 2 } })
    expect(await holders('member')).toEqual(['user:ana'])
    expect(await present()).toEqual(['ana'])
    expect(app.connections.pushes('c-ben')).toEqual([{ type: 'kicked', roomId: 'r', reason: 'revoked' }])
  })
})

describe('an interrupted deletion', () => {
  it.each([
    ['before the room is hidden', () => ({ ...app, rooms: failingAt(app.rooms, 'remove') })],
    ['before its review', () => ({ ...app, sessions: failingAt(app.sessions, 'roster') })],
    ['before sessions are ended', () => ({ ...app, sessions: failingAt(app.sessions, 'end') })],
    ['before its grants are deleted', () => ({ ...app, rooms: failingAt(app.rooms, 'deleteLeftovers') })],
  ])('%s is completed by the next call', async (_, interrupted) => {
    expect(await call(interrupted(), deleteRoom, { roomId: 'r' }, root)).toMatchObject({ ok: false })
    expect(await call(app, deleteRoom, { roomId: 'r' }, root)).toMatchObject({ ok: true })
    expect(await app.rooms.find('r')).toBeUndefined()
    expect(await holders('member')).toEqual([])
    expect(await present()).toEqual([])
    expect(app.connections.pushes('c-ana')).toContainEqual({ type: 'kicked', roomId: 'r', reason: 'deleted' })
    expect(await call(app, deleteRoom, { roomId: 'r' }, root)).toMatchObject({ error: { code: 'not_found' } })
  })
})

describe('an interrupted change of a category', () => {
  it.each([
    ['before it is stored', () => ({ ...app, categories: failingAt(app.categories, 'replace') })],
    ['before its rooms are read', () => ({ ...app, rooms: failingAt(app.rooms, 'inCategory') })],
    ['between two rooms', () => ({ ...app, sessions: failingAt(app.sessions, 'roster', 2) })],
    ['before sessions are ended', () => ({ ...app, sessions: failingAt(app.sessions, 'end') })],
  ])('%s is completed by the next call', async (_, interrupted) => {
    await addRoom(app, 's', { categoryId: 'c' }, { 'user:ben': ['member'] })
    await addSession(app, 's', ben, 'c-ben')
    const change = async () => ({
      categoryId: 'c',
      version: (await app.categories.find('c'))?.version,
      denied: ['user:ben'],
    })
    expect(await call(interrupted(), updateCategory, await change(), root)).toMatchObject({ ok: false })
    expect(await call(app, updateCategory, await change(), root)).toMatchObject({ ok: true, category: { version: 2 } })
    expect(await present()).toEqual(['ana'])
    expect(await app.sessions.roster('s')).toEqual([])
    const kicked = app.connections.pushes('c-ben').filter(({ type }) => type === 'kicked')
    expect(kicked.map(({ roomId }) => roomId).sort()).toEqual(['r', 's'])
  })

  it('does not review sessions if no rights change', async () => {
    const withoutReview = { ...app, rooms: failingAt(app.rooms, 'inCategory') }
    const change = { categoryId: 'c', version: 1, description: 'x', creators: [], files: false }
    expect(await call(withoutReview, updateCategory, change, root)).toMatchObject({ ok: true })
    expect(await present()).toEqual(['ana', 'ben'])
  })
})

describe('a change of a room', () => {
  it('is pushed to all remaining sessions, with one push for each user who leaves', async () => {
    await addSession(app, 'r', ana, 'c-ana2')
    const change = { roomId: 'r', version: 1, description: 'new', members: ['user:ana'] }
    await call(app, updateRoom, change, ana)
    const pushes = [
      { type: 'participant', event: 'left' },
      { type: 'room', version: 2, changed: { description: { old: '', new: 'new' } } },
    ]
    expect(app.connections.pushes('c-ana')).toMatchObject(pushes)
    expect(app.connections.pushes('c-ana2')).toMatchObject(pushes)
    expect(app.connections.pushes('c-ben')).toEqual([{ type: 'kicked', roomId: 'r', reason: 'revoked' }])
  })

  it('has no effect if a list only repeats a principal', async () => {
    const twice = ['user:ana', 'user:ana', 'user:ben']
    expect(await call(app, updateRoom, { roomId: 'r', version: 1, members: twice }, ana)).toMatchObject({
      ok: true,
      room: { version: 1 },
    })
    expect(await holders('member')).toEqual(['user:ana', 'user:ben'])
  })

  it('is refused to members, other users and users out of scope', async () => {
    for (const caller of [ben, cem]) {
      const change = { roomId: 'r', version: 1, description: 'x' }
      expect(await call(app, updateRoom, change, caller)).toMatchObject({ error: { code: 'forbidden' } })
    }
    app.categories.put(categoryOf('c', { allowed: ['user:ben'] }))
    const change = { roomId: 'r', version: 1, description: 'x' }
    expect(await call(app, updateRoom, change, ana)).toMatchObject({ error: { code: 'not_found' } })
  })
})
