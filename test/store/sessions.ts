import type { Connection } from '../../lambdas/domain/sessions/connections.ts'
import type { Session } from '../../lambdas/domain/sessions/sessions.ts'
import { connectionOf, open, sessionOf } from './fixtures.ts'
import { fresh, type Stores } from './ports.ts'

const deleteAt = 1_700_000_600

/** The behaviour of every SessionStore. */
export function sessionContract(stores: () => Stores): void {
  const sessions = () => stores().sessions

  const opened = (more: Partial<Connection> = {}) => open(sessions(), more)

  async function joined(more: Partial<Session> = {}): Promise<Session> {
    const session = sessionOf(fresh('room'), await opened(), more)
    await sessions().join(session, 100)
    return session
  }

  it('opens a connection and can open it again', async () => {
    const connection = connectionOf(fresh('connection'))
    expect(await sessions().open(connection)).toBe(true)
    expect(await sessions().open(connection)).toBe(true)
    expect(await sessions().connections([connection.connectionId])).toEqual([connection])
  })

  it('stores the end of the token of a connection', async () => {
    const connection = connectionOf(fresh('connection'), { hearsUntil: 1_700_003_600 })
    await sessions().open(connection)
    expect(await sessions().connections([connection.connectionId])).toEqual([connection])
  })

  it('keeps the rooms of a connection that is opened again', async () => {
    const { roomId, connectionId } = await joined()
    await sessions().open(connectionOf(connectionId))
    expect(await sessions().roomsOf(connectionId)).toEqual([roomId])
  })

  it('stores a connection of a user without groups', async () => {
    const connectionId = await opened({ groups: [] })
    expect(await sessions().connections([connectionId])).toMatchObject([{ groups: [] }])
  })

  it('does not open a closed connection', async () => {
    const connectionId = fresh('connection')
    expect(await sessions().close(connectionId, deleteAt)).toEqual([])
    expect(await sessions().open(connectionOf(connectionId))).toBe(false)
    expect(await sessions().connections([connectionId])).toEqual([])
  })

  it('returns no rooms for an unknown connection, and undefined for a closed one', async () => {
    const { roomId, connectionId } = await joined()
    expect(await sessions().roomsOf(await opened())).toEqual([])
    expect(await sessions().roomsOf(fresh('connection'))).toEqual([])
    await sessions().close(connectionId, deleteAt)
    expect(await sessions().roomsOf(connectionId)).toBeUndefined()
    await sessions().end(roomId, connectionId, undefined, 'closed')
    expect(await sessions().roomsOf(connectionId)).toBeUndefined()
  })

  it('includes unconfirmed sessions in the rooms of a connection', async () => {
    const { roomId, connectionId } = await joined({ confirmed: false })
    expect(await sessions().roomsOf(connectionId)).toEqual([roomId])
  })

  it('returns the rooms of a connection on every close until their sessions have ended', async () => {
    const one = await joined()
    const two = sessionOf(fresh('room'), one.connectionId)
    await sessions().join(two, 100)
    expect((await sessions().close(one.connectionId, deleteAt)).sort()).toEqual([one.roomId, two.roomId].sort())
    expect((await sessions().close(one.connectionId, deleteAt)).sort()).toEqual([one.roomId, two.roomId].sort())
    await sessions().end(one.roomId, one.connectionId)
    expect(await sessions().close(one.connectionId, deleteAt)).toEqual([two.roomId])
  })

  it('keeps a connection closed after later calls', async () => {
    const connectionId = await opened()
    await sessions().close(connectionId, deleteAt)
    expect(await sessions().open(connectionOf(connectionId))).toBe(false)
    expect(await sessions().join(sessionOf(fresh('room'), connectionId), 100)).toBe('closed')
    expect(await sessions().connections([connectionId])).toEqual([])
  })

  it('finds more than a hundred open connections by their ids', async () => {
    const ids = await Promise.all(Array.from({ length: 130 }, () => opened()))
    const found = await sessions().connections([...ids, fresh('connection')])
    expect(found.map((connection) => connection.connectionId).sort()).toEqual([...ids].sort())
    expect(await sessions().connections([])).toEqual([])
  })

  it("lists a user's open connections, oldest first", async () => {
    const user = fresh('user')
    const newer = await opened({ user, connectedAt: 3000 })
    const older = await opened({ user, connectedAt: 1000 })
    const closed = await opened({ user, connectedAt: 2000 })
    await opened({ user: fresh('user') })
    await sessions().close(closed, deleteAt)
    expect(await sessions().connectionsOf(user)).toEqual([older, newer])
    expect(await sessions().surplusOf(user, 1, newer)).toEqual([older])
    expect(await sessions().surplusOf(user, 2, newer)).toEqual([])
  })

  it('orders connections of the same time by their ids', async () => {
    const user = fresh('user')
    const ids: string[] = []
    for (let n = 0; n < 8; n++) ids.push(await opened({ user, connectedAt: 1000 }))
    ids.sort()
    expect(await sessions().connectionsOf(user)).toEqual(ids)
    expect(await sessions().surplusOf(user, 5, ids[0] ?? '')).toEqual(ids.slice(0, 3))
    const newer = await opened({ user, connectedAt: 1001 })
    expect(await sessions().surplusOf(user, 1, newer)).not.toContain(newer)
    expect(await sessions().surplusOf(user, 5, newer)).toEqual(ids.slice(0, 4))
  })

  it('returns a session exactly as it was joined', async () => {
    const session = sessionOf(fresh('room'), await opened(), { isManager: true, canChat: false, isPresenter: true })
    expect(await sessions().join(session, 100)).toBe('joined')
    expect(await sessions().find(session.roomId, session.connectionId)).toEqual(session)
    expect(await sessions().roster(session.roomId)).toEqual([session])
    expect(await sessions().roomsOf(session.connectionId)).toEqual([session.roomId])
  })

  it('returns "again" for a second join and does not change the session', async () => {
    const session = await joined()
    const later = { ...session, joinedAt: session.joinedAt + 1, canChat: false }
    expect(await sessions().join(later, 100)).toBe('again')
    expect(await sessions().find(session.roomId, session.connectionId)).toEqual(session)
  })

  it('does not join on an unknown connection', async () => {
    const session = sessionOf(fresh('room'), fresh('connection'))
    expect(await sessions().join(session, 100)).toBe('unknown')
    expect(await sessions().roster(session.roomId)).toEqual([])
  })

  it('returns "closed" for a second join on a closed connection', async () => {
    const session = await joined()
    await sessions().close(session.connectionId, deleteAt)
    expect(await sessions().join(session, 100)).toBe('closed')
  })

  it('limits the rooms of a connection, but allows a second join and a new room after one has ended', async () => {
    const connectionId = await opened()
    const [one, two, three] = [fresh('room'), fresh('room'), fresh('room')]
    await sessions().join(sessionOf(one, connectionId), 2)
    await sessions().join(sessionOf(two, connectionId), 2)
    expect(await sessions().join(sessionOf(three, connectionId), 2)).toBe('too_many')
    expect(await sessions().roster(three)).toEqual([])
    expect(await sessions().join(sessionOf(two, connectionId), 2)).toBe('again')
    await sessions().end(one, connectionId)
    expect(await sessions().join(sessionOf(three, connectionId), 2)).toBe('joined')
  })

  it('returns "joined" for exactly one of many concurrent joins of the same room', async () => {
    const session = sessionOf(fresh('room'), await opened())
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => sessions().join(session, 100)))
    expect(outcomes.sort()).toEqual(['again', 'again', 'again', 'again', 'joined'])
  })

  it('limits concurrent joins of different rooms', async () => {
    const connectionId = await opened()
    const rooms = Array.from({ length: 6 }, () => fresh('room'))
    const outcomes = await Promise.all(rooms.map((room) => sessions().join(sessionOf(room, connectionId), 3)))
    expect(outcomes.filter((outcome) => outcome === 'joined')).toHaveLength(3)
    expect(await sessions().roomsOf(connectionId)).toHaveLength(3)
  })

  it('changes only the rights of a session', async () => {
    const session = await joined()
    await sessions().update({ ...session, canChat: false, isManager: true, isPresenter: true, logged: false })
    const found = await sessions().find(session.roomId, session.connectionId)
    expect(found).toEqual({ ...session, canChat: false, isManager: true, isPresenter: true, logged: false })
  })

  it('does not restore an ended session by a change of its rights', async () => {
    const session = await joined()
    await sessions().end(session.roomId, session.connectionId)
    await sessions().update({ ...session, isManager: true })
    expect(await sessions().find(session.roomId, session.connectionId)).toBeUndefined()
    expect(await sessions().roster(session.roomId)).toEqual([])
  })

  it('ends a session once', async () => {
    const { roomId, connectionId } = await joined()
    expect(await sessions().end(roomId, connectionId)).toBe(true)
    expect(await sessions().end(roomId, connectionId)).toBe(false)
    expect(await sessions().find(roomId, connectionId)).toBeUndefined()
    expect(await sessions().roomsOf(connectionId)).toEqual([])
  })

  it('reports exactly one of many concurrent calls as the end of a session', async () => {
    const { roomId, connectionId } = await joined()
    const ended = await Promise.all(Array.from({ length: 5 }, () => sessions().end(roomId, connectionId)))
    expect(ended.filter(Boolean)).toHaveLength(1)
  })

  it('stores nothing for the end of a session on an unknown connection', async () => {
    const connectionId = fresh('connection')
    expect(await sessions().end(fresh('room'), connectionId)).toBe(false)
    expect(await sessions().connections([connectionId])).toEqual([])
    expect(await sessions().open(connectionOf(connectionId))).toBe(true)
  })

  it('finds a session by an eventual read', async () => {
    const session = await joined()
    expect(await sessions().findEventually(session.roomId, session.connectionId)).toEqual(session)
    expect(await sessions().findEventually(session.roomId, fresh('connection'))).toBeUndefined()
  })

  it('returns copies', async () => {
    const session = await joined()
    for (const found of [
      await sessions().find(session.roomId, session.connectionId),
      ...(await sessions().roster(session.roomId)),
    ]) {
      Object.assign(found ?? {}, { canChat: 'broken' })
    }
    expect(await sessions().find(session.roomId, session.connectionId)).toEqual(session)
  })
}
