import type { Connection } from '../../lambdas/domain/sessions/connections.ts'
import type { Crowd, RosterPart } from '../../lambdas/domain/sessions/crowd.ts'

import { open, sessionOf } from './fixtures.ts'
import { fresh, type Stores } from './ports.ts'

/** The behaviour of every SessionStore for the roster of a room and its stored count. */
export function rosterContract(stores: () => Stores): void {
  const sessions = () => stores().sessions
  const opened = (more: Partial<Connection> = {}) => open(sessions(), more)

  const crowdOf = (more: Partial<Crowd> = {}): Crowd => ({
    connections: 81,
    participants: 80,
    crowded: true,
    large: false,
    bounds: [],
    countedAt: 1_700_000_000_789,
    ...more,
  })

  it('omits sessions whose connection has expired', async () => {
    const roomId = fresh('room')
    const now = stores().clock.now() / 1000
    const here = sessionOf(roomId, await opened(), { expiresAt: now + 1 })
    await sessions().join(here, 100)
    await sessions().join(sessionOf(roomId, await opened(), { expiresAt: now }), 100)
    expect(await sessions().roster(roomId)).toEqual([here])
  })

  it('omits sessions with an expired token from every list, but can end them', async () => {
    const roomId = fresh('room')
    const now = Math.ceil(stores().clock.now() / 1000)
    const here = sessionOf(roomId, await opened(), { user: 'ben', expiresAt: now + 100, hearsUntil: now + 1 })
    const expired = sessionOf(roomId, await opened(), { expiresAt: now + 100, hearsUntil: now - 1 })
    for (const session of [here, expired]) await sessions().join(session, 100)
    expect(await sessions().roster(roomId)).toEqual([here])
    expect(await sessions().part(roomId, {})).toEqual([here])
    expect(await sessions().attendees(roomId)).toEqual([{ connectionId: here.connectionId, user: 'ben' }])
    expect(await stores().directory.attendance(roomId, 9)).toEqual({ users: 1, more: false })
    expect(await sessions().find(roomId, expired.connectionId)).toEqual(expired)
    expect(await sessions().end(roomId, expired.connectionId)).toBe(true)
  })

  it('lists every session of a large room and none of another room', async () => {
    const roomId = fresh('room')
    const ids = await Promise.all(Array.from({ length: 120 }, () => opened()))
    await Promise.all(ids.map((id) => sessions().join(sessionOf(roomId, id), 100)))
    await sessions().join(sessionOf(fresh('room'), await opened()), 100)
    const roster = await sessions().roster(roomId)
    expect(roster.map((session) => session.connectionId).sort()).toEqual([...ids].sort())
  })

  it('lists each connection of a room once', async () => {
    const roomId = fresh('room')
    const now = stores().clock.now() / 1000
    const here = [await opened(), await opened()]
    for (const id of here) await sessions().join(sessionOf(roomId, id, { expiresAt: now + 1 }), 100)
    await sessions().join(sessionOf(roomId, await opened(), { expiresAt: now }), 100)
    const attendees = await sessions().attendees(roomId)
    expect(attendees.map(({ connectionId }) => connectionId).sort()).toEqual(here.sort())
    expect(attendees.map(({ user }) => user)).toEqual(['ana', 'ana'])
  })

  it('splits a roster at any ids, with each session in one part', async () => {
    const roomId = fresh('room')
    const ids = await Promise.all(Array.from({ length: 9 }, () => opened()))
    await Promise.all(ids.map((id) => sessions().join(sessionOf(roomId, id), 100)))
    const [a, b, c, d, e, f, ...rest] = [...ids].sort()
    const within = async (part: RosterPart) =>
      (await sessions().part(roomId, part)).map((session) => session.connectionId)
    expect(await within({ below: c ?? '' })).toEqual([a, b])
    expect(await within({ from: c ?? '', below: e ?? '' })).toEqual([c, d])
    expect(await within({ from: `${d}!`, below: `${f}!` })).toEqual([e, f])
    expect(await within({ from: e ?? '', below: e ?? '' })).toEqual([])
    expect(await within({ from: e ?? '' })).toEqual([e, f, ...rest])
    expect(await within({})).toEqual([a, b, c, d, e, f, ...rest])
  })

  it('omits sessions whose connection has expired from a part', async () => {
    const roomId = fresh('room')
    await sessions().join(sessionOf(roomId, await opened(), { expiresAt: stores().clock.now() / 1000 }), 100)
    expect(await sessions().part(roomId, {})).toEqual([])
  })

  it('stores the count of each room next to its sessions', async () => {
    const [roomId, other] = [fresh('room'), fresh('room')]
    expect(await sessions().crowd(roomId)).toBeUndefined()
    const crowd = crowdOf({ bounds: ['B=', 'M='], large: true })
    expect(await sessions().noteCrowd(roomId, crowd)).toBe(true)
    expect(await sessions().crowd(roomId)).toEqual(crowd)
    expect(await sessions().crowd(other)).toBeUndefined()
    expect(await sessions().roster(roomId)).toEqual([])
  })

  it('stores a count only if the previous one is the one that was read', async () => {
    const roomId = fresh('room')
    expect(await sessions().noteCrowd(roomId, crowdOf(), 17)).toBe(false)
    expect(await sessions().crowd(roomId)).toBeUndefined()
    await sessions().noteCrowd(roomId, crowdOf({ countedAt: 1000 }))
    expect(await sessions().noteCrowd(roomId, crowdOf({ countedAt: 2000 }))).toBe(false)
    expect(await sessions().noteCrowd(roomId, crowdOf({ countedAt: 2000 }), 999)).toBe(false)
    expect((await sessions().crowd(roomId))?.countedAt).toBe(1000)
    const next = crowdOf({ countedAt: 2000, participants: 3, crowded: false })
    expect(await sessions().noteCrowd(roomId, next, 1000)).toBe(true)
    expect(await sessions().crowd(roomId)).toEqual(next)
  })

  it('lets one of many concurrent callers store the next count', async () => {
    const roomId = fresh('room')
    await sessions().noteCrowd(roomId, crowdOf({ countedAt: 1000 }))
    const attempts = Array.from({ length: 8 }, (_, at) =>
      sessions().noteCrowd(roomId, crowdOf({ countedAt: 2000 + at }), 1000),
    )
    expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1)
  })
}
