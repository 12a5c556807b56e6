import type { Room } from '../../lambdas/domain/room.ts'
import { categoryOf, roomOf } from '../support/memory/fixtures.ts'
import { fresh, type Stores } from './ports.ts'

/** The behaviour of every RoomStore. */
export function roomContract(stores: () => Stores): void {
  const rooms = () => stores().rooms

  const newRoom = (settings: Partial<Room> = {}): Room => {
    const roomId = fresh('room')
    return roomOf(roomId, { name: `Name of ${roomId}`, ...settings })
  }

  async function expectNothingStored({ roomId, name, createdBy }: Room): Promise<void> {
    expect(await rooms().find(roomId)).toBeUndefined()
    expect(await rooms().named(name)).not.toBe(roomId)
    expect(await stores().roles.held(roomId, [`user:${createdBy}`])).toEqual({ room: undefined, roles: [] })
    expect(await stores().messages.head(roomId)).toBeUndefined()
  }

  it('returns a room with every setting of its creation', async () => {
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

  it('does not find a room that was never created', async () => {
    expect(await rooms().find(fresh('room'))).toBeUndefined()
    expect(await rooms().named(fresh('name'))).toBeUndefined()
  })

  it('makes the creator a manager and creates an empty log', async () => {
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
    ['full-width letters', 'Lobby', 'Ｌｏｂｂｙ'],
    ['another Unicode composition', 'Caf\u00e9', 'Cafe\u0301'],
    ['invisible characters', 'Annex', 'An\u00adnex'],
    ['extra spaces', 'Main Hall', '  Main \t Hall '],
  ])('treats a name with %s as the same name', async (_, name, variant) => {
    const mark = fresh(' nr')
    const first = newRoom({ name: name + mark })
    const second = newRoom({ name: variant + mark })
    await rooms().create(first, undefined)
    expect(await rooms().named(second.name)).toBe(first.roomId)
    expect(await rooms().create(second, undefined)).toBe('name_taken')
    expect(await rooms().find(first.roomId)).toEqual(first)
    await expectNothingStored(second)
  })

  it('creates exactly one of twenty rooms with the same name, and stores nothing of the others', async () => {
    const name = fresh('Wanted name')
    const wanted = Array.from({ length: 20 }, () => newRoom({ name }))
    const outcomes = await Promise.all(wanted.map((room) => rooms().create(room, undefined)))
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'name_taken')).toHaveLength(19)
    const winner = wanted[outcomes.indexOf('created')]
    expect(await rooms().named(name)).toBe(winner?.roomId)
    for (const loser of wanted.filter((room) => room !== winner)) await expectNothingStored(loser)
  })

  it('returns the first room for a repeated creation request', async () => {
    const request = fresh('request')
    const first = newRoom()
    const repeated = newRoom({ name: first.name })
    expect(await rooms().create(first, request)).toBe('created')
    expect(await rooms().create(repeated, request)).toEqual(first)
    await expectNothingStored(repeated)
  })

  it('returns the first room for a repeated creation request with another name', async () => {
    const request = fresh('request')
    const first = newRoom()
    const repeated = newRoom()
    await rooms().create(first, request)
    expect(await rooms().create(repeated, request)).toEqual(first)
    await expectNothingStored(repeated)
  })

  it('creates one room for concurrent repetitions of a creation request', async () => {
    const request = fresh('request')
    const name = fresh('Repeated')
    const wanted = Array.from({ length: 5 }, () => newRoom({ name }))
    const outcomes = await Promise.all(wanted.map((room) => rooms().create(room, request)))
    const made = wanted[outcomes.indexOf('created')]
    expect(outcomes.filter((outcome) => outcome !== 'created')).toEqual(Array(4).fill(made))
  })

  it('finds the room that a user made with a request', async () => {
    const [request, other] = [fresh('request'), fresh('request')]
    const room = newRoom({ createdBy: 'ana' })
    expect(await rooms().madeWith('ana', request)).toBeUndefined()
    await rooms().create(room, request)
    expect(await rooms().madeWith('ana', request)).toEqual(room)
    expect(await rooms().madeWith('ben', request)).toBeUndefined()
    expect(await rooms().madeWith('ana', other)).toBeUndefined()
    await rooms().remove(room)
    expect(await rooms().madeWith('ana', request)).toBe('deleted')
  })

  it('counts the rooms that a user made and manages, and not those that others gave', async () => {
    const [user, other] = [fresh('user'), fresh('user')]
    const [first, second, given] = [newRoom({ createdBy: user }), newRoom({ createdBy: user }), newRoom()]
    for (const room of [first, second, given]) await rooms().create(room, undefined)
    const grants = (role: 'manager' | 'member') => [{ role, principal: `user:${user}`, createdAt: 1, createdBy: other }]
    await stores().roles.grant(given.roomId, grants('manager'))
    await stores().roles.grant(given.roomId, grants('member'))
    expect(await rooms().ownsAtLeast(user, 2)).toBe(true)
    expect(await rooms().ownsAtLeast(user, 3)).toBe(false)
    expect(await rooms().ownsAtLeast(other, 1)).toBe(false)
    await stores().roles.revoke(first.roomId, 'manager', [`user:${user}`])
    expect(await rooms().ownsAtLeast(user, 2)).toBe(false)
  })

  it('does not mix up equal creation requests of different users', async () => {
    const request = fresh('request')
    expect(await rooms().create(newRoom({ createdBy: 'ana' }), request)).toBe('created')
    expect(await rooms().create(newRoom({ createdBy: 'ben' }), request)).toBe('created')
  })

  it('does not remember a refused creation request', async () => {
    const request = fresh('request')
    const existing = newRoom()
    await rooms().create(existing, undefined)
    expect(await rooms().create(newRoom({ name: existing.name }), request)).toBe('name_taken')
    expect(await rooms().create(newRoom(), request)).toBe('created')
  })

  it('accepts a name of 64 characters that becomes thousands when folded', async () => {
    const room = newRoom({ name: '\ufdfa'.repeat(64) })
    expect(await rooms().create(room, undefined)).toBe('created')
    expect(await rooms().named(room.name)).toBe(room.roomId)
  })

  it('returns copies', async () => {
    const room = newRoom()
    await rooms().create(room, undefined)
    Object.assign((await rooms().find(room.roomId)) ?? {}, { name: 'broken' })
    Object.assign((await stores().roles.held(room.roomId, [])).room ?? {}, { name: 'broken' })
    expect(await rooms().find(room.roomId)).toEqual(room)
  })
}
