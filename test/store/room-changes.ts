import type { Grant, Role } from '../../lambdas/domain/access/roles.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import { categoryOf, roomOf } from '../support/memory/fixtures.ts'
import { fresh, type Stores } from './ports.ts'

/** The behaviour of every RoomStore after the creation of a room. */
export function roomChangeContract(stores: () => Stores): void {
  const rooms = () => stores().rooms

  async function created(settings: Partial<Room> = {}): Promise<Room> {
    const roomId = fresh('room')
    const room = roomOf(roomId, { name: `Changing ${roomId}`, ...settings })
    expect(await rooms().create(room, undefined)).toBe('created')
    return room
  }

  const next = (room: Room, settings: Partial<Room> = {}): Room => ({ ...room, version: room.version + 1, ...settings })

  const grants = (role: Role, ...principals: string[]): Grant[] =>
    principals.map((principal) => ({ role, principal, createdAt: 3, createdBy: 'ana' }))

  const holders = async (roomId: string, role: Role) =>
    (await stores().roles.list(roomId, role, undefined)).grants.map(({ principal }) => principal)

  describe('a change', () => {
    it('stores every setting of the next version', async () => {
      const before = await created()
      const settings = { description: 'Zwölf 😀', privacy: 'secret', auditorium: true, disabled: true } as const
      const after = next(before, { ...settings, invitations: 'off', updatedAt: 5, updatedBy: 'ben' })
      expect(await rooms().replace(before, after)).toBe('replaced')
      expect(await rooms().find(before.roomId)).toEqual(after)
    })

    it('succeeds for exactly one of many concurrent callers with the same version', async () => {
      const before = await created()
      const wanted = Array.from({ length: 6 }, (_, nr) => next(before, { description: `By ${nr}` }))
      const outcomes = await Promise.all(wanted.map((after) => rooms().replace(before, after)))
      expect(outcomes.toSorted()).toEqual(['replaced', 'stale', 'stale', 'stale', 'stale', 'stale'])
      expect(await rooms().find(before.roomId)).toEqual(wanted[outcomes.indexOf('replaced')])
    })

    it('frees the old name after a rename', async () => {
      const before = await created()
      const after = next(before, { name: fresh('Renamed') })
      expect(await rooms().replace(before, after)).toBe('replaced')
      expect(await rooms().named(after.name)).toBe(before.roomId)
      expect(await rooms().named(before.name)).toBeUndefined()
      await created({ name: before.name })
    })

    it('can change only the case of a name', async () => {
      const before = await created()
      const after = next(before, { name: before.name.toUpperCase() })
      expect(await rooms().replace(before, after)).toBe('replaced')
      expect(await rooms().named(before.name)).toBe(before.roomId)
      expect((await rooms().find(before.roomId))?.name).toBe(after.name)
    })

    it('is rejected completely if another room has the new name', async () => {
      const other = await created()
      const before = await created()
      expect(await rooms().replace(before, next(before, { name: other.name, privacy: 'open' }))).toBe('name_taken')
      expect(await rooms().find(before.roomId)).toEqual(before)
      expect(await rooms().named(before.name)).toBe(before.roomId)
    })

    it('gives a name to exactly one of many rooms that are renamed to it at once', async () => {
      const name = fresh('Wanted by change')
      const some = await Promise.all(Array.from({ length: 6 }, () => created()))
      const outcomes = await Promise.all(some.map((room) => rooms().replace(room, next(room, { name }))))
      expect(outcomes.filter((outcome) => outcome === 'replaced')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'name_taken')).toHaveLength(5)
      expect(await rooms().named(name)).toBe(some[outcomes.indexOf('replaced')]?.roomId)
      for (const [at, room] of some.entries()) {
        expect((await rooms().named(room.name)) === room.roomId).toBe(outcomes[at] === 'name_taken')
      }
    })

    it('cannot swap the names of two rooms, which keep their names', async () => {
      const [one, two] = [await created(), await created()]
      const outcomes = await Promise.all([
        rooms().replace(one, next(one, { name: two.name })),
        rooms().replace(two, next(two, { name: one.name })),
      ])
      expect(outcomes).toEqual(['name_taken', 'name_taken'])
      expect(await rooms().named(one.name)).toBe(one.roomId)
      expect(await rooms().named(two.name)).toBe(two.roomId)
    })

    it('moves a room only to a category that exists', async () => {
      const category = categoryOf(fresh('category'))
      await stores().putCategory(category)
      const before = await created()
      const after = next(before, { categoryId: category.categoryId })
      expect(await rooms().replace(before, next(before, { categoryId: fresh('nowhere') }))).toBe('no_category')
      expect(await rooms().find(before.roomId)).toEqual(before)
      expect(await rooms().replace(before, after)).toBe('replaced')
      expect(await rooms().find(before.roomId)).toEqual(after)
      expect(await rooms().inCategory(category.categoryId)).toEqual([before.roomId])
    })

    it('does not restore a removed room', async () => {
      const room = await created()
      await rooms().remove(room)
      expect(await rooms().replace(room, next(room))).toBe('stale')
      expect(await rooms().find(room.roomId)).toBeUndefined()
    })
  })

  describe('a change of the holders of a role', () => {
    it('grants and revokes the role of more users than fit in one transaction', async () => {
      const before = await created()
      const after = next(before)
      await rooms().replace(before, after, ['member'])
      const many = Array.from({ length: 99 }, (_, nr) => `user:${String(nr).padStart(3, '0')}`)
      await rooms().changeHolders(after, 'member', grants('member', ...many, 'group:ops'), [])
      expect((await stores().roles.held(before.roomId, ['user:000'])).roles).toEqual(['member'])
      expect((await stores().roles.held(before.roomId, ['user:098', 'group:ops'])).roles).toEqual(['member'])
      await rooms().changeHolders(after, 'member', grants('member', 'everyone'), grants('member', ...many))
      expect(await holders(before.roomId, 'member')).toEqual(['everyone', 'group:ops'])
      expect(await holders(before.roomId, 'manager')).toEqual(['user:maker'])
    })

    it('does nothing after a later version has replaced the same list', async () => {
      const before = await created()
      const after = next(before)
      await rooms().replace(before, after, ['member', 'manager'])
      await rooms().replace(after, next(after), ['member'])
      await rooms().changeHolders(after, 'member', grants('member', 'user:late'), [])
      expect(await holders(before.roomId, 'member')).toEqual([])
      await rooms().changeHolders(after, 'manager', grants('manager', 'user:ana'), [])
      expect(await holders(before.roomId, 'manager')).toEqual(['user:ana', 'user:maker'])
    })

    it('works after a later version has changed other settings', async () => {
      const before = await created()
      const after = next(before)
      await rooms().replace(before, after, ['member'])
      await rooms().replace(after, next(after, { description: 'Else' }))
      await rooms().changeHolders(after, 'member', grants('member', 'user:ana'), [])
      expect(await holders(before.roomId, 'member')).toEqual(['user:ana'])
    })

    it('does nothing in a removed room', async () => {
      const before = await created()
      const after = next(before)
      await rooms().replace(before, after, ['member'])
      await rooms().remove(after)
      await rooms().changeHolders(after, 'member', grants('member', 'user:ana'), [])
      expect(await holders(before.roomId, 'member')).toEqual([])
    })
  })

  describe('a removal', () => {
    it('hides the room and frees its name at once, before the clean-up', async () => {
      const room = await created()
      expect(await rooms().isRemoved(room.roomId)).toBe(false)
      expect(await rooms().remove(room)).toBe('removed')
      expect(await rooms().find(room.roomId)).toBeUndefined()
      expect((await stores().roles.held(room.roomId, ['user:maker'])).room).toBeUndefined()
      expect(await rooms().named(room.name)).toBeUndefined()
      expect(await rooms().inCategory(room.categoryId)).not.toContain(room.roomId)
      expect(await rooms().isRemoved(room.roomId)).toBe(true)
      await created({ name: room.name })
    })

    it('is rejected under an old version', async () => {
      const room = await created()
      await rooms().replace(room, next(room))
      expect(await rooms().remove(room)).toBe('stale')
      expect(await rooms().remove(next(room))).toBe('removed')
    })

    it('deletes every grant and then the mark of the removal, even if it is repeated', async () => {
      const room = await created()
      const principals = Array.from({ length: 60 }, (_, nr) => `user:${nr}`)
      await stores().roles.grant(room.roomId, grants('member', ...principals))
      const other = await created()
      await rooms().remove(room)
      await Promise.all([rooms().deleteLeftovers(room.roomId), rooms().deleteLeftovers(room.roomId)])
      expect(await stores().roles.list(room.roomId, undefined, undefined)).toEqual({ grants: [] })
      expect(await rooms().isRemoved(room.roomId)).toBe(false)
      await rooms().deleteLeftovers(room.roomId)
      expect(await holders(other.roomId, 'manager')).toEqual(['user:maker'])
    })

    it('keeps the log, so that no other room can get the same id', async () => {
      const room = await created()
      await rooms().remove(room)
      await rooms().deleteLeftovers(room.roomId)
      expect(await stores().messages.head(room.roomId)).toMatchObject({ seq: 0 })
      await expect(rooms().create({ ...room, name: fresh('Again') }, undefined)).rejects.toThrow()
      expect(await rooms().find(room.roomId)).toBeUndefined()
    })

    it('returns "deleted" for a repeated creation request of that room', async () => {
      const request = fresh('request')
      const room = roomOf(fresh('room'), { name: fresh('Requested') })
      await rooms().create(room, request)
      await rooms().remove(room)
      expect(await rooms().create(roomOf(fresh('room'), { name: room.name }), request)).toBe('deleted')
    })
  })

  it('creates nothing in a category that does not exist', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Without category'), categoryId: fresh('nowhere') })
    expect(await rooms().create(room, fresh('request'))).toBe('no_category')
    expect(await rooms().find(room.roomId)).toBeUndefined()
    expect(await rooms().named(room.name)).toBeUndefined()
  })
}
