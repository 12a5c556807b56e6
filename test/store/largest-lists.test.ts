import fc from 'fast-check'
import type { App } from '../../lambdas/app.ts'
import { administration } from '../../lambdas/domain/record/record.ts'
import type { Handler } from '../../lambdas/route.ts'
import { createCategory } from '../../lambdas/routes/create-category.ts'
import { createRoom } from '../../lambdas/routes/create-room.ts'
import { grant } from '../../lambdas/routes/grant.ts'
import { history } from '../../lambdas/routes/history.ts'
import { join } from '../../lambdas/routes/join.ts'
import { moveRoom } from '../../lambdas/routes/move-room.ts'
import { record } from '../../lambdas/routes/record.ts'
import { removeMessages } from '../../lambdas/routes/remove-messages.ts'
import { revoke } from '../../lambdas/routes/revoke.ts'
import { send } from '../../lambdas/routes/send.ts'
import { updateCategory } from '../../lambdas/routes/update-category.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { limits } from '../../protocol/limits.ts'
import { type Database, database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { memoryApp } from '../support/memory/app.ts'
import { eventOf, person } from '../support/memory/fixtures.ts'
import { fresh } from './ports.ts'

const root = person('root', { admin: true })
const memory = memoryApp()
let db: Database
let app: App

beforeAll(async () => {
  db = await database()
  app = { ...memory, ...dynamoStores(db.client(), db.tables, memory.clock) }
})
afterAll(() => db?.stop())

type Reply = { ok?: boolean; error?: { code: string } } & Record<string, unknown>

/** How often each verb was done. */
const done = new Map<string, number>()

async function ask(verb: Handler, name: string, frame: object, caller = root): Promise<Reply> {
  memory.clock.time += 1000
  const { body } = await verb(app, eventOf(memory, frame, caller, `c-${caller.user}`))
  const reply: Reply = JSON.parse(body ?? '{}')
  expect({ name, code: reply.error?.code }).not.toMatchObject({ code: 'internal' })
  if (reply.ok) done.set(name, (done.get(name) ?? 0) + 1)
  return reply
}

const okay = async (...args: Parameters<typeof ask>): Promise<Record<string, unknown>> => {
  const reply = await ask(...args)
  expect(reply).toMatchObject({ ok: true })
  return reply
}

async function newRoom(settings: object = {}): Promise<string> {
  const { room } = await okay(createRoom, 'createRoom', { name: fresh('Room').slice(-60), ...settings })
  return Object(room).roomId
}

async function connected(user: string, groups: string[] = []): Promise<void> {
  const connectedAt = memory.clock.now()
  const expiresAt = Math.ceil(connectedAt / 1000) + 7200
  await app.sessions.open({ connectionId: `c-${user}`, user, name: user, groups, connectedAt, expiresAt })
}

/** A list of principals or authors: mostly the most, and of the longest names. */
const listOf = (prefix: string) =>
  fc
    .record({
      count: fc.oneof(
        { weight: 3, arbitrary: fc.constant(limits.principalsPerRequest) },
        fc.integer({ min: 1, max: 99 }),
      ),
      length: fc.oneof({ weight: 3, arbitrary: fc.constant(128) }, fc.integer({ min: 5, max: 127 })),
      filling: fc.constantFrom('x', 'é', '€', '😀', '"', '\\'),
    })
    .map(({ count, length, filling }) =>
      Array.from({ length: count }, (_, nr) => `${prefix}${nr}${filling.repeat(Math.max(1, length - 3))}`),
    )

const few = { numRuns: 6 }

test('lists of any size make no error of the server, whatever verb they go with', async () => {
  const roomId = await newRoom({ auditorium: true })
  const { category } = await okay(createCategory, 'createCategory', { name: fresh('Crew').slice(-60) })
  const { categoryId } = Object(category)
  let versions = { room: 1, category: 1 }
  const users = listOf('user:')
  await fc.assert(
    fc.asyncProperty(users, users, users, listOf('group:'), async (members, managers, some, groups) => {
      for (const role of ['member', 'manager']) {
        await ask(grant, 'grant', { roomId, role, principals: role === 'member' ? members : managers })
      }
      await ask(revoke, 'revoke', { roomId, role: 'member', principals: some })
      for (const lists of [
        { members, presenters: members },
        { managers },
        { members: some },
        { members: [], managers: [] },
      ]) {
        const { room } = await ask(updateRoom, 'updateRoom', { roomId, version: versions.room, ...lists })
        versions = { ...versions, room: Object(room).version ?? versions.room }
      }
      const parts = [
        { allowed: ['everyone', ...groups.slice(1)] },
        { denied: groups },
        { creators: some },
        { denied: [], creators: [] },
      ]
      for (const lists of parts) {
        const frame = { categoryId, version: versions.category, ...lists }
        const changed = await ask(updateCategory, 'updateCategory', frame)
        versions = { ...versions, category: Object(changed.category).version ?? versions.category }
      }
      await ask(createCategory, 'createCategory', { name: fresh('Of').slice(-60), allowed: some, denied: groups })
    }),
    few,
  )
  for (const each of [roomId, administration]) await readWhole(each)
  for (const verb of ['grant', 'revoke', 'updateRoom', 'updateCategory']) expect(done.get(verb)).toBeGreaterThan(2)
})

test('questions and removals of any size make no error of the server', async () => {
  await connected('root')
  const rooms: string[] = []
  for (let nr = 0; nr < limits.historyRooms; nr++) rooms.push(await newRoom({ privacy: 'open' }))
  const roomId = rooms[0] ?? ''
  await okay(join, 'join', { roomId })
  // Many of the messages below are too long as a whole.
  await okay(send, 'send', { roomId, parts: [{ type: 'text', text: 'x' }] })
  const filling = fc.constantFrom('x', '"', '€')
  const part = fc.oneof(
    filling.map((letter) => ({ type: 'text', text: letter.repeat(150) })),
    filling.map((letter) => ({ type: 'link', text: letter, href: `https://a.example/${'x'.repeat(150)}` })),
  )
  const parts = fc.array(part, { minLength: 1, maxLength: limits.parts, size: 'max' })
  await fc.assert(
    fc.asyncProperty(parts, listOf('author'), fc.integer({ min: 1, max: 20 }), async (spoken, authors, many) => {
      await ask(send, 'send', { roomId, title: 'Story', parts: spoken })
      await ask(history, 'history', { roomIds: rooms.slice(0, many), authors, search: '€'.repeat(200) })
      await ask(history, 'history', { roomIds: rooms, search: 'x' })
      const seqs = Array.from({ length: limits.principalsPerRequest }, (_, at) => at + 1)
      await ask(removeMessages, 'removeMessages', { roomId, seqs, replacement: '"'.repeat(limits.textBytes) })
      await ask(removeMessages, 'removeMessages', { roomId, authors })
    }),
    few,
  )
  await readWhole(roomId)
  for (const verb of ['history', 'removeMessages']) expect(done.get(verb)).toBeGreaterThan(2)
})

test('a room may lose 900 long grants at once, and those who had them are out of it', async () => {
  const roomId = await newRoom()
  const long = (nr: number) => `user:${nr}${'😀'.repeat(124)}`
  const grants = Array.from({ length: 900 }, (_, nr) => long(nr))
  for (let at = 0; at < 900; at += 50) {
    await okay(grant, 'grant', { roomId, role: 'member', principals: grants.slice(at, at + 50) })
  }
  await okay(grant, 'grant', { roomId, role: 'member', principals: ['user:eve'] })
  const eve = person('eve')
  await connected('eve')
  await okay(join, 'join', { roomId }, eve)
  await okay(updateRoom, 'updateRoom', { roomId, version: 1, members: [] })
  expect(await app.sessions.roster(roomId)).toEqual([])
  expect((await app.roles.list(roomId, 'member', undefined)).grants).toEqual([])
  const lines = await readWhole(roomId)
  const revoked = lines.filter(({ event }) => event === 'revoked').flatMap(({ details }) => Object(details).principals)
  expect(revoked.sort()).toEqual([...grants, 'user:eve'].sort())
  const { category } = await okay(createCategory, 'createCategory', { name: fresh('Narrow').slice(-60), allowed: [] })
  for (let at = 0; at < 300; at += 50) {
    await okay(grant, 'grant', { roomId, role: 'manager', principals: grants.slice(at, at + 50) })
  }
  const moved = await okay(moveRoom, 'moveRoom', { roomId, categoryId: Object(category).categoryId })
  expect(moved.purgedCount).toBe(301)
})

/** All lines of a record. Each page has at least one, and fits into a frame. */
async function readWhole(roomId: string): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = []
  let cursor: unknown
  do {
    const page = await okay(record, 'record', { roomId, ...(cursor !== undefined && { cursor }) })
    const entries = page.entries as Record<string, unknown>[]
    expect(entries.length).toBeGreaterThan(0)
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(limits.frameBytes)
    lines.push(...entries)
    cursor = page.cursor
  } while (cursor !== undefined)
  return lines
}
