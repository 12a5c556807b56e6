import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

const world = aWorld()

/** Reads all pages of the record of a room. */
async function recordOf(room: Frame, span: Frame = {}): Promise<Frame[]> {
  const root = await world().connect('root')
  const entries: Frame[] = []
  let cursor: string | undefined
  do {
    const page = await root.ask('record', { roomId: room.roomId, ...span, ...(cursor && { cursor }) })
    entries.push(...page.entries)
    cursor = page.cursor
  } while (cursor)
  return entries
}

const events = (entries: Frame[]) => entries.map(({ event, by }) => `${by} ${event}`)

describe('the compliance record', () => {
  it('contains grants, joins, messages, searches, revocations and leaves with their users and times', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    await bob.ask('send', { roomId: room.roomId, text: 'Good morning' })
    await alice.ask('history', { roomId: room.roomId, search: 'morning' })
    await alice.ask('revoke', { roomId: room.roomId, role: 'member', principals: ['user:bob'] })
    await alice.ask('leave', { roomId: room.roomId })
    const entries = await recordOf(room)
    expect(events(entries)).toEqual([
      'alice created',
      'alice granted',
      'alice joined',
      'bob joined',
      'bob said',
      'alice searched',
      'alice revoked',
      'bob left',
      'alice left',
    ])
    expect(entries[1]?.details).toEqual({ role: 'member', principals: ['user:alice', 'user:bob'] })
    expect(entries[4]?.details).toMatchObject({ seq: 1, text: 'Good morning' })
    expect(entries[5]?.details).toMatchObject({ search: 'morning' })
    expect(entries[7]?.details).toEqual({ how: 'kicked' })
    const times = entries.map(({ at }) => at)
    expect(times).toEqual([...times].sort())
  })

  it('keeps the text of a removed message', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    await alice.ask('send', { roomId: room.roomId, text: 'Something bad' })
    const root = await world().connect('root')
    expect((await root.ask('removeMessages', { roomId: room.roomId, seqs: [1] })).removed).toBe(1)
    const removed = (await recordOf(room)).find(({ event }) => event === 'removed')
    expect(removed).toMatchObject({ by: 'root', details: { seq: 1, author: 'alice', text: 'Something bad' } })
    expect((await alice.ask('history', { roomId: room.roomId })).messages[0].text).toBeUndefined()
  })

  it('contains a leave for a connection that was cut', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    bob.kill()
    await alice.push('participant', { event: 'left' })
    expect((await recordOf(room)).at(-1)).toMatchObject({ event: 'left', by: 'bob', details: { how: 'disconnected' } })
  })

  it('can be read in pages and by time without missing or repeating an entry', async () => {
    const room = await world().room({ privacy: 'open' }, [])
    // Ten users, so that the rate limits do not apply.
    const people = await Promise.all(Array.from({ length: 10 }, (_, nr) => world().joined(`person${nr}`, room)))
    for (let nr = 1; nr <= 130; nr++) {
      await people[nr % 10]?.ask('send', { roomId: room.roomId, text: `${nr} ${'x'.repeat(200)}` })
    }
    const entries = await recordOf(room)
    const messages = entries.filter(({ event }) => event === 'said')
    expect(messages.map(({ details }) => details.seq)).toEqual(Array.from({ length: 130 }, (_, at) => at + 1))
    const [from, to] = [messages[40]?.at, messages[60]?.at]
    const some = await recordOf(room, { from, to })
    expect(some.map(({ details }) => details.seq)).toEqual(expect.arrayContaining([41, 61]))
    expect(some.every(({ at }) => at >= from && at <= to)).toBe(true)
  })

  it('requires an administrator and remains after the room is deleted', async () => {
    const room = await world().room()
    const secret = await world().room({ privacy: 'secret' }, ['user:alice'])
    const alice = await world().connect('alice')
    const carol = await world().connect('carol')
    expect(await alice.refusal('record', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
    expect(await carol.refusal('record', { roomId: secret.roomId })).toMatchObject({ code: 'not_found' })
    const root = await world().connect('root')
    await root.ask('deleteRoom', { roomId: room.roomId })
    expect(events(await recordOf(room))).toContain('alice granted')
  })

  it('names the field of an invalid query', async () => {
    const root = await world().connect('root')
    const bad = (fields: Frame) => root.refusal('record', { roomId: someName().slice(0, 60), ...fields })
    expect(await bad({ from: 'yesterday' })).toMatchObject({ code: 'invalid', details: { field: 'from' } })
    expect(await bad({ cursor: 'abc' })).toMatchObject({ code: 'invalid', details: { field: 'cursor' } })
  })

  it('can be exported as JSON lines by one command', async () => {
    const room = await world().room({ privacy: 'open' }, [])
    const alice = await world().joined('alice', room)
    await alice.ask('send', { roomId: room.roomId, text: 'On the record' })
    const token = await world().deployment.token('root')
    const { url } = world().deployment
    const command = [
      '--import',
      'tsx',
      'terminal/main.ts',
      'export',
      '--timeout',
      '60',
      '--url',
      url,
      '--room',
      room.roomId,
      '--from',
      '2020-01-01T00:00:00Z',
    ]
    const { stdout } = await promisify(execFile)(process.execPath, command, {
      env: { ...process.env, CHAT_TOKEN: token },
    })
    const lines = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text))
    expect(events(lines)).toEqual(['alice created', 'alice joined', 'alice said'])
  })
})

describe('the record of a user', () => {
  it('contains what the user did in every room, even in a deleted one', async () => {
    const [kept, deleted] = [await world().room(), await world().room()]
    for (const room of [kept, deleted]) {
      const bob = await world().joined('bob', room)
      await bob.ask('send', { roomId: room.roomId, text: 'Good morning' })
    }
    const root = await world().connect('root')
    await root.ask('deleteRoom', { roomId: deleted.roomId })
    const entries: Frame[] = []
    let cursor: string | undefined
    do {
      const page = await root.ask('record', { user: 'bob', ...(cursor && { cursor }) })
      entries.push(...page.entries)
      cursor = page.cursor
    } while (cursor)
    const eventsIn = (room: Frame) => events(entries.filter(({ roomId }) => roomId === room.roomId))
    expect(eventsIn(kept)).toEqual(['alice granted', 'bob joined', 'bob said'])
    expect(eventsIn(deleted)).toEqual(['alice granted', 'bob joined', 'bob said', 'bob left'])
    const alice = await world().connect('alice')
    expect((await alice.refusal('record', { user: 'bob' })).code).toBe('forbidden')
  })
})
