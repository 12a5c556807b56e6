import type { HeldRole } from '../../lambdas/domain/access/roles.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import { idBetween } from '../../lambdas/domain/rooms/sorted-streams.ts'
import { categoryOf, roomOf } from '../support/memory/fixtures.ts'
import { open, sessionOf } from './fixtures.ts'
import { fresh, type Stores } from './ports.ts'

/** The behaviour of every DirectoryStore. */
export function directoryContract(stores: () => Stores): void {
  const directory = () => stores().directory

  async function roomIn(categoryId: string, settings: Partial<Room> = {}): Promise<Room> {
    const roomId = fresh('room')
    const room = roomOf(roomId, { name: `Name of ${roomId}`, categoryId, ...settings })
    expect(await stores().rooms.create(room, undefined)).toBe('created')
    return room
  }

  async function aCategory(): Promise<string> {
    const categoryId = fresh('category')
    await stores().putCategory(categoryOf(categoryId, { name: categoryId }))
    return categoryId
  }

  const grant = (roomId: string, role: HeldRole['role'], principal: string) =>
    stores().roles.grant(roomId, [{ role, principal, createdAt: 1, createdBy: 'maker' }])

  const sorted = (rooms: Room[]) => [...rooms].sort((a, b) => (a.roomId < b.roomId ? -1 : 1))

  it('lists the rooms of a category by id, with any page size', async () => {
    const [category, other] = [await aCategory(), await aCategory()]
    await roomIn(other)
    const rooms: Room[] = []
    for (const description of ['Zwölf 😀\n"quoted"', '', 'x', '', '']) {
      rooms.push(await roomIn(category, { description, privacy: 'secret', auditorium: true }))
    }
    for (const readAhead of [1, 2, 5, 100]) {
      expect(await all(directory().inCategory(category, '', readAhead))).toEqual(sorted(rooms))
    }
    expect(await all(directory().inCategory(fresh('category'), '', 10))).toEqual([])
  })

  it('starts at any id in a category, even if no room has this id', async () => {
    const category = await aCategory()
    const rooms = sorted([await roomIn(category), await roomIn(category), await roomIn(category)])
    const [first, second] = rooms
    if (!first || !second) throw new Error('There are three rooms.')
    expect(await all(directory().inCategory(category, second.roomId, 10))).toEqual(rooms.slice(1))
    const between = idBetween(first.roomId, second.roomId)
    expect(await all(directory().inCategory(category, between, 10))).toEqual(rooms.slice(1))
    expect(await all(directory().inCategory(category, `${rooms[2]?.roomId}~`, 10))).toEqual([])
  })

  it('finds a moved room only in its new category, with its new name', async () => {
    const [before, after] = [await aCategory(), await aCategory()]
    const room = await roomIn(before)
    const moved = { ...room, categoryId: after, name: fresh('New name'), version: 2 }
    expect(await stores().rooms.replace(room, moved)).toBe('replaced')
    expect(await all(directory().inCategory(before, '', 10))).toEqual([])
    expect(await all(directory().inCategory(after, '', 10))).toEqual([moved])
  })

  it('does not find a removed room', async () => {
    const category = await aCategory()
    const room = await roomIn(category)
    await stores().rooms.remove(room)
    expect(await all(directory().inCategory(category, '', 10))).toEqual([])
    expect(await directory().rooms([room.roomId])).toEqual([])
  })

  it('lists the held roles of one principal by room id', async () => {
    const [principal, otherPrincipal] = [`group:${fresh('g')}`, `group:${fresh('g')}`]
    const rooms = sorted([await roomIn('general'), await roomIn('general'), await roomIn('general')])
    for (const { roomId } of rooms) await grant(roomId, 'member', principal)
    const last = rooms[2]?.roomId ?? ''
    await grant(last, 'manager', principal)
    await grant(last, 'presenter', otherPrincipal)
    const held = await all(directory().holdings(principal, ''))
    expect(held.map(({ roomId }) => roomId)).toEqual([...rooms.map(({ roomId }) => roomId), last])
    expect(held.filter(({ roomId }) => roomId === last).map(({ role }) => role)).toEqual(
      expect.arrayContaining(['member', 'manager']),
    )
    expect(await all(directory().holdings(principal, rooms[1]?.roomId ?? ''))).toHaveLength(3)
    await stores().roles.revoke(last, 'manager', [principal])
    expect(await all(directory().holdings(principal, last))).toEqual([{ roomId: last, role: 'member', principal }])
  })

  it('finds which of many held roles and rooms still exist', async () => {
    const rooms: Room[] = []
    // All at once would time out on a busy machine.
    while (rooms.length < 120) rooms.push(...(await Promise.all(Array.from({ length: 10 }, () => roomIn('general')))))
    const roomIds = rooms.map(({ roomId }) => roomId)
    const [one, two] = roomIds
    if (!one || !two) throw new Error('There are many rooms.')
    const unusual = ['user:a:b', 'user:a#b', 'everyone', 'group:😀 öffentlich']
    for (const principal of unusual) await grant(one, 'member', principal)
    const existing: HeldRole[] = unusual.map((principal) => ({ roomId: one, role: 'member', principal }))
    const missing: HeldRole[] = roomIds.map((roomId) => ({ roomId, role: 'presenter', principal: 'user:a:b' }))
    const found = await directory().standing([
      ...missing,
      ...existing,
      { roomId: two, role: 'member', principal: 'user:b' },
    ])
    expect(found).toHaveLength(unusual.length)
    expect(found).toEqual(expect.arrayContaining(existing))
    const known = await directory().rooms([...roomIds, ...roomIds, fresh('room')])
    expect(sorted(known)).toEqual(sorted(rooms))
    expect(await directory().standing([])).toEqual([])
  })

  it('counts each user in a room once, up to the given number of sessions', async () => {
    const roomId = fresh('room')
    const expiresAt = Math.ceil(stores().clock.now() / 1000) + 60
    const addSession = async (user: string, until = expiresAt) => {
      const connectionId = fresh('connection')
      await stores().sessions.open({ connectionId, user, name: user, groups: [], connectedAt: 1, expiresAt: until })
      const rights = { canChat: true, isManager: false, isPresenter: false, logged: true, confirmed: true }
      await stores().sessions.join(
        { roomId, connectionId, user, name: user, joinedAt: 1, expiresAt: until, ...rights },
        100,
      )
    }
    expect(await directory().attendance(roomId, 3)).toEqual({ users: 0, more: false })
    await addSession('ana')
    await addSession('ana')
    await addSession('ben')
    expect(await directory().attendance(roomId, 3)).toEqual({ users: 2, more: false })
    await addSession('cem')
    expect(await directory().attendance(roomId, 3)).toMatchObject({ more: true })
    expect(await directory().attendance(roomId, 4)).toEqual({ users: 3, more: false })
    await addSession('service:bot')
    expect(await directory().attendance(roomId, 5)).toEqual({ users: 3, more: false })
  })

  it('returns the stored count of a large room, but counts a room that is no longer large', async () => {
    const roomId = fresh('room')
    const expiresAt = Math.ceil(stores().clock.now() / 1000) + 60
    const join = async (nr: number) => {
      const connectionId = await open(stores().sessions)
      const user = `user ${nr}`
      await stores().sessions.join(sessionOf(roomId, connectionId, { user, expiresAt }), 100)
    }
    for (let nr = 0; nr < 70; nr++) await join(nr)
    expect(await directory().attendance(roomId, 100)).toEqual({ users: 70, more: false })
    expect(await directory().attendance(roomId, 65)).toEqual({ users: 65, more: true })
    const crowd = { connections: 9000, participants: 8000, crowded: true, bounds: [] }
    await stores().sessions.noteCrowd(roomId, { ...crowd, large: true, countedAt: 1 })
    expect(await directory().attendance(roomId, 65)).toEqual({ users: 8000, more: false })
    await stores().sessions.noteCrowd(roomId, { ...crowd, large: false, countedAt: 2 }, 1)
    expect(await directory().attendance(roomId, 65)).toEqual({ users: 65, more: true })
  })
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}
