import type { RecordEvent } from '../../lambdas/domain/record/record.ts'
import { fresh, type Stores } from './ports.ts'

const always = { from: 0, to: Number.MAX_SAFE_INTEGER }

export function recordContract(stores: () => Stores): void {
  const records = () => stores().records
  const lineAt = (at: number, by = 'ana'): RecordEvent => ({
    at,
    event: 'searched',
    by,
    details: { search: 'x', n: [1] },
  })
  const withoutPlace = (roomId: string, span = always, behind = '', most = 100) =>
    records()
      .read(roomId, span, behind, most)
      .then((lines) => lines.map(({ place: _, ...line }) => line))

  it('gives back what was added, by time, and nothing of another room', async () => {
    const roomId = fresh('room')
    await records().add(fresh('room'), lineAt(1))
    for (const at of [1_700_000_000_000, 5, 1_600_000_000_000]) await records().add(roomId, lineAt(at))
    expect(await withoutPlace(roomId)).toEqual([5, 1_600_000_000_000, 1_700_000_000_000].map((at) => lineAt(at)))
  })

  it('keeps every line of one moment', async () => {
    const roomId = fresh('room')
    const names = Array.from({ length: 20 }, (_, nr) => `u${nr}`)
    await Promise.all(names.map((name) => records().add(roomId, lineAt(7, name))))
    expect((await withoutPlace(roomId)).map(({ by }) => by).sort()).toEqual(names.sort())
  })

  it('reads a span with both its ends', async () => {
    const roomId = fresh('room')
    for (const at of [1, 2, 3, 4]) await records().add(roomId, lineAt(at))
    expect((await withoutPlace(roomId, { from: 2, to: 3 })).map(({ at }) => at)).toEqual([2, 3])
    expect(await withoutPlace(roomId, { from: 3, to: 2 })).toEqual([])
  })

  it('goes on behind a place without missing or repeating a line', async () => {
    const roomId = fresh('room')
    for (const at of [1, 1, 1, 2, 2, 3, 3]) await records().add(roomId, lineAt(at, fresh('user')))
    const read: string[] = []
    let behind = ''
    for (;;) {
      const lines = await records().read(roomId, { from: 1, to: 2 }, behind, 2)
      read.push(...lines.map(({ by }) => by))
      const last = lines.at(-1)
      if (!last) break
      behind = last.place
    }
    expect(read).toHaveLength(5)
    expect(new Set(read).size).toBe(5)
  })

  it('has a line for each session that was confirmed or ended, and none for one that was not', async () => {
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
