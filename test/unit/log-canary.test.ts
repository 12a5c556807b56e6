import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Caller } from '../../lambdas/domain/access/principals.ts'
import { tagOf } from '../../lambdas/domain/budget/rate.ts'
import { runErasure } from '../../lambdas/domain/rooms/erasure.ts'
import { admit } from '../../lambdas/handshake.ts'
import { runReview } from '../../lambdas/jobs/review.ts'
import { observedJob } from '../../lambdas/observe.ts'
import { broadcast } from '../../lambdas/push/broadcast.ts'
import { deliver, parseDelivery } from '../../lambdas/push/deliver.ts'
import type { Handler } from '../../lambdas/route.ts'
import { everyRoute } from '../support/every-route.ts'
import type { MemoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, categoryOf, connect, eventOf, person } from '../support/memory/fixtures.ts'
import { memoryStores } from '../support/memory/stores.ts'
import { watchedApp } from '../support/memory/watched-app.ts'
import { faultsOf } from '../support/metric-format.ts'

/** A word that stands for everything that users say, and for the ids of users, rooms and categories. */
const canary = 'canary7f3a'
const [room, user, category] = [`room-${canary}`, `user-${canary}`, `category-${canary}`]
const time = '2001-01-01T00:00:00.000Z'

const admin = person(user, { name: canary, groups: [canary], admin: true })
const stranger = person(`stranger-${canary}`, { name: canary, groups: [canary] })
const principals = [`user:${canary}`]

/** A frame of each verb that an administrator may send, in an order in which all are accepted. */
const frames: [verb: string, frame: object][] = [
  ['hello', { id: canary }],
  ['createCategory', { name: `new ${canary}`, description: canary, allowed: principals }],
  ['updateCategory', { categoryId: category, version: 1, description: canary, denied: principals }],
  ['categories', {}],
  ['createRoom', { name: `new ${canary}`, description: canary, clientRoomId: canary }],
  ['getRoom', { roomId: room }],
  ['join', { roomUri: `chat://chat.test/${room}` }],
  ['send', { roomId: room, text: canary, title: canary, rich: { contentType: 'text/html', body: canary } }],
  ['send', { roomId: room, text: canary, clientMessageId: canary, after: 1 }],
  ['sync', { rooms: { [room]: 0 } }],
  ['history', { roomId: room, search: canary, authors: [user] }],
  ['participants', { roomId: room }],
  ['grant', { roomId: room, role: 'member', principals }],
  ['roles', { roomId: room }],
  ['revoke', { roomId: room, role: 'member', principals }],
  ['updateRoom', { roomId: room, version: 1, name: `again ${canary}`, description: canary }],
  ['moveRoom', { roomId: room, categoryId: category }],
  ['browse', { criteria: { text: canary } }],
  ['invitations', {}],
  ['preference', { label: canary, data: canary }],
  ['block', { user: `blocked-${canary}` }],
  ['blocks', {}],
  ['unblock', { user: `blocked-${canary}` }],
  ['removeMessages', { roomId: room, seqs: [1], replacement: canary }],
  ['purge', { roomId: room, before: time }],
  ['record', { roomId: room, user }],
  ['retention', { roomId: room, days: 3 }],
  ['legalHold', { roomId: room, hold: true }],
  ['suspend', { user: `suspended-${canary}`, reason: canary }],
  ['suspended', {}],
  ['unsuspend', { user: `suspended-${canary}` }],
  ['disconnect', { user: `other-${canary}` }],
  ['erase', { user: `erased-${canary}`, messages: 'remove' }],
  ['leave', { roomId: room }],
  ['deleteRoom', { roomId: room }],
  ['deleteCategory', { categoryId: `empty-${canary}` }],
]

/** What stores, tokens and connections may throw; each holds the canary where such an error may hold a text. */
const errors: readonly unknown[] = [
  new Error(canary),
  new TypeError(`Headers.append: "${canary}" is an invalid header value.`),
  new TypeError(`Cannot use 'in' operator to search for 'x' in ${canary}`),
  new TypeError(`Cannot read properties of undefined (reading '${canary}')`),
  new SyntaxError(`Unexpected token 'c', "${canary}" is not valid JSON`),
  new Error(`x\n    at y (${process.cwd()}/${canary}.ts:1:1)`),
  Object.assign(new Error(canary), { name: `Not ${canary}`, code: `no ${canary}`, Item: { text: { S: canary } } }),
  Object.assign(new Error('changed'), { stack: `Error: ${canary}\n    at ${canary}` }),
  new Error('with a cause', { cause: new Error(canary) }),
  new AggregateError([new Error(canary)], canary),
  canary,
  { canary },
]

let routes: Map<string, Handler>

beforeAll(async () => {
  routes = await everyRoute()
})

async function prepare() {
  const { app, written } = watchedApp('debug')
  await app.categories.create(categoryOf(category, { name: canary }))
  await app.categories.create(categoryOf(`empty-${canary}`, { name: `empty ${canary}` }))
  await addRoom(app, room, { name: canary, description: canary, privacy: 'open' }, { [`user:${user}`]: ['manager'] })
  await addSession(app, room, person(`other-${canary}`, { name: canary }), 'c-other')
  await connect(app, admin, 'c-1')
  await connect(app, stranger, 'c-2')
  return { app, written }
}

async function run(app: MemoryApp, verb: string, frame: unknown, caller: Caller, connectionId: string): Promise<void> {
  const handler = routes.get(verb)
  if (!handler) throw new Error(`There is no ${verb}.`)
  const event = eventOf(
    app,
    typeof frame === 'string' ? frame : { action: verb, ...Object(frame) },
    caller,
    connectionId,
  )
  event.requestContext.routeKey = verb
  const identity = { sourceIp: canary, userAgent: canary }
  const requestContext = { ...event.requestContext, identity }
  await handler(app, { ...event, requestContext, headers: { 'sec-websocket-protocol': `bearer.${canary}` } }).catch(
    checkThrown,
  )
}

/** Lambda logs what a handler throws: the words, the stack, and the members of the error. */
function checkThrown(error: unknown): void {
  const { stack = '', ...members } = error instanceof Error ? { stack: error.stack, ...error } : Object(error)
  expect([String(error), stack, JSON.stringify(members)].join()).not.toContain(canary)
}

/** All lines are valid and say nothing of the canary. Returns the outcomes by verb. */
function checked({ app, written }: { app: MemoryApp; written: string[] }): Map<string, Set<string>> {
  expect(written.flatMap((text) => faultsOf(text, app.clock.now()))).toEqual([])
  expect(written.filter((text) => text.includes(canary))).toEqual([])
  const outcomes = new Map<string, Set<string>>()
  for (const { verb, outcome } of written.map((text) => JSON.parse(text)).filter((line) => line.verb))
    outcomes.set(verb, new Set([...(outcomes.get(verb) ?? []), outcome]))
  return outcomes
}

/** The app with stores that throw at every call. */
function failing(app: MemoryApp, error: unknown): MemoryApp {
  const broken = (store: object) =>
    new Proxy(store, {
      get: (target, name) => {
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? () => Promise.reject(error) : value
      },
    })
  const names = Object.keys(memoryStores()).filter((name) => name !== 'clock') as (keyof MemoryApp)[]
  const stores = Object.fromEntries(names.map((name) => [name, broken(Object(app[name]))]))
  return { ...app, ...stores, cursorKey: () => Promise.reject(error) }
}

it('every verb has a frame here', () => {
  const verbs = new Set(frames.map(([verb]) => verb))
  expect([...routes.keys()].filter((key) => !key.startsWith('$') && !verbs.has(key))).toEqual([])
})

it('no line of a request that is accepted holds what a user says', async () => {
  const watched = await prepare()
  await run(watched.app, '$connect', '', admin, 'c-1')
  for (const [verb, frame] of frames) await run(watched.app, verb, frame, admin, 'c-1')
  await run(watched.app, '$disconnect', '', admin, 'c-1')
  const outcomes = checked(watched)
  const refused = [...routes.keys()].filter((key) => key !== '$default' && !outcomes.get(key)?.has('ok'))
  expect(refused).toEqual([])
  const sent = watched.written.map((text) => JSON.parse(text)).find(({ verb }) => verb === 'send')
  expect(sent).toMatchObject({ room: tagOf(room), user: tagOf(user) })
})

it('no line of a request that is refused holds what a user says', async () => {
  const watched = await prepare()
  const { app } = watched
  for (const [verb, frame] of frames) {
    await run(app, verb, frame, stranger, 'c-2')
    const wrong = Object.fromEntries(Object.keys(frame).map((field) => [field, { [canary]: canary }]))
    await run(app, verb, { ...wrong, roomId: `no-${canary}`, [canary]: 1 }, admin, 'c-1')
    for (const text of [canary, `{"action":"${verb}","${canary}":"\\ud800"}`, `["${canary}"]`])
      await run(app, verb, text, admin, 'c-1')
  }
  await run(app, '$default', { action: canary }, admin, 'c-1')
  await app.suspensions.put({ user, reason: canary, by: canary, since: 1 })
  await run(app, '$connect', '', admin, 'c-3')
  const outcomes = checked(watched)
  for (const [verb] of frames) expect([...(outcomes.get(verb) ?? [])].some((outcome) => outcome !== 'ok')).toBe(true)
  expect([...(outcomes.get('$connect') ?? [])]).toEqual(['suspended'])
})

it.each(errors.map((error) => [error]))('no line of a store that fails with %p holds what it says', async (error) => {
  const watched = await prepare()
  const broken = failing(watched.app, error)
  await run(broken, '$connect', '', admin, 'c-1')
  for (const [verb, frame] of frames) await run(broken, verb, frame, admin, 'c-1')
  await run(broken, '$disconnect', '', admin, 'c-1')
  const outcomes = checked(watched)
  expect(outcomes.get('send')).toEqual(new Set(['internal']))
  expect([...outcomes.values()].filter((each) => each.has('internal')).length).toBeGreaterThan(30)
})

it.each([undefined, ...errors].map((error) => [error]))(
  'no line of a job holds what a user says: %p',
  async (error) => {
    const watched = await prepare()
    await run(watched.app, 'join', { roomId: room }, admin, 'c-1')
    await run(watched.app, 'send', { roomId: room, text: canary }, admin, 'c-1')
    const app = error === undefined ? watched.app : failing(watched.app, error)
    const job = (verb: string, work: () => Promise<unknown>) =>
      observedJob(app, { verb, requestId: 'request-2' }, async (course) => {
        course.roomId = room
        return work()
      }).catch(checkThrown)
    const ports = {
      ...app,
      workers: { start: () => Promise.reject(error) },
      undelivered: { keep: () => Promise.reject(error) },
      postsPerSecond: 8000,
    }
    watched.app.connections.setFault('c-other', 'gone')
    await job('broadcast', () => broadcast(ports, [{ sequenceNumber: '1', roomId: room, seq: 1, readable: true }]))
    await job('broadcast', () => broadcast(ports, [{ sequenceNumber: '1', roomId: room, seq: 1, readable: false }]))
    await job('deliver', () => deliver(app, { roomId: room, first: 1, last: 1, part: {} }))
    await job('deliver', async () => parseDelivery({ roomId: canary, first: canary }))
    await job('review', () => runReview(app, { roomId: room, reason: 'revoked' }, 0))
    const erasure = { user, messages: 'remove', by: canary, startedAt: 1, at: 1 } as never
    await job('jobs', () => runErasure(app, erasure, Number.MAX_SAFE_INTEGER))
    const outcomes = checked(watched)
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['broadcast', 'deliver', 'review', 'jobs']))
  },
)

it.each([undefined, ...errors].map((error) => [error]))('no line of a handshake holds its token: %p', async (error) => {
  const watched = await prepare()
  const fail = () => Promise.reject(error)
  const claims = { user, name: canary, groups: Array.from({ length: 900 }, (_, at) => `${canary}${at}`), exp: 1 }
  const bad = Object.assign(new Error(canary), { code: 'ERR_JWT_EXPIRED' })
  for (const verify of [async () => claims, async () => ({ ...claims, groups: [] }), fail, () => Promise.reject(bad)]) {
    const ports = {
      ...watched.app,
      sources: [{ issuer: 'https://one.example', audience: ['a'], services: [] }] as const,
      verify,
      origins: ['https://page.example'],
      adminGroup: 'root',
      guests: ['general'],
      namedAmong: fail,
      admitsGuest: error === undefined ? async () => false : fail,
    }
    const event = (headers: Record<string, string>) => ({ methodArn: 'arn/chat/$connect', headers })
    for (const headers of [
      { authorization: `Bearer ${canary}` },
      { 'sec-websocket-protocol': `bearer.guest.${canary.repeat(5)}` },
      { 'sec-websocket-protocol': `bearer.guest.${canary}` },
      { origin: `https://${canary}.example` },
    ])
      await admit(ports, event(headers)).catch(checkThrown)
  }
  const outcomes = checked(watched)
  expect([...(outcomes.get('authorizer') ?? [])]).toEqual(expect.arrayContaining(['ok', 'bad_token', 'origin']))
})

it('no function writes to the console, which is not checked here', () => {
  const sources = readdirSync('lambdas', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  expect(sources.filter((file) => /\bconsole\./.test(readFileSync(join('lambdas', file), 'utf8')))).toEqual([])
})
