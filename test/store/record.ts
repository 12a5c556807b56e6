import { administration, type RecordEvent } from '../../lambdas/domain/record/record.ts'
import { categoryOf, roomOf } from '../support/memory/fixtures.ts'
import { fresh, type Stores } from './ports.ts'

const always = { from: 0, to: Number.MAX_SAFE_INTEGER }

/** The behaviour of every RecordStore. */
export function recordContract(stores: () => Stores): void {
  const records = () => stores().records
  const eventAt = (at: number, by = 'ana'): RecordEvent => ({
    at,
    event: 'searched',
    by,
    details: { search: 'x', n: [1] },
  })
  const withoutPlace = (roomId: string, range = always, after = '', limit = 100) =>
    records()
      .read(roomId, range, after, limit)
      .then((lines) => lines.map(({ place: _, ...line }) => line))

  it('returns the events of one room by time', async () => {
    const roomId = fresh('room')
    await records().add(fresh('room'), eventAt(1))
    for (const at of [1_700_000_000_000, 5, 1_600_000_000_000]) await records().add(roomId, eventAt(at))
    expect(await withoutPlace(roomId)).toEqual([5, 1_600_000_000_000, 1_700_000_000_000].map((at) => eventAt(at)))
  })

  it('keeps every event of the same time', async () => {
    const roomId = fresh('room')
    const names = Array.from({ length: 20 }, (_, nr) => `u${nr}`)
    await Promise.all(names.map((name) => records().add(roomId, eventAt(7, name))))
    expect((await withoutPlace(roomId)).map(({ by }) => by).sort()).toEqual(names.sort())
  })

  it('reads a range including both ends', async () => {
    const roomId = fresh('room')
    for (const at of [1, 2, 3, 4]) await records().add(roomId, eventAt(at))
    expect((await withoutPlace(roomId, { from: 2, to: 3 })).map(({ at }) => at)).toEqual([2, 3])
    expect(await withoutPlace(roomId, { from: 3, to: 2 })).toEqual([])
  })

  it('continues after a cursor without missing or repeating an event', async () => {
    const roomId = fresh('room')
    for (const at of [1, 1, 1, 2, 2, 3, 3]) await records().add(roomId, eventAt(at, fresh('user')))
    const read: string[] = []
    let after = ''
    for (;;) {
      const lines = await records().read(roomId, { from: 1, to: 2 }, after, 2)
      read.push(...lines.map(({ by }) => by))
      const last = lines.at(-1)
      if (!last) break
      after = last.place
    }
    expect(read).toHaveLength(5)
    expect(new Set(read).size).toBe(5)
  })

  it('has the lines of a change of a room exactly if the change is made', async () => {
    const { rooms } = stores()
    const roomId = fresh('room')
    const room = roomOf(roomId, { name: roomId })
    const lines = (at: number) => [eventAt(at, 'made'), eventAt(at + 1, 'made')]
    const refused = [eventAt(0, 'refused')]
    expect(await rooms.create(room, undefined, lines(1))).toBe('created')
    expect(await rooms.create({ ...roomOf(fresh('room')), name: roomId }, undefined, refused)).toBe('name_taken')
    const after = { ...room, version: 2 }
    expect(await rooms.replace(room, after, [], lines(3))).toBe('replaced')
    expect(await rooms.replace(room, after, [], refused)).toBe('stale')
    expect(await rooms.remove(room, refused)).toBe('stale')
    expect(await rooms.remove(after, lines(5))).toBe('removed')
    await rooms.deleteLeftovers(roomId)
    expect(await withoutPlace(roomId)).toEqual([1, 2, 3, 4, 5, 6].map((at) => eventAt(at, 'made')))
  })

  it('has the lines of a change of a category exactly if the change is made', async () => {
    const { categories } = stores()
    const name = fresh('category')
    const category = categoryOf(name, { name })
    const [made, refused] = [fresh('made'), fresh('refused')]
    expect(await categories.create(category, [eventAt(1, made)])).toBe('created')
    expect(await categories.create({ ...category, categoryId: fresh('other') }, [eventAt(1, refused)])).toBe(
      'name_taken',
    )
    const after = { ...category, version: 2 }
    expect(await categories.replace(category, after, [eventAt(2, made)])).toBe('replaced')
    expect(await categories.replace(category, after, [eventAt(2, refused)])).toBe('stale')
    expect(await categories.remove(category, [eventAt(3, refused)])).toBe('stale')
    expect(await categories.remove(after, [eventAt(3, made)])).toBe('removed')
    const lines = await withoutPlace(administration, { from: 1, to: 3 }, '', 1000)
    expect(lines.filter(({ by }) => by === made).map(({ at }) => at)).toEqual([1, 2, 3])
    expect(lines.filter(({ by }) => by === refused)).toEqual([])
  })

  it('records a join once when the session is confirmed, and a leave once when it ends', async () => {
    const { sessions, clock } = stores()
    const [roomId, connectionId] = [fresh('room'), fresh('connection')]
    const now = clock.now()
    const expiresAt = Math.ceil(now / 1000) + 100
    await sessions.open({ connectionId, user: 'ana', name: 'Ana', groups: [], connectedAt: now, expiresAt })
    const rights = { canChat: true, isManager: false, isPresenter: false, logged: true, confirmed: false }
    const session = { roomId, connectionId, user: 'ana', name: 'Ana', joinedAt: now, expiresAt, ...rights }
    await sessions.join(session, 100)
    const joined: RecordEvent = { at: 1, event: 'joined', by: 'ana' }
    const left: RecordEvent = { at: 2, event: 'left', by: 'ana', details: { how: 'left' } }
    expect(await Promise.all([1, 2, 3].map(() => sessions.confirm(session, joined)))).toContain(true)
    expect(await sessions.confirm(session, joined)).toBe(false)
    await Promise.all([1, 2, 3].map(() => sessions.end(roomId, connectionId, left)))
    expect(await withoutPlace(roomId)).toEqual([joined, left])
  })
}
