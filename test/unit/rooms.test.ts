import { loadAccess } from '../../lambdas/domain/access/access.ts'
import type { Caller } from '../../lambdas/domain/access/principals.ts'
import { foldName } from '../../lambdas/domain/names.ts'
import { roomUri } from '../../lambdas/domain/room.ts'
import { createRoom, type NewRoom, resolveRoom } from '../../lambdas/domain/rooms/rooms.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf, person } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp
const ana = person('ana', { groups: ['staff'] })

beforeEach(() => {
  app = memoryApp()
  app.categories.put(categoryOf('staff', { allowed: ['group:staff'], creators: ['user:ana'] }))
})

const wish: NewRoom = {
  name: 'Lobby',
  categoryId: 'general',
  description: 'Come in',
  privacy: 'closed',
  auditorium: false,
  invitations: 'inherit',
}

const create = (caller: Caller, more: Partial<NewRoom> = {}) =>
  createRoom(app, caller, { ...wish, ...more }, app.newId(), app.clock.now())

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

  it('that differ otherwise are different', () => {
    const names = ['lobby', 'lobby 2', 'hobby', 'lob by', 'löbby', '大厅', '😀']
    expect(new Set(names.map(foldName)).size).toBe(names.length)
  })
})

describe('creating a room', () => {
  it('makes the creator its manager, not its member', async () => {
    const room = await create(ana)
    expect(room).toMatchObject({ ...wish, disabled: false, version: 1, createdBy: 'ana', updatedBy: 'ana' })
    expect(room.createdAt).toBe(app.clock.now())
    expect(await loadAccess(app, room.roomId, ana)).toMatchObject({
      roles: ['manager'],
      permissions: ['manage', 'view'],
    })
  })

  it('is refused in a category that is not there', async () => {
    expect(await refusal(create(ana, { categoryId: 'none' }))).toMatchObject({
      code: 'not_found',
      details: { field: 'categoryId' },
    })
  })

  it('is for creators of the category who are in its scope, and for administrators', async () => {
    const inStaff = { categoryId: 'staff' }
    expect((await refusal(create(person('ben', { groups: ['staff'] }), inStaff))).code).toBe('forbidden')
    expect((await refusal(create(person('ana'), inStaff))).code).toBe('not_found')
    expect(await app.rooms.named('Lobby')).toBeUndefined()
    expect((await create(ana, inStaff)).categoryId).toBe('staff')
    expect((await create(person('root', { admin: true }), { ...inStaff, name: 'Other' })).createdBy).toBe('root')
  })

  it('is refused under a name that another room has', async () => {
    await create(ana)
    expect((await refusal(create(person('ben'), { name: 'ＬＯＢＢＹ' }))).code).toBe('duplicate_name')
  })

  it('that is repeated with its own id answers the first room', async () => {
    const first = await create(ana, { clientRoomId: 'mine' })
    expect(await create(ana, { clientRoomId: 'mine' })).toEqual(first)
    expect((await refusal(create(person('ben'), { clientRoomId: 'mine' }))).code).toBe('duplicate_name')
  })

  it('keeps the id of the wish out of the room', async () => {
    expect(await create(ana, { clientRoomId: 'mine' })).not.toHaveProperty('clientRoomId')
  })
})

describe('a room', () => {
  const find = (reference: Parameters<typeof resolveRoom>[2]) => resolveRoom(app.rooms, 'chat.test', reference)

  it('is found by its id, its address and its name', async () => {
    const { roomId } = await create(ana)
    expect(await find({ roomId })).toBe(roomId)
    expect(await find({ roomUri: roomUri('chat.test', roomId) })).toBe(roomId)
    expect(await find({ roomName: ' lobby' })).toBe(roomId)
  })

  it.each([{ roomName: 'nothing' }, { roomUri: 'chat://elsewhere.test/id-1' }, { roomUri: 'chat://chat.test.evil/x' }])(
    'is not found by %p',
    async (reference) => {
      await create(ana)
      expect((await refusal(find(reference))).code).toBe('not_found')
    },
  )
})
