import type { Room } from '../../lambdas/domain/room.ts'
import { categoryOf, roomOf } from '../support/memory/scene.ts'
import { fresh, type Stores } from './ports.ts'

/** What every RoomStore promises. */
export function roomContract(stores: () => Stores): void {
  const rooms = () => stores().rooms

  const newRoom = (settings: Partial<Room> = {}): Room => {
    const roomId = fresh('room')
    return roomOf(roomId, { name: `Name of ${roomId}`, ...settings })
  }

  async function nothingIsLeftOf({ roomId, name, createdBy }: Room): Promise<void> {
    expect(await rooms().find(roomId)).toBeUndefined()
    expect(await rooms().named(name)).not.toBe(roomId)
    expect(await stores().roles.held(roomId, [`user:${createdBy}`])).toEqual({ room: undefined, roles: [] })
    expect(await stores().messages.head(roomId)).toBeUndefined()
  }

  it('gives back a room as it was created, with every setting', async () => {
    await stores().putCategory(categoryOf('other'))
    for (const room of [
      newRoom(),
      newRoom({ description: 'Zwölf 😀\n"quoted"', privacy: 'secret', auditorium: true, invitations: 'off' }),
      newRoom({ privacy: 'open', disabled: true, version: 7, categoryId: 'other', updatedBy: 'else', updatedAt: 5 }),
    ]) {
      expect(await rooms().create(room, undefined)).toBe('created')
      expect(await rooms().find(room.roomId)).toEqual(room)
      expect(await rooms().named(room.name)).toBe(room.roomId)
    }
  })

  it('finds no room that was never created', async () => {
    expect(await rooms().find(fresh('room'))).toBeUndefined()
    expect(await rooms().named(fresh('name'))).toBeUndefined()
  })

  it('makes the creator its manager and opens its empty log', async () => {
    const room = newRoom({ createdBy: 'ana' })
    await rooms().create(room, undefined)
    expect(await stores().roles.held(room.roomId, ['user:ana', 'everyone'])).toEqual({ room, roles: ['manager'] })
    expect(await stores().roles.list(room.roomId, undefined, undefined)).toEqual({
      grants: [{ role: 'manager', principal: 'user:ana', createdAt: room.createdAt, createdBy: 'ana' }],
    })
    expect(await stores().messages.head(room.roomId)).toEqual({ seq: 0, sentAt: room.createdAt })
    expect(await stores().messages.floor(room.roomId)).toBe(1)
  })

  it.each([
    ['another case', 'Kaffee Küche', 'KAFFEE KÜCHE'],
    ['wide letters', 'Lobby', 'Ｌｏｂｂｙ'],
    ['composed otherwise', 'Caf\u00e9', 'Cafe\u0301'],
    ['invisible characters', 'Annex', 'An\u00adnex'],
    ['spaces around and doubled', 'Main Hall', '  Main \t Hall '],
  ])('takes a name once: %s is the same name', async (_, name, variant) => {
    const mark = fresh(' nr')
    const first = newRoom({ name: name + mark })
    const second = newRoom({ name: variant + mark })
    await rooms().create(first, undefined)
    expect(await rooms().named(second.name)).toBe(first.roomId)
    expect(await rooms().create(second, undefined)).toBe('name_taken')
    expect(await rooms().find(first.roomId)).toEqual(first)
    await nothingIsLeftOf(second)
  })

  it('gives a name that twenty want at once to exactly one, and leaves nothing of the others', async () => {
    const name = fresh('Wanted name')
    const wanted = Array.from({ length: 20 }, () => newRoom({ name }))
    const outcomes = await Promise.all(wanted.map((room) => rooms().create(room, undefined)))
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'name_taken')).toHaveLength(19)
    const winner = wanted[outcomes.indexOf('created')]
    expect(await rooms().named(name)).toBe(winner?.roomId)
    for (const loser of wanted.filter((room) => room !== winner)) await nothingIsLeftOf(loser)
  })

  it('answers a repeated wish with the room that it made first', async () => {
    const wish = fresh('wish')
    const first = newRoom()
    const repeated = newRoom({ name: first.name })
    expect(await rooms().create(first, wish)).toBe('created')
    expect(await rooms().create(repeated, wish)).toEqual(first)
    await nothingIsLeftOf(repeated)
  })

  it('answers a repeated wish with the first room even under another name', async () => {
    const wish = fresh('wish')
    const first = newRoom()
    const repeated = newRoom()
    await rooms().create(first, wish)
    expect(await rooms().create(repeated, wish)).toEqual(first)
    await nothingIsLeftOf(repeated)
  })

  it('answers simultaneous repetitions of a wish with one room', async () => {
    const wish = fresh('wish')
    const name = fresh('Repeated')
    const wanted = Array.from({ length: 5 }, () => newRoom({ name }))
    const outcomes = await Promise.all(wanted.map((room) => rooms().create(room, wish)))
    const made = wanted[outcomes.indexOf('created')]
    expect(outcomes.filter((outcome) => outcome !== 'created')).toEqual(Array(4).fill(made))
  })

  it('keeps wishes of different people apart', async () => {
    const wish = fresh('wish')
    expect(await rooms().create(newRoom({ createdBy: 'ana' }), wish)).toBe('created')
    expect(await rooms().create(newRoom({ createdBy: 'ben' }), wish)).toBe('created')
  })

  it('remembers no wish that was refused', async () => {
    const wish = fresh('wish')
    const standing = newRoom()
    await rooms().create(standing, undefined)
    expect(await rooms().create(newRoom({ name: standing.name }), wish)).toBe('name_taken')
    expect(await rooms().create(newRoom(), wish)).toBe('created')
  })

  it('takes a name of 64 characters that folds to thousands', async () => {
    const room = newRoom({ name: '\ufdfa'.repeat(64) })
    expect(await rooms().create(room, undefined)).toBe('created')
    expect(await rooms().named(room.name)).toBe(room.roomId)
  })

  it('hands out copies', async () => {
    const room = newRoom()
    await rooms().create(room, undefined)
    Object.assign((await rooms().find(room.roomId)) ?? {}, { name: 'broken' })
    Object.assign((await stores().roles.held(room.roomId, [])).room ?? {}, { name: 'broken' })
    expect(await rooms().find(room.roomId)).toEqual(room)
  })
}
