import { loadAccess } from '../../lambdas/domain/access/access.ts'
import type { Caller } from '../../lambdas/domain/access/principals.ts'
import { foldName } from '../../lambdas/domain/names.ts'
import { roomUri } from '../../lambdas/domain/room.ts'
import { createRoom, type NewRoom, resolveRoom } from '../../lambdas/domain/rooms/rooms.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf, person } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp
const ana = person('ana', { groups: ['staff'] })

beforeEach(() => {
  app = memoryApp()
  app.categories.put(categoryOf('staff', { allowed: ['group:staff'], creators: ['user:ana'] }))
})

const defaults: NewRoom = {
  name: 'Lobby',
  categoryId: 'general',
  description: 'Come in',
  privacy: 'closed',
  auditorium: false,
  invitations: 'inherit',
}

const create = (caller: Caller, more: Partial<NewRoom> = {}) =>
  createRoom(app, caller, { ...defaults, ...more }, app.newId(), app.clock.now())

describe('names', () => {
  it.each([
    ['case', 'LOBBY', 'lobby'],
    ['case beyond ASCII', 'ÄÖÜ', 'äöü'],
    ['width', 'Ｌｏｂｂｙ', 'Lobby'],
    ['composition', 'Cafe\u0301', 'Caf\u00e9'],
    ['ligatures', 'ofﬁce', 'office'],
    ['soft hyphens', 'lob\u00adby', 'lobby'],
    ['joiners', 'lob\u200dby', 'lobby'],
    ['spaces at the ends', '  lobby ', 'lobby'],
    ['spaces between', 'main \u00a0 hall', 'main hall'],
  ])('that differ only in %s are the same', (_, one, two) => {
    expect(foldName(one)).toBe(foldName(two))
  })

  it('that differ in other ways are different', () => {
    const names = ['lobby', 'lobby 2', 'hobby', 'lob by', 'löbby', '大厅', '😀']
    expect(new Set(names.map(foldName)).size).toBe(names.length)
  })
})

describe('the creation of a room', () => {
  it('makes the creator a manager, not a member', async () => {
    const room = await create(ana)
    expect(room).toMatchObject({ ...defaults, disabled: false, version: 1, createdBy: 'ana', updatedBy: 'ana' })
    expect(room.createdAt).toBe(app.clock.now())
    expect(await loadAccess(app, room.roomId, ana)).toMatchObject({
      roles: ['manager'],
      permissions: ['manage', 'view'],
    })
  })

  it('is refused in a category that does not exist', async () => {
    expect(await refusal(create(ana, { categoryId: 'none' }))).toMatchObject({
      code: 'not_found',
      details: { field: 'categoryId' },
    })
  })

  it('is allowed to creators of the category in its scope and to administrators', async () => {
    const inStaff = { categoryId: 'staff' }
    expect((await refusal(create(person('ben', { groups: ['staff'] }), inStaff))).code).toBe('forbidden')
    expect((await refusal(create(person('ana'), inStaff))).code).toBe('not_found')
    expect(await app.rooms.named('Lobby')).toBeUndefined()
    expect((await create(ana, inStaff)).categoryId).toBe('staff')
    expect((await create(person('root', { admin: true }), { ...inStaff, name: 'Other' })).createdBy).toBe('root')
  })

  it('is refused with the name of another room', async () => {
    await create(ana)
    expect((await refusal(create(person('ben'), { name: 'ＬＯＢＢＹ' }))).code).toBe('duplicate_name')
  })

  it('returns the first room if it is repeated with the same `clientRoomId`', async () => {
    const first = await create(ana, { clientRoomId: 'mine' })
    expect(await create(ana, { clientRoomId: 'mine' })).toEqual(first)
    expect((await refusal(create(person('ben'), { clientRoomId: 'mine' }))).code).toBe('duplicate_name')
  })

  it('does not return the first room to a caller who may not see it any more', async () => {
    const { roomId } = await create(ana, { clientRoomId: 'mine', privacy: 'secret' })
    await app.roles.revoke(roomId, 'manager', ['user:ana'])
    const hidden = await refusal(create(ana, { clientRoomId: 'mine' }))
    expect(hidden.code).toBe('not_found')
    const room = await app.rooms.find(roomId)
    if (room) await app.rooms.remove(room)
    // Whether the room is deleted or hidden is told to nobody.
    expect(await refusal(create(ana, { clientRoomId: 'mine' }))).toEqual(hidden)
  })

  it('does not store the `clientRoomId` in the room', async () => {
    expect(await create(ana, { clientRoomId: 'mine' })).not.toHaveProperty('clientRoomId')
  })
})

describe('a room', () => {
  const find = (reference: Parameters<typeof resolveRoom>[2]) => resolveRoom(app.rooms, 'chat.test', reference)

  it('is found by its id, its URI and its name', async () => {
    const { roomId } = await create(ana)
    expect(await find({ roomId })).toBe(roomId)
    expect(await find({ roomUri: roomUri('chat.test', roomId) })).toBe(roomId)
    expect(await find({ roomName: ' lobby' })).toBe(roomId)
  })

  it('that no name names has the id of no room', async () => {
    expect(await find({ roomName: 'nothing' })).toBe('')
    expect(await loadAccess(app, '', ana)).toBeUndefined()
  })

  it.each([{ roomUri: 'chat://elsewhere.test/id-1' }, { roomUri: 'chat://chat.test.evil/x' }])(
    'is not found by %p',
    async (reference) => {
      await create(ana)
      expect((await refusal(find(reference))).code).toBe('not_found')
    },
  )
})
