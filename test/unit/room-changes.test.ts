import type { Room } from '../../lambdas/domain/room.ts'
import { deleteRoom } from '../../lambdas/routes/delete-room.ts'
import { moveRoom } from '../../lambdas/routes/move-room.ts'
import { updateCategory } from '../../lambdas/routes/update-category.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, categoryOf, furnish, person, seat } from '../support/memory/scene.ts'

let app: MemoryApp
const ana = person('ana')
const ben = person('ben')
const cem = person('cem')
const root = person('root', { admin: true })

beforeEach(async () => {
  app = memoryApp()
  app.categories.put(categoryOf('c', { creators: ['everyone'] }))
  await furnish(app, 'r', { categoryId: 'c' }, { 'user:ana': ['manager', 'member'], 'user:ben': ['member'] })
  for (const somebody of [ana, ben]) await seat(app, 'r', somebody, `c-${somebody.user}`)
})

const room = async (): Promise<Room> => {
  const found = await app.rooms.find('r')
  if (!found) throw new Error('The room is gone.')
  return found
}

const holders = async (role: 'member' | 'manager' | 'presenter') =>
  (await app.roles.list('r', role, undefined)).grants.map(({ principal }) => principal)

const present = async () => (await app.sessions.roster('r')).map(({ user }) => user)

type Work = (...given: never[]) => Promise<unknown>

/** The function dies at the so many-th call of this method; everything before it is done, and nothing after it. */
function dying<Store extends object>(store: Store, method: keyof Store & string, at = 1): Store {
  let calls = 0
  return new Proxy(store, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name)
      if (typeof found !== 'function') return found
      const work: Work = found.bind(target)
      return name === method ? (...given: never[]) => (++calls === at ? killed() : work(...given)) : work
    },
  })
}

const killed = async () => {
  throw new Error('killed')
}

const version = async () => (await room()).version

describe('a change of a room that is broken off', () => {
  const lists = { members: ['user:ana', 'user:cem'], managers: ['user:ana', 'user:cem'] }
  const change = async () => ({ roomId: 'r', version: await version(), privacy: 'secret', ...lists })

  it.each([
    ['before its settings', () => ({ ...app, rooms: dying(app.rooms, 'replace') })],
    ['between its settings and its lists', () => ({ ...app, rooms: dying(app.rooms, 'changeHolders') })],
    ['between two lists', () => ({ ...app, rooms: dying(app.rooms, 'changeHolders', 2) })],
    ['before its review', () => ({ ...app, sessions: dying(app.sessions, 'roster') })],
    ['before anyone is put out', () => ({ ...app, sessions: dying(app.sessions, 'end') })],
    ['before rights are stored', () => ({ ...app, sessions: dying(app.sessions, 'update') })],
  ])('%s is finished by the next call', async (_, broken) => {
    await seat(app, 'r', ana, 'c-ana2')
    app.roles.put('r', { role: 'presenter', principal: 'user:ana', createdAt: 1, createdBy: 'x' })
    expect(await call(broken(), updateRoom, await change(), ana)).toMatchObject({ ok: false })
    expect(await call(app, updateRoom, await change(), ana)).toMatchObject({ ok: true, room: { privacy: 'secret' } })
    expect(await room()).toMatchObject({ privacy: 'secret' })
    expect(await holders('member')).toEqual(lists.members)
    expect(await holders('manager')).toEqual(lists.managers)
    expect([...new Set(await present())]).toEqual(['ana'])
    for (const session of await app.sessions.roster('r')) expect(session.isPresenter).toBe(true)
  })

  it('leaves nothing behind where it was refused', async () => {
    const before = await room()
    const stale = { ...(await change()), version: 9 }
    expect(await call(app, updateRoom, stale, ana)).toMatchObject({
      error: { code: 'conflict', details: { version: 1 } },
    })
    const outside = { ...(await change()), managers: ['user:ana', 'user:dan'] }
    app.categories.put(categoryOf('c', { denied: ['user:dan'] }))
    expect(await call(app, updateRoom, outside, ana)).toMatchObject({ error: { code: 'not_in_scope' } })
    expect(await room()).toEqual(before)
    expect(await holders('member')).toEqual(['user:ana', 'user:ben'])
    expect(await present()).toEqual(['ana', 'ben'])
  })

  it('that lost the race after it had read the room is refused with the version that won', async () => {
    const rooms = dying(app.rooms, 'replace', 99)
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

describe('a list that a later change replaces while it is being replaced', () => {
  it('is the later one, whole', async () => {
    const first = { roomId: 'r', version: 1, members: ['user:ana', 'user:late'], managers: ['user:ana', 'user:late'] }
    const second = { roomId: 'r', version: 2, members: ['user:ana', 'user:cem'] }
    const overtaken = {
      ...app,
      rooms: new Proxy(dying(app.rooms, 'changeHolders', 99), {
        get: (target, name) =>
          name === 'changeHolders'
            ? async (...given: Parameters<typeof app.rooms.changeHolders>) => {
                if (given[1] === 'member') expect(await call(app, updateRoom, second, root)).toMatchObject({ ok: true })
                return app.rooms.changeHolders(...given)
              }
            : Reflect.get(target, name),
      }),
    }
    expect(await call(overtaken, updateRoom, first, ana)).toMatchObject({ ok: true, room: { version: 2 } })
    expect(await holders('member')).toEqual(second.members)
    expect(await holders('manager')).toEqual(first.managers)
  })
})

describe('a move that is broken off', () => {
  beforeEach(() => app.categories.put(categoryOf('d', { allowed: ['user:ana'], creators: ['user:ana'] })))

  it.each([
    ['before the room is there', () => ({ ...app, rooms: dying(app.rooms, 'replace') })],
    ['before those are purged who drop', () => ({ ...app, roles: dying(app.roles, 'revoke') })],
    ['before its review', () => ({ ...app, sessions: dying(app.sessions, 'roster') })],
    ['before anyone is put out', () => ({ ...app, sessions: dying(app.sessions, 'end') })],
  ])('%s is finished by the next call', async (_, broken) => {
    const move = { roomId: 'r', categoryId: 'd' }
    expect(await call(broken(), moveRoom, move, ana)).toMatchObject({ ok: false })
    expect(await call(app, moveRoom, move, ana)).toMatchObject({ ok: true, room: { categoryId: 'd', version: 2 } })
    expect(await holders('member')).toEqual(['user:ana'])
    expect(await present()).toEqual(['ana'])
    expect(app.connections.pushes('c-ben')).toEqual([{ type: 'kicked', roomId: 'r', reason: 'revoked' }])
  })
})

describe('a deletion that is broken off', () => {
  it.each([
    ['before the room is hidden', () => ({ ...app, rooms: dying(app.rooms, 'remove') })],
    ['before its review', () => ({ ...app, sessions: dying(app.sessions, 'roster') })],
    ['before anyone is put out', () => ({ ...app, sessions: dying(app.sessions, 'end') })],
    ['before its grants are cleared', () => ({ ...app, rooms: dying(app.rooms, 'deleteLeftovers') })],
  ])('%s is finished by the next call', async (_, broken) => {
    expect(await call(broken(), deleteRoom, { roomId: 'r' }, root)).toMatchObject({ ok: false })
    expect(await call(app, deleteRoom, { roomId: 'r' }, root)).toMatchObject({ ok: true })
    expect(await app.rooms.find('r')).toBeUndefined()
    expect(await holders('member')).toEqual([])
    expect(await present()).toEqual([])
    expect(app.connections.pushes('c-ana')).toContainEqual({ type: 'kicked', roomId: 'r', reason: 'deleted' })
    expect(await call(app, deleteRoom, { roomId: 'r' }, root)).toMatchObject({ error: { code: 'not_found' } })
  })
})

describe('a change of a category that is broken off', () => {
  it.each([
    ['before it is stored', () => ({ ...app, categories: dying(app.categories, 'replace') })],
    ['before its rooms are looked up', () => ({ ...app, rooms: dying(app.rooms, 'inCategory') })],
    ['between two rooms', () => ({ ...app, sessions: dying(app.sessions, 'roster', 2) })],
    ['before anyone is put out', () => ({ ...app, sessions: dying(app.sessions, 'end') })],
  ])('%s is finished by the next call', async (_, broken) => {
    await furnish(app, 's', { categoryId: 'c' }, { 'user:ben': ['member'] })
    await seat(app, 's', ben, 'c-ben')
    const change = async () => ({
      categoryId: 'c',
      version: (await app.categories.find('c'))?.version,
      denied: ['user:ben'],
    })
    expect(await call(broken(), updateCategory, await change(), root)).toMatchObject({ ok: false })
    expect(await call(app, updateCategory, await change(), root)).toMatchObject({ ok: true, category: { version: 2 } })
    expect(await present()).toEqual(['ana'])
    expect(await app.sessions.roster('s')).toEqual([])
    const kicked = app.connections.pushes('c-ben').filter(({ type }) => type === 'kicked')
    expect(kicked.map(({ roomId }) => roomId).sort()).toEqual(['r', 's'])
  })

  it('puts nobody out for what concerns no rights', async () => {
    const quiet = { ...app, rooms: dying(app.rooms, 'inCategory') }
    const change = { categoryId: 'c', version: 1, description: 'x', creators: [], files: false }
    expect(await call(quiet, updateCategory, change, root)).toMatchObject({ ok: true })
    expect(await present()).toEqual(['ana', 'ben'])
  })
})

describe('a room that changes', () => {
  it('tells everyone who stays, and of those who go everyone once', async () => {
    await seat(app, 'r', ana, 'c-ana2')
    const change = { roomId: 'r', version: 1, description: 'new', members: ['user:ana'] }
    await call(app, updateRoom, change, ana)
    const told = [
      { type: 'participant', event: 'left' },
      { type: 'room', version: 2, changed: { description: { old: '', new: 'new' } } },
    ]
    expect(app.connections.pushes('c-ana')).toMatchObject(told)
    expect(app.connections.pushes('c-ana2')).toMatchObject(told)
    expect(app.connections.pushes('c-ben')).toEqual([{ type: 'kicked', roomId: 'r', reason: 'revoked' }])
  })

  it('keeps what is there of people whom nobody named twice over', async () => {
    const twice = ['user:ana', 'user:ana', 'user:ben']
    expect(await call(app, updateRoom, { roomId: 'r', version: 1, members: twice }, ana)).toMatchObject({
      ok: true,
      room: { version: 1 },
    })
    expect(await holders('member')).toEqual(['user:ana', 'user:ben'])
  })

  it('is nobody’s to change who is only its member, or of another category', async () => {
    for (const somebody of [ben, cem]) {
      const change = { roomId: 'r', version: 1, description: 'x' }
      expect(await call(app, updateRoom, change, somebody)).toMatchObject({ error: { code: 'forbidden' } })
    }
    app.categories.put(categoryOf('c', { allowed: ['user:ben'] }))
    const change = { roomId: 'r', version: 1, description: 'x' }
    expect(await call(app, updateRoom, change, ana)).toMatchObject({ error: { code: 'not_found' } })
  })
})
