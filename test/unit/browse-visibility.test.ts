import fc from 'fast-check'
import type { Caller } from '../../lambdas/domain/access/principals.ts'
import { browse } from '../../lambdas/routes/browse.ts'
import type { MemoryApp } from '../support/memory/app.ts'
import { call } from '../support/memory/fixtures.ts'
import {
  caller,
  type DirectoryData,
  type DirectoryRequest,
  directoryApp,
  directoryData,
  directoryRequest,
  expectedRoomIds,
  idOf,
  roomsIn,
} from '../support/memory/random-directory.ts'

interface Page {
  rooms: { roomId: string }[]
  cursor?: string
  last?: number
}

async function everyPage(app: MemoryApp, request: DirectoryRequest, caller: Caller, limit: number): Promise<Page[]> {
  const pages: Page[] = []
  let cursor: string | undefined
  do {
    const reply = await call(app, browse, { ...request, limit, ...(cursor !== undefined && { cursor }) }, caller)
    if (!reply.ok) throw new Error(JSON.stringify(reply.error))
    const { rooms, cursor: next, last } = reply as Partial<Page>
    pages.push({ rooms: rooms ?? [], ...(next !== undefined && { cursor: next }), ...(last !== undefined && { last }) })
    cursor = next
  } while (cursor !== undefined)
  return pages
}

const idsOf = (pages: Page[]) => pages.flatMap(({ rooms }) => rooms.map(({ roomId }) => roomId))

const limit = fc.integer({ min: 1, max: 13 })

it('`browse` returns every room that the caller may see exactly once, in full pages', async () => {
  await fc.assert(
    fc.asyncProperty(directoryData, caller, directoryRequest, limit, async (data, caller, request, pageSize) => {
      const pages = await everyPage(await directoryApp(data), request, caller, pageSize)
      const roomIds = expectedRoomIds(data, caller, request)
      expect(idsOf(pages)).toEqual(roomIds)
      expect(pages).toHaveLength(Math.max(1, Math.ceil(roomIds.length / pageSize)))
    }),
    { numRuns: 1500 },
  )
})

it('`browse` returns exactly the same pages as if the rooms hidden from the caller did not exist', async () => {
  await fc.assert(
    fc.asyncProperty(directoryData, caller, directoryRequest, limit, async (data, caller, request, pageSize) => {
      const visible = new Set([...visibleTo(data, caller, false), ...visibleTo(data, caller, true)])
      const hidden = new Set(roomsIn(data).flatMap(({ roomId }) => (visible.has(roomId) ? [] : [roomId])))
      const pages = await everyPage(await directoryApp(data), request, caller, pageSize)
      const pagesWithoutHidden = await everyPage(await directoryApp(data, hidden), request, caller, pageSize)
      expect(pages).toEqual(pagesWithoutHidden)
    }),
    { numRuns: 700 },
  )
})

function visibleTo(data: DirectoryData, caller: Caller, disabled: boolean): string[] {
  return data.categories.flatMap((_, nr) => expectedRoomIds(data, caller, { categoryId: `category-${nr}`, disabled }))
}

it('`browse` does not show rooms that only outdated indexes contain', async () => {
  await fc.assert(
    fc.asyncProperty(
      directoryData,
      directoryData,
      caller,
      directoryRequest,
      limit,
      async (before, after, caller, request, pageSize) => {
        const app = await directoryApp(before)
        app.directory.freezeIndexes()
        const now = {
          ...before,
          grants: after.grants,
          rooms: before.rooms.map((room, nr) => ({ ...room, ...after.rooms[nr] })),
        }
        for (const { roomId, name: _, ...settings } of roomsIn(now)) app.rooms.alter(roomId, settings)
        for (const { roomId, role, principal } of app.roles.everyGrant()) app.roles.take(roomId, role, principal)
        for (const { room, role, principal } of now.grants) {
          if (room < now.rooms.length) app.roles.put(idOf(room), { role, principal, createdAt: 1, createdBy: 'maker' })
        }
        // The names stay, because only an update of the store can change them.
        const named = { ...now, rooms: now.rooms.map((room, nr) => ({ ...room, name: before.rooms[nr]?.name ?? '' })) }
        const shown = idsOf(await everyPage(app, request, caller, pageSize))
        expect(expectedRoomIds(named, caller, request)).toEqual(expect.arrayContaining(shown))
        expect(shown).toEqual([...new Set(shown)].sort())
      },
    ),
    { numRuns: 700 },
  )
})
