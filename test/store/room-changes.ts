import type { Grant, Role } from '../../lambdas/domain/access/roles.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import { categoryOf, roomOf } from '../support/memory/scene.ts'
import { fresh, type Stores } from './ports.ts'

/** What every RoomStore promises of a room after its creation. */
export function roomLifeContract(stores: () => Stores): void {
  const rooms = () => stores().rooms

  async function created(settings: Partial<Room> = {}): Promise<Room> {
    const roomId = fresh('room')
    const room = roomOf(roomId, { name: `Life of ${roomId}`, ...settings })
    expect(await rooms().create(room, undefined)).toBe('created')
    return room
  }

  const next = (room: Room, settings: Partial<Room> = {}): Room => ({ ...room, version: room.version + 1, ...settings })

  const grants = (role: Role, ...principals: string[]): Grant[] =>
    principals.map((principal) => ({ role, principal, createdAt: 3, createdBy: 'ana' }))

  const holders = async (roomId: string, role: Role) =>
    (await stores().roles.list(roomId, role, undefined)).grants.map(({ principal }) => principal)

  describe('replacing', () => {
    it('stores every setting of the next version', async () => {
      const before = await created()
      const settings = { description: 'Zwölf 😀', privacy: 'secret', auditorium: true, disabled: true } as const
      const after = next(before, { ...settings, invitations: 'off', updatedAt: 5, updatedBy: 'ben' })
      expect(await rooms().replace(before, after)).toBe('replaced')
      expect(await rooms().find(before.roomId)).toEqual(after)
    })

    it('is for exactly one of many who read the same version', async () => {
      const before = await created()
      const wanted = Array.from({ length: 6 }, (_, nr) => next(before, { description: `By ${nr}` }))
      const outcomes = await Promise.all(wanted.map((after) => rooms().replace(before, after)))
      expect(outcomes.toSorted()).toEqual(['replaced', 'stale', 'stale', 'stale', 'stale', 'stale'])
      expect(await rooms().find(before.roomId)).toEqual(wanted[outcomes.indexOf('replaced')])
    })

    it('frees the old name with the new one', async () => {
      const before = await created()
      const after = next(before, { name: fresh('Renamed') })
      expect(await rooms().replace(before, after)).toBe('replaced')
      expect(await rooms().named(after.name)).toBe(before.roomId)
      expect(await rooms().named(before.name)).toBeUndefined()
      await created({ name: before.name })
    })

    it('changes only the case of a name', async () => {
      const before = await created()
      const after = next(before, { name: before.name.toUpperCase() })
      expect(await rooms().replace(before, after)).toBe('replaced')
      expect(await rooms().named(before.name)).toBe(before.roomId)
      expect((await rooms().find(before.roomId))?.name).toBe(after.name)
    })

    it('takes no name of another room, and stores nothing else of that change either', async () => {
      const other = await created()
      const before = await created()
      expect(await rooms().replace(before, next(before, { name: other.name, privacy: 'open' }))).toBe('name_taken')
      expect(await rooms().find(before.roomId)).toEqual(before)
      expect(await rooms().named(before.name)).toBe(before.roomId)
    })

    it('gives a name that many rooms change to at once to exactly one', async () => {
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

    it('lets two rooms not swap their names at once, and loses neither name', async () => {
      const [one, two] = [await created(), await created()]
      const outcomes = await Promise.all([
        rooms().replace(one, next(one, { name: two.name })),
        rooms().replace(two, next(two, { name: one.name })),
      ])
      expect(outcomes).toEqual(['name_taken', 'name_taken'])
      expect(await rooms().named(one.name)).toBe(one.roomId)
      expect(await rooms().named(two.name)).toBe(two.roomId)
    })

    it('moves a room to a category that is there, and to no other', async () => {
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

    it('brings nothing back', async () => {
      const room = await created()
      await rooms().remove(room)
      expect(await rooms().replace(room, next(room))).toBe('stale')
      expect(await rooms().find(room.roomId)).toBeUndefined()
    })
  })

  describe('amending a list', () => {
    it('gives and takes a role, of more people than one transaction holds', async () => {
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

    it('does nothing once a later version replaces the same list', async () => {
      const before = await created()
      const after = next(before)
      await rooms().replace(before, after, ['member', 'manager'])
      await rooms().replace(after, next(after), ['member'])
      await rooms().changeHolders(after, 'member', grants('member', 'user:late'), [])
      expect(await holders(before.roomId, 'member')).toEqual([])
      await rooms().changeHolders(after, 'manager', grants('manager', 'user:ana'), [])
      expect(await holders(before.roomId, 'manager')).toEqual(['user:ana', 'user:maker'])
    })

    it('goes on when a later version changes something else', async () => {
      const before = await created()
      const after = next(before)
      await rooms().replace(before, after, ['member'])
      await rooms().replace(after, next(after, { description: 'Else' }))
      await rooms().changeHolders(after, 'member', grants('member', 'user:ana'), [])
      expect(await holders(before.roomId, 'member')).toEqual(['user:ana'])
    })

    it('does nothing in a room that was removed', async () => {
      const before = await created()
      const after = next(before)
      await rooms().replace(before, after, ['member'])
      await rooms().remove(after)
      await rooms().changeHolders(after, 'member', grants('member', 'user:ana'), [])
      expect(await holders(before.roomId, 'member')).toEqual([])
    })
  })

  describe('removing', () => {
    it('hides the room at once and frees its name, before anything is cleared', async () => {
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

    it('is refused under a version that is not the present one', async () => {
      const room = await created()
      await rooms().replace(room, next(room))
      expect(await rooms().remove(room)).toBe('stale')
      expect(await rooms().remove(next(room))).toBe('removed')
    })

    it('clears every grant and then forgets the room, however often it is repeated', async () => {
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

    it('leaves the log, so its id can never make another room', async () => {
      const room = await created()
      await rooms().remove(room)
      await rooms().deleteLeftovers(room.roomId)
      expect(await stores().messages.head(room.roomId)).toMatchObject({ seq: 0 })
      await expect(rooms().create({ ...room, name: fresh('Again') }, undefined)).rejects.toThrow()
      expect(await rooms().find(room.roomId)).toBeUndefined()
    })

    it('tells a repeated wish that its room was deleted', async () => {
      const wish = fresh('wish')
      const room = roomOf(fresh('room'), { name: fresh('Wished') })
      await rooms().create(room, wish)
      await rooms().remove(room)
      expect(await rooms().create(roomOf(fresh('room'), { name: room.name }), wish)).toBe('deleted')
    })
  })

  it('creates nothing in a category that is not there', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Homeless'), categoryId: fresh('nowhere') })
    expect(await rooms().create(room, fresh('wish'))).toBe('no_category')
    expect(await rooms().find(room.roomId)).toBeUndefined()
    expect(await rooms().named(room.name)).toBeUndefined()
  })
}
