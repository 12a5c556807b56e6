import { administration } from '../../lambdas/domain/record/record.ts'
import type { Handler } from '../../lambdas/route.ts'
import { createCategory } from '../../lambdas/routes/create-category.ts'
import { createRoom } from '../../lambdas/routes/create-room.ts'
import { deleteCategory } from '../../lambdas/routes/delete-category.ts'
import { deleteRoom } from '../../lambdas/routes/delete-room.ts'
import { moveRoom } from '../../lambdas/routes/move-room.ts'
import { purge } from '../../lambdas/routes/purge.ts'
import { record } from '../../lambdas/routes/record.ts'
import { updateCategory } from '../../lambdas/routes/update-category.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, categoryOf, person } from '../support/memory/fixtures.ts'

const root = person('root', { admin: true })
const ana = person('ana')
let app: MemoryApp

beforeEach(() => {
  app = memoryApp()
  app.categories.put(categoryOf('c', { denied: ['user:eve', 'group:out'] }))
})

const act = async (verb: Handler, frame: object, caller = root) => {
  const reply = await call(app, verb, frame, caller)
  expect(reply).toMatchObject({ ok: true })
  return reply
}

/** What is recorded of a room, or of the administration: the event and its details. */
async function recorded(of: string) {
  const lines = await app.records.read(of, { from: 0, to: 1e15 }, '', 1000)
  expect(lines.map(({ at }) => at)).toEqual(lines.map(() => expect.any(Number)))
  return lines.map(({ event, by, details }) => ({ event, by, ...details }))
}

describe('the record of a room has', () => {
  it('its creation, by the one who made it', async () => {
    const { room } = await act(createRoom, { name: 'Lobby', privacy: 'secret' }, ana)
    const settings = { name: 'Lobby', privacy: 'secret', categoryId: 'general', auditorium: false, description: '' }
    expect(await recorded(Object(room).roomId)).toEqual([
      { event: 'created', by: 'ana', invitations: 'inherit', ...settings },
    ])
  })

  it.each([
    [{ name: 'New' }, { event: 'renamed', name: { old: 'Room r', new: 'New' } }],
    [{ privacy: 'open' }, { event: 'opened', privacy: { old: 'closed', new: 'open' } }],
    [{ privacy: 'secret' }, { event: 'closed', privacy: { old: 'closed', new: 'secret' } }],
    [{ disabled: true }, { event: 'disabled', disabled: { old: false, new: true } }],
    [{ auditorium: true }, { event: 'changed', auditorium: { old: false, new: true } }],
    [{ description: 'x' }, { event: 'changed', description: { old: '', new: 'x' } }],
  ])('the change %p', async (change, expected) => {
    await addRoom(app, 'r')
    await act(updateRoom, { roomId: 'r', version: 1, ...change })
    expect(await recorded('r')).toEqual([{ by: 'root', version: 2, ...expected }])
  })

  it('a line for each kind of change', async () => {
    await addRoom(app, 'r', { disabled: true, privacy: 'open' })
    const change = { name: 'New', privacy: 'closed', disabled: false, description: 'x', invitations: 'off' }
    await act(updateRoom, { roomId: 'r', version: 1, ...change })
    const lines = await recorded('r')
    expect(lines.map(({ event }) => event)).toEqual(['renamed', 'closed', 'enabled', 'changed'])
    expect(lines[3]).toMatchObject({ description: { new: 'x' }, invitations: { old: 'inherit', new: 'off' } })
  })

  it('moves and purges, and its deletion, and is read after it', async () => {
    await addRoom(app, 'r')
    await act(moveRoom, { roomId: 'r', categoryId: 'c' })
    await act(purge, { roomId: 'r', before: '2026-01-01T00:00:00Z' })
    await act(deleteRoom, { roomId: 'r' })
    const { entries } = await act(record, { roomId: 'r' })
    expect(entries).toMatchObject([
      { event: 'moved', by: 'root', details: { from: 'general', to: 'c' } },
      { event: 'purged', by: 'root', details: { before: '2026-01-01T00:00:00Z' } },
      { event: 'deleted', by: 'root', details: { name: 'Room r', categoryId: 'c' } },
    ])
  })

  it('nothing of what was refused or changed nothing', async () => {
    await addRoom(app, 'r', {}, { 'user:ana': ['manager'] })
    await addRoom(app, 's')
    await act(updateRoom, { roomId: 'r', version: 1, disabled: false })
    await act(moveRoom, { roomId: 'r', categoryId: 'general' })
    const refused = [
      await call(app, updateRoom, { roomId: 'r', version: 7, name: 'New' }, ana),
      await call(app, updateRoom, { roomId: 'r', version: 1, name: 'Room s' }, ana),
      await call(app, deleteRoom, { roomId: 'r' }, ana),
      await call(app, createRoom, { name: 'Room s' }, ana),
    ]
    expect(refused.map(({ ok }) => ok)).toEqual([false, false, false, false])
    expect([...(await recorded('r')), ...(await recorded('id-1'))]).toEqual([])
  })
})

describe('the record of the administration has', () => {
  it('what became of categories', async () => {
    const { category } = await act(createCategory, { name: 'Crew', denied: ['group:out'] })
    const { categoryId } = Object(category)
    const change = { denied: ['user:eve'], history: false, name: 'Team' }
    await act(updateCategory, { categoryId, version: 1, ...change })
    await act(updateCategory, { categoryId, version: 2, ...change })
    await act(deleteCategory, { categoryId })
    expect(await recorded(administration)).toEqual([
      expect.objectContaining({
        event: 'categoryCreated',
        by: 'root',
        categoryId,
        name: 'Crew',
        denied: ['group:out'],
      }),
      {
        event: 'categoryChanged',
        by: 'root',
        categoryId,
        version: 2,
        name: { old: 'Crew', new: 'Team' },
        history: { old: true, new: false },
        deniedAdded: ['user:eve'],
        deniedRemoved: ['group:out'],
      },
      { event: 'categoryDeleted', by: 'root', categoryId, name: 'Team' },
    ])
  })

  it('categories with the longest lists, in lines that fit into frames', async () => {
    const allowed = Array.from({ length: 59 }, (_, nr) => `user:${nr}`.padEnd(133, '€'))
    await act(createCategory, { name: 'Crew', allowed })
    const { entries } = await act(record, { roomId: administration })
    const lines = (entries as { event: string; details: { allowed?: string[] } }[]).filter(
      ({ event }) => event === 'categoryCreated',
    )
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.flatMap(({ details }) => details.allowed ?? []).sort()).toEqual([...allowed].sort())
  })

  it('nothing of what was refused', async () => {
    await addRoom(app, 'r', { categoryId: 'c' })
    for (const [verb, frame, caller] of [
      [createCategory, { name: 'general' }, root],
      [createCategory, { name: 'Crew' }, ana],
      [updateCategory, { categoryId: 'c', version: 4, denied: [] }, root],
      [deleteCategory, { categoryId: 'c' }, root],
    ] as const) {
      expect(await call(app, verb, frame, caller)).toMatchObject({ ok: false })
    }
    expect(await recorded(administration)).toEqual([])
  })

  it('each page of a record that was read, by whom and of what', async () => {
    await addRoom(app, 'r')
    for (let at = 0; at < 150; at++) await app.records.add('r', { at, event: 'joined', by: 'ana' })
    const span = { roomId: 'r', from: '1970-01-01T00:00:00Z' }
    const { cursor } = await act(record, span)
    await act(record, { ...span, cursor })
    await act(record, { roomId: 'gone' })
    expect(await call(app, record, { roomId: 'r' }, ana)).toMatchObject({ ok: false })
    expect(await recorded(administration)).toEqual([
      { event: 'read', by: 'root', ...span },
      { event: 'read', by: 'root', ...span, continued: true },
      { event: 'read', by: 'root', roomId: 'gone' },
    ])
  })

  it('its own readings, so that the last one is in it', async () => {
    const { entries } = await act(record, { roomId: administration })
    expect(entries).toMatchObject([{ event: 'read', by: 'root', details: { roomId: administration } }])
  })
})
