import { deleteRoom } from '../../lambdas/routes/delete-room.ts'
import { record } from '../../lambdas/routes/record.ts'
import { suspend } from '../../lambdas/routes/suspend.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, call, categoryOf, person } from '../support/memory/fixtures.ts'

const root = person('root', { admin: true })

let app: MemoryApp
beforeEach(() => {
  app = memoryApp()
})

interface Line {
  event: string
  by: string
  roomId?: string
  details?: Record<string, unknown>
}

/** All lines of a record, page after page, but not those about the reading itself. */
async function linesOf(frame: object): Promise<Line[]> {
  const lines: Line[] = []
  let cursor: unknown
  do {
    const page = await call(app, record, { ...frame, ...(cursor !== undefined && { cursor }) }, root)
    expect(page).toMatchObject({ ok: true })
    lines.push(...(page.entries as Line[]))
    cursor = page.cursor
  } while (cursor !== undefined)
  return lines.filter(({ event }) => event !== 'read')
}

const inShort = (lines: Line[]) => lines.map(({ roomId = '', by, event }) => `${roomId} ${by} ${event}`.trim())

const says = async (roomId: string, seq: number, user: string, sentAt = 10 * seq) => {
  const from = { user, name: user }
  await app.messages.put(roomId, { seq, sentAt, from, body: { text: `${user} ${seq}` } })
}

async function twoRooms(): Promise<void> {
  app.categories.put(categoryOf('other'))
  await addRoom(app, 'b')
  await addRoom(app, 'a', { categoryId: 'other' })
  await says('a', 1, 'ana')
  await says('a', 2, 'bob')
  await says('b', 1, 'bob')
  await app.records.add('b', { at: 5, event: 'joined', by: 'ana' })
  await app.records.add('b', { at: 6, event: 'joined', by: 'bob' })
}

describe('the record of all rooms', () => {
  it('has the acts of administrators first, then every room by time', async () => {
    await twoRooms()
    await call(app, suspend, { user: 'ana' }, root)
    expect(inShort(await linesOf({}))).toEqual([
      'root suspended',
      'a ana said',
      'a bob said',
      'b ana joined',
      'b bob joined',
      'b bob said',
    ])
  })

  it('contains the rooms that were deleted', async () => {
    await twoRooms()
    await addRoom(app, 'c')
    await app.records.add('c', { at: 7, event: 'joined', by: 'ana' })
    await call(app, deleteRoom, { roomId: 'c' }, root)
    await call(app, deleteRoom, { roomId: 'a' }, root)
    const c = { roomId: 'c', name: 'Room c', categoryId: 'general' }
    const a = { roomId: 'a', name: 'Room a', categoryId: 'other' }
    expect((await linesOf({})).filter(({ event }) => event === 'deleted')).toMatchObject([
      { by: 'root', details: c },
      { by: 'root', details: a },
      { by: 'root', roomId: 'a', details: a },
      { by: 'root', roomId: 'c', details: c },
    ])
    expect(inShort(await linesOf({})).slice(2)).toEqual([
      'a ana said',
      'a bob said',
      'a root deleted',
      'b ana joined',
      'b bob joined',
      'b bob said',
      'c ana joined',
      'c root deleted',
    ])
  })

  it('contains only what is within the time span', async () => {
    await twoRooms()
    const span = { from: new Date(6).toISOString(), to: new Date(10).toISOString() }
    expect(inShort(await linesOf(span))).toEqual(['a ana said', 'b bob joined', 'b bob said'])
  })

  it('is read in pages without missing or repeating a line, even of many rooms and many lines', async () => {
    for (let nr = 10; nr < 55; nr++) {
      await addRoom(app, `room${nr}`)
      for (let line = 0; line < nr; line++) {
        await app.records.add(`room${nr}`, { at: line, event: 'searched', by: 'ana', details: { line } })
      }
    }
    const read = (await linesOf({})).map(({ roomId, details }) => `${roomId} ${details?.line}`)
    const all = Array.from({ length: 45 }, (_, at) => at + 10).flatMap((nr) =>
      Array.from({ length: nr }, (_, line) => `room${nr} ${line}`),
    )
    expect(read).toEqual(all)
  })

  it('continues in the middle of a moment when long lines fill the frame', async () => {
    await addRoom(app, 'r')
    const details = { text: 'x'.repeat(9000) }
    for (let nr = 0; nr < 10; nr++) await app.records.add('r', { at: 1, event: 'removed', by: `u${nr}`, details })
    expect((await linesOf({})).map(({ by }) => by)).toEqual(Array.from({ length: 10 }, (_, nr) => `u${nr}`))
  })
})

describe('the record of a user', () => {
  it('has what the user did and said in all rooms, and what administrators did about the user', async () => {
    await twoRooms()
    await call(app, suspend, { user: 'ana' }, root)
    await call(app, suspend, { user: 'bob' }, root)
    expect(inShort(await linesOf({ user: 'ana' }))).toEqual(['root suspended', 'a ana said', 'b ana joined'])
    expect(inShort(await linesOf({ user: 'root' }))).toEqual(['root suspended', 'root suspended'])
  })

  it('has lines that name the user as an author or as the holder of a role', async () => {
    await addRoom(app, 'r')
    const by = 'root'
    await app.records.add('r', { at: 1, event: 'removed', by, details: { author: 'ana' } })
    await app.records.add('r', { at: 2, event: 'removed', by, details: { author: 'bob' } })
    await app.records.add('r', { at: 3, event: 'granted', by, details: { principals: ['user:bob', 'user:ana'] } })
    await app.records.add('r', { at: 4, event: 'granted', by, details: { principals: ['user:bob'] } })
    expect((await linesOf({ user: 'ana' })).map(({ event }) => event)).toEqual(['removed', 'granted'])
  })

  it('in one room has only the lines of this room, without its id', async () => {
    await twoRooms()
    expect(inShort(await linesOf({ roomId: 'a', user: 'bob' }))).toEqual(['bob said'])
  })

  it('is complete if the user did little among much else', async () => {
    await addRoom(app, 'r')
    for (let at = 0; at < 3000; at++) {
      await app.records.add('r', { at, event: 'joined', by: at % 1499 === 1498 ? 'ana' : 'bob' })
    }
    expect(await linesOf({ user: 'ana' })).toHaveLength(2)
  })
})

it('a cursor belongs to the record that it came from', async () => {
  await addRoom(app, 'r')
  for (let at = 0; at < 150; at++) await app.records.add('r', { at, event: 'joined', by: 'ana' })
  const { cursor } = await call(app, record, { user: 'ana' }, root)
  expect(await call(app, record, { user: 'bob', cursor }, root)).toMatchObject({ error: { code: 'invalid' } })
})

it('only administrators read the record of all rooms', async () => {
  await addRoom(app, 'r', {}, { 'user:ana': ['manager'] })
  for (const frame of [{}, { user: 'ana' }, { roomId: 'r' }]) {
    expect(await call(app, record, frame, person('ana'))).toMatchObject({ error: { code: 'forbidden' } })
  }
})
