import type { Handler } from '../../lambdas/route.ts'
import { browse } from '../../lambdas/routes/browse.ts'
import { categories } from '../../lambdas/routes/categories.ts'
import { deleteRoom } from '../../lambdas/routes/delete-room.ts'
import { getRoom } from '../../lambdas/routes/get-room.ts'
import { grant } from '../../lambdas/routes/grant.ts'
import { history } from '../../lambdas/routes/history.ts'
import { join } from '../../lambdas/routes/join.ts'
import { leave } from '../../lambdas/routes/leave.ts'
import { moveRoom } from '../../lambdas/routes/move-room.ts'
import { participants } from '../../lambdas/routes/participants.ts'
import { purge } from '../../lambdas/routes/purge.ts'
import { record } from '../../lambdas/routes/record.ts'
import { removeMessages } from '../../lambdas/routes/remove-messages.ts'
import { revoke } from '../../lambdas/routes/revoke.ts'
import { roles } from '../../lambdas/routes/roles.ts'
import { send } from '../../lambdas/routes/send.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, categoryOf, connect, person } from '../support/memory/fixtures.ts'
import { pagingAt } from '../support/memory/paging.ts'
import { recorded } from '../support/memory/recorded.ts'

const eve = person('eve', { groups: ['a', 'b', 'c', 'd', 'e', 'f'] })
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await app.categories.create(categoryOf('closed', { allowed: ['group:other'] }))
  const members = { 'user:ana': ['member', 'manager'] } as const
  for (const [roomId, settings] of Object.entries({
    secret: { privacy: 'secret' },
    disabled: { privacy: 'closed', disabled: true },
    'out of scope': { privacy: 'open', categoryId: 'closed' },
  } as const)) {
    await addRoom(app, roomId, settings, { 'user:ana': [...members['user:ana']] })
    for (let seq = 1; seq <= 3; seq++) await app.messages.put(roomId, { seq, sentAt: seq, body: { text: 'x' } })
  }
  await addSession(app, 'secret', person('ana'), 'c-ana')
  await addRoom(app, 'own', { privacy: 'open' })
  await connect(app, eve, 'c-eve')
})

/** Rooms that exist and are hidden, one that does not exist, and words that are the id of no room. */
const guesses = ['secret', 'disabled', 'out of scope', 'missing', '../own#x', 'own\u00e9 😀']

const principals = ['user:eve']

const frames: [string, Handler, (roomId: string) => object][] = [
  ['sync', sync, (roomId) => ({ rooms: { [roomId]: 1 } })],
  ['sync with the newest position', sync, (roomId) => ({ rooms: { [roomId]: 3, own: 0 } })],
  ['history', history, (roomId) => ({ roomId })],
  ['a search', history, (roomId) => ({ roomId, search: 'x' })],
  ['history of many rooms', history, (roomId) => ({ roomIds: ['own', roomId] })],
  ['getRoom', getRoom, (roomId) => ({ roomId })],
  ['getRoom by its name', getRoom, (roomId) => ({ roomName: `Room ${roomId}` })],
  ['join', join, (roomId) => ({ roomId })],
  ['join by its name', join, (roomId) => ({ roomName: `Room ${roomId}` })],
  ['leave', leave, (roomId) => ({ roomId })],
  ['participants', participants, (roomId) => ({ roomId })],
  ['roles', roles, (roomId) => ({ roomId })],
  ['grant', grant, (roomId) => ({ roomId, role: 'member', principals })],
  ['revoke', revoke, (roomId) => ({ roomId, role: 'member', principals })],
  ['updateRoom with the right version', updateRoom, (roomId) => ({ roomId, version: 1, name: 'New' })],
  ['updateRoom with another version', updateRoom, (roomId) => ({ roomId, version: 7, members: principals })],
  ['moveRoom', moveRoom, (roomId) => ({ roomId, categoryId: 'closed' })],
  ['deleteRoom', deleteRoom, (roomId) => ({ roomId })],
  ['removeMessages', removeMessages, (roomId) => ({ roomId, seqs: [1] })],
  ['purge', purge, (roomId) => ({ roomId, before: '2030-01-01T00:00:00Z' })],
  ['record', record, (roomId) => ({ roomId })],
]

describe('the calls of the stores do not show whether a room exists', () => {
  it.each(frames)('to %s', async (_, verb, frameFor) => {
    const traces = []
    for (const roomId of guesses) {
      const { app: watched, calls } = recorded(app)
      const reply = await call(watched, verb, frameFor(roomId), eve, 'c-eve')
      traces.push({ calls, reply: JSON.stringify(reply).replaceAll(JSON.stringify(roomId), 'ROOM') })
    }
    const [first, ...others] = traces
    for (const other of others) expect(other).toEqual(first)
  })

  it.each([0, 9])('to `send`, whatever position the guess of the newest message names (%i)', async (after) => {
    const sent = { text: 'x', clientMessageId: 'm', after, ifHead: 3 }
    const outcomes = []
    for (const roomId of guesses) {
      const { app: watched, calls } = recorded(app)
      const reply = await call(watched, send, { roomId, ...sent }, eve, 'c-eve')
      outcomes.push({ calls, reply })
    }
    for (const other of outcomes) expect(other).toEqual(outcomes[0])
  })
})

describe('a cursor that was made up is refused before any store is asked', () => {
  const forged = Buffer.concat([Buffer.alloc(16), Buffer.from('"1"')]).toString('base64url')

  const lists: [string, Handler, object][] = [
    ['history', history, { roomId: 'own' }],
    ['a search', history, { roomId: 'own', search: 'x' }],
    ['participants', participants, { roomId: 'own' }],
    ['roles', roles, { roomId: 'own' }],
    ['categories', categories, {}],
    ['browse', browse, { mine: true }],
    ['removeMessages', removeMessages, { roomId: 'own', search: 'x' }],
    ['record', record, { roomId: 'own' }],
  ]

  it.each(lists)('by %s', async (_, verb, frame) => {
    const root = person('root', { admin: true })
    for (const cursor of [forged, 'x', (await pagingAt(undefined, ['test'], 'root')).cursorAt(1)]) {
      const { app: watched, calls } = recorded(app)
      const reply = await call(watched, verb, { ...frame, cursor }, root)
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid', details: { field: 'cursor' } } })
      expect(calls).toEqual([])
    }
  })
})
