import fc from 'fast-check'
import type { Caller } from '../../lambdas/domain/access/principals.ts'
import { browse } from '../../lambdas/routes/browse.ts'
import type { MemoryApp } from '../support/memory/app.ts'
import {
  type Asked,
  asked,
  caller,
  expected,
  furnished,
  type Given,
  given,
  idOf,
  roomsIn,
} from '../support/memory/random-directory.ts'
import { call } from '../support/memory/scene.ts'

interface Page {
  rooms: { roomId: string }[]
  cursor?: string
  last?: number
}

async function everyPage(app: MemoryApp, question: Asked, who: Caller, limit: number): Promise<Page[]> {
  const pages: Page[] = []
  let cursor: string | undefined
  do {
    const reply = await call(app, browse, { ...question, limit, ...(cursor !== undefined && { cursor }) }, who)
    if (!reply.ok) throw new Error(JSON.stringify(reply.error))
    const { rooms, cursor: next, last } = reply as Partial<Page>
    pages.push({ rooms: rooms ?? [], ...(next !== undefined && { cursor: next }), ...(last !== undefined && { last }) })
    cursor = next
  } while (cursor !== undefined)
  return pages
}

const idsOf = (pages: Page[]) => pages.flatMap(({ rooms }) => rooms.map(({ roomId }) => roomId))

const limit = fc.integer({ min: 1, max: 13 })

it('finds exactly what there is to see for the caller, each room once, in full pages', async () => {
  await fc.assert(
    fc.asyncProperty(given, caller, asked, limit, async (world, who, question, most) => {
      const pages = await everyPage(await furnished(world), question, who, most)
      const wanted = expected(world, who, question)
      expect(idsOf(pages)).toEqual(wanted)
      expect(pages).toHaveLength(Math.max(1, Math.ceil(wanted.length / most)))
    }),
    { numRuns: 1500 },
  )
})

it('answers to the last letter what it would if the rooms that the caller may not see had never been', async () => {
  await fc.assert(
    fc.asyncProperty(given, caller, asked, limit, async (world, who, question, most) => {
      const visible = new Set([...seenBy(world, who, false), ...seenBy(world, who, true)])
      const unseen = new Set(roomsIn(world).flatMap(({ roomId }) => (visible.has(roomId) ? [] : [roomId])))
      const whole = await everyPage(await furnished(world), question, who, most)
      const spared = await everyPage(await furnished(world, unseen), question, who, most)
      expect(whole).toEqual(spared)
    }),
    { numRuns: 700 },
  )
})

function seenBy(world: Given, who: Caller, disabled: boolean): string[] {
  return world.categories.flatMap((_, nr) => expected(world, who, { categoryId: `category-${nr}`, disabled }))
}

it('shows nothing that the indexes still hold but the rooms and the grants no longer say', async () => {
  await fc.assert(
    fc.asyncProperty(given, given, caller, asked, limit, async (before, after, who, question, most) => {
      const app = await furnished(before)
      app.directory.holdBack()
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
      // Names stay: only the store's own update may change them.
      const named = { ...now, rooms: now.rooms.map((room, nr) => ({ ...room, name: before.rooms[nr]?.name ?? '' })) }
      const shown = idsOf(await everyPage(app, question, who, most))
      expect(expected(named, who, question)).toEqual(expect.arrayContaining(shown))
      expect(shown).toEqual([...new Set(shown)].sort())
    }),
    { numRuns: 700 },
  )
})
