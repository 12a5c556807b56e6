import type { Entry, MessageBody } from '../../lambdas/domain/log/entry.ts'
import { bytesOf, fitInFrame } from '../../lambdas/replies/page.ts'
import type { Handler } from '../../lambdas/route.ts'
import { history } from '../../lambdas/routes/history.ts'
import { join } from '../../lambdas/routes/join.ts'
import { participants } from '../../lambdas/routes/participants.ts'
import { roles } from '../../lambdas/routes/roles.ts'
import { send } from '../../lambdas/routes/send.ts'
import { sync } from '../../lambdas/routes/sync.ts'
import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, connect, eventOf, person } from '../support/memory/fixtures.ts'

describe('the items that fit in a frame', () => {
  const items = ['a', 'bb', 'ccc', 'dddd']
  const all = bytesOf(items)

  it('are all items if there is space, in either order', () => {
    expect(fitInFrame(items, all, 'oldest')).toEqual(items)
    expect(fitInFrame(items, all, 'newest')).toEqual(items)
    expect(fitInFrame([], 0, 'newest')).toEqual([])
  })

  it('are cut at the less important end and keep their order', () => {
    expect(fitInFrame(items, all - 6, 'oldest')).toEqual(['a', 'bb', 'ccc'])
    expect(fitInFrame(items, all - 6, 'newest')).toEqual(['ccc', 'dddd'])
    expect(fitInFrame(items, 3, 'newest')).toEqual([])
  })

  it('do not skip a large item for a smaller one', () => {
    expect(fitInFrame(['a', 'x'.repeat(100), 'b'], 50, 'oldest')).toEqual(['a'])
    expect(fitInFrame(['a', 'x'.repeat(100), 'b'], 50, 'newest')).toEqual(['b'])
  })

  it('are counted in bytes of their JSON', () => {
    expect(fitInFrame(['😀😀'], 10, 'oldest')).toEqual([])
    expect(fitInFrame(['"\n'], 5, 'oldest')).toEqual([])
  })
})

const longestId = '€'.repeat(limits.idCharacters)
const longestName = '😀'.repeat(limits.nameCharacters)
const longest = (nr: number) => person(String(nr).padStart(3, '0').padStart(128, '€'), { name: longestName })
const roomId = '0a1b2c3d-0000-4000-8000-0123456789ab'

/** A body of the maximum size of a message: 24 KiB of JSON. */
function largestBody(): MessageBody {
  const body = {
    text: `x${'\n'.repeat(4095)}`,
    title: '😀'.repeat(200),
    rich: { contentType: 'text/markdown', body: '' },
  }
  const space = limits.messageBytes - bytesOf(body)
  return { ...body, rich: { ...body.rich, body: 'x'.repeat(space) } }
}

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  app.settings = { ...app.settings, epoch: 'e'.repeat(36) }
  const description = '😀'.repeat(limits.descriptionCharacters)
  await addRoom(app, roomId, { privacy: 'open', name: longestName, description, createdBy: longest(0).user })
})

async function addMessages(count: number, body: MessageBody): Promise<void> {
  const { user, name } = longest(0)
  const sentAt = app.clock.now()
  for (let seq = 1; seq <= count; seq++) {
    const entry: Entry = { seq, sentAt, from: { user, name }, clientMessageId: longestId, digest: 'd', body }
    await app.messages.put(roomId, entry)
  }
}

/** Returns the reply after a check of its size. */
async function ask(handler: Handler, frame: object, connectionId = 'c'): Promise<Record<string, unknown>> {
  const request = { action: 'x', id: longestId, roomId, ...frame }
  const { body } = await handler(app, eventOf(app, request, longest(0), connectionId))
  expect(Buffer.byteLength(body ?? '')).toBeLessThanOrEqual(limits.frameBytes)
  const parsed: unknown = JSON.parse(body ?? '')
  return { ...Object(parsed) }
}

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : [])
const seqsOf = (reply: Record<string, unknown>) => list(reply.messages).map((message) => message.seq)

it('the largest message is accepted, and its reply fits in one frame', async () => {
  const body = largestBody()
  expect(frames.send.safeParse({ roomId, ...body }).success).toBe(true)
  await addSession(app, roomId, longest(0), 'c')
  await addSession(app, roomId, longest(1), 'other')
  const after = { clientMessageId: longestId, after: 0 }
  expect(await ask(send, { ...body, ...after })).toMatchObject({ ok: true, message: { seq: 1, title: body.title } })
  const [push] = app.connections.frames('other')
  expect(Buffer.byteLength(push ?? '')).toBeLessThanOrEqual(limits.frameBytes)
  expect(push).toContain('"type":"message"')
})

it.each<[string, object, number[]]>([
  ['up, the oldest', { after: 0 }, [1, 2, 3]],
  ['down, the newest', {}, [3, 2, 1]],
])('the largest messages have one page each: %s first', async (_, direction, order) => {
  await addMessages(3, largestBody())
  const received: unknown[] = []
  let cursor: unknown
  do {
    const reply = await ask(history, { ...direction, limit: 500, ...(cursor !== undefined && { cursor }) })
    received.push(...seqsOf(reply))
    cursor = reply.cursor
  } while (cursor !== undefined && received.length < 4)
  expect(received).toEqual(order)
})

it('a page contains as many small messages as fit, starting at the requested end', async () => {
  await addMessages(200, { text: 'x'.repeat(500) })
  const ascending = seqsOf(await ask(history, { after: 0, limit: 500 }))
  expect(ascending.length).toBeGreaterThan(10)
  expect(ascending).toEqual(ascending.map((_, at) => at + 1))
  const descending = seqsOf(await ask(history, { limit: 500 }))
  expect(descending).toHaveLength(ascending.length)
  expect(descending.at(-1)).toBe(200)
})

it('a page of any size fits in a frame', async () => {
  const sizes = Array.from({ length: 50 }, (_, nr) => 3000 + nr * 20)
  const counts: number[] = []
  for (const [nr, size] of sizes.entries()) {
    const id = String(nr).padStart(36, '0')
    await addRoom(app, id, { privacy: 'open' })
    for (const [at, length] of [14_000, 14_000, size, 14_000].entries()) {
      const body = { text: 'x'.repeat(length), title: 'T' }
      await app.messages.put(id, { seq: at + 1, sentAt: 1, from: { user: 'ana', name: 'Ana' }, body })
    }
    counts.push(seqsOf(await ask(history, { roomId: id, after: 0, limit: 500 })).length)
  }
  // With growing size, the third message no longer fits.
  expect(new Set(counts)).toEqual(new Set([2, 3]))
})

describe('the reply to `join`', () => {
  beforeEach(() => connect(app, longest(0), 'c'))

  it('omits messages that do not fit and is not complete', async () => {
    await addMessages(3, largestBody())
    expect(await ask(join, {})).toMatchObject({ ok: true, messages: [{ seq: 3 }], head: 3, complete: false })
    expect(await ask(join, { after: 0 })).toMatchObject({ ok: true, messages: [{ seq: 1 }], head: 3, complete: false })
  })

  it('has a count instead of a list for 75 participants with the longest names', async () => {
    await addMessages(2, largestBody())
    for (let nr = 1; nr < 75; nr++) await addSession(app, roomId, longest(nr), `c${nr}`)
    const reply = await ask(join, {})
    expect(reply).toMatchObject({ participantCount: 75, messages: [{ seq: 2 }] })
    expect(reply).not.toHaveProperty('participants')
  })

  it('has a list of 75 participants with ordinary names', async () => {
    for (let nr = 1; nr < 75; nr++) await addSession(app, roomId, person(`user-${nr}`), `c${nr}`)
    await addMessages(200, { text: 'x'.repeat(400) })
    const reply = await ask(join, { limit: 200 })
    expect(list(reply.participants)).toHaveLength(75)
    expect(seqsOf(reply).at(-1)).toBe(200)
    expect(reply.complete).toBe(false)
  })
})

it('the pages of participants with the longest names contain each participant once', async () => {
  for (let nr = 0; nr < 120; nr++) await addSession(app, roomId, longest(nr), `c${nr}`)
  const received: unknown[] = []
  let cursor: unknown
  do {
    const reply = await ask(participants, cursor === undefined ? {} : { cursor })
    expect(reply.participantCount).toBe(120)
    received.push(...list(reply.participants).map((participant) => participant.user))
    cursor = reply.cursor
  } while (cursor !== undefined && received.length <= 120)
  expect(received).toEqual(Array.from({ length: 120 }, (_, nr) => longest(nr).user))
})

it('the reply to `sync` contains a hundred rooms', async () => {
  const ids = Array.from({ length: 100 }, (_, nr) => String(nr).padStart(64, '€'))
  for (const id of ids) {
    await addRoom(app, id, { privacy: 'open' })
    await app.messages.put(id, { seq: 1, sentAt: 1, body: { text: 'x' } })
  }
  const reply = await ask(sync, { rooms: Object.fromEntries(ids.map((id) => [id, 0])) })
  expect(Object.keys(Object(reply.rooms))).toHaveLength(100)
  expect(list(reply.notJoined)).toEqual(ids.slice(0, list(reply.notJoined).length))
  const ordinary = ids.map((id) => id.replaceAll('€', '').padStart(36, 'x'))
  expect((await ask(sync, { rooms: Object.fromEntries(ordinary.map((id) => [id, 0])) })).notJoined).toEqual(ordinary)
})

it('a page of grants fits in a frame with the longest principals', async () => {
  for (let nr = 0; nr < 100; nr++) {
    const principal = `user:${longest(nr).user}`
    app.roles.put(roomId, { role: 'member', principal, createdAt: 1, createdBy: longest(0).user })
  }
  expect(list((await ask(roles, {})).grants).length).toBeGreaterThan(10)
})

it('the error of a frame with a very long field fits in one frame', async () => {
  expect(await ask(sync, { rooms: { ['x'.repeat(30_000)]: 'y' } })).toMatchObject({ error: { code: 'invalid' } })
})
