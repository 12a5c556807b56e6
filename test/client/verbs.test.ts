import type { ChatClient, HistoryQuery } from '../../client/index.ts'
import { errorOf } from './listening.ts'
import { connected, message, refused, roomId, ScriptedServer } from './scripted-server.ts'

/** What each method of the client sends and returns, and how often it is tried. */

type Case = [
  verb: string,
  frame: object,
  call: (client: ChatClient) => Promise<unknown>,
  reply: object,
  result: unknown,
]

const change = { roomId, role: 'member', principals: ['user:bob'] } as const
const query = { roomId, cursor: 'c1' }
const eve = { user: 'eve' }
const erased = { user: 'eve', messages: 'keep' } as const

/** Running them twice has the effect of running them once, so they are sent up to five times. */
const repeatable: Case[] = [
  ['hello', {}, (client) => client.hello(), { user: 'alice' }, { user: 'alice' }],
  [
    'createRoom',
    { name: 'Attic', clientRoomId: 'mine' },
    (client) => client.createRoom({ name: 'Attic', clientRoomId: 'mine' }),
    { room: { roomId: 'attic' } },
    { roomId: 'attic' },
  ],
  ['getRoom', { roomName: 'Attic' }, (client) => client.getRoom('Attic'), { room: {} }, { room: {} }],
  ['grant', change, (client) => client.grant(change), { changed: ['user:bob'] }, ['user:bob']],
  ['revoke', change, (client) => client.revoke(change), { changed: ['user:bob'] }, ['user:bob']],
  ['roles', query, (client) => client.roles(query), { grants: [] }, { grants: [] }],
  ['browse', { mine: true }, (client) => client.browse({ mine: true }), { rooms: [] }, { rooms: [] }],
  ['categories', { creatable: true }, (client) => client.categories({ creatable: true }), { categories: [] }, []],
  ['invitations', { after: 0 }, (client) => client.invitations(), { last: 7 }, { last: 7 }],
  ['preference', { label: 'a' }, (client) => client.preference({ label: 'a' }), { version: 2 }, { version: 2 }],
  ['purge', { roomId, before: 'now' }, (client) => client.purge(roomId, 'now'), { floor: 3 }, { floor: 3 }],
  ['record', query, (client) => client.recordPage(query), { entries: [] }, { entries: [] }],
  ['block', { user: 'eve' }, (client) => client.block('eve'), {}, undefined],
  ['unblock', { user: 'eve' }, (client) => client.unblock('eve'), {}, undefined],
  ['blocks', {}, (client) => client.blocks(), { users: ['eve'] }, ['eve']],
  ['suspend', eve, (client) => client.suspend(eve), { suspended: { by: 'root' } }, { by: 'root' }],
  ['unsuspend', eve, (client) => client.unsuspend('eve'), { unsuspended: true }, true],
  ['suspended', {}, (client) => client.suspended(), { suspended: [] }, { suspended: [] }],
  ['disconnect', eve, (client) => client.disconnectUser(eve), { disconnected: 2 }, 2],
  ['retention', { roomId, days: 9 }, (client) => client.retention({ roomId, days: 9 }), { days: 9 }, 9],
  ['legalHold', { roomId, hold: true }, (client) => client.legalHold({ roomId, hold: true }), { hold: true }, true],
  ['erase', erased, (client) => client.erase(erased), { job: { user: 'eve' } }, { user: 'eve' }],
  ['sync', { rooms: { attic: 4 } }, (client) => client.sync({ attic: 4 }), { rooms: {} }, { rooms: {} }],
  ['ping', {}, (client) => client.ping(), {}, undefined],
  ['participants', query, (client) => client.participants(query), { participants: [] }, { participants: [] }],
  ['history', { roomId, after: 3 }, (client) => client.historyPage({ roomId, after: 3 }), page([4]), page([4])],
  [
    'history',
    { roomIds: [roomId] },
    (client) => client.historyPages({ roomIds: [roomId] }),
    { rooms: [{ roomId, ...page([4]) }], later: 1 },
    { rooms: [{ roomId, ...page([4]) }], later: 1 },
  ],
]

/** Each run has an effect of its own, so they are sent once. */
const single: Case[] = [
  [
    'updateRoom',
    { roomId, version: 1, name: 'Hall' },
    (client) => client.updateRoom({ roomId, version: 1, name: 'Hall' }),
    { room: { version: 2 } },
    { version: 2 },
  ],
  [
    'moveRoom',
    { roomId, categoryId: 'work' },
    (client) => client.moveRoom(roomId, 'work'),
    { purged: [], purgedCount: 0 },
    { purged: [], purgedCount: 0 },
  ],
  ['deleteRoom', { roomId }, (client) => client.deleteRoom(roomId), {}, undefined],
  [
    'createCategory',
    { name: 'Work' },
    (client) => client.createCategory({ name: 'Work' }),
    { category: { categoryId: 'work' } },
    { categoryId: 'work' },
  ],
  [
    'updateCategory',
    { categoryId: 'work', version: 1, name: 'Play' },
    (client) => client.updateCategory({ categoryId: 'work', version: 1, name: 'Play' }),
    { category: { version: 2 } },
    { version: 2 },
  ],
  ['deleteCategory', { categoryId: 'work' }, (client) => client.deleteCategory('work'), {}, undefined],
  [
    'preference',
    { label: 'a', data: '' },
    (client) => client.preference({ label: 'a', data: '' }),
    { version: 3 },
    { version: 3 },
  ],
  [
    'removeMessages',
    { roomId, seqs: [1] },
    (client) => client.removeMessages({ roomId, seqs: [1] }),
    { removed: 1 },
    { removed: 1 },
  ],
]

function page(seqs: readonly number[]) {
  return { messages: seqs.map((seq) => message(seq)), head: 9, floor: 1, epoch: 'first', exceeded: false }
}

/** A client of a server that answers one verb by the script. */
async function answering(verb: string, answer: (asked: number) => object) {
  const server = new ScriptedServer()
  const client = await connected(server)
  let asked = 0
  server.script = ({ action }) => (action === verb ? answer(asked++) : undefined)
  const before = server.newest.askedFor(verb).length
  /** The fields of the requests with this verb. */
  const sent = () =>
    server.newest
      .askedFor(verb)
      .slice(before)
      .map(({ action: _, id: __, ...fields }) => fields)
  return { server, client, sent }
}

describe('a method of the client', () => {
  it.each([...repeatable, ...single])(
    'sends %s with exactly the fields %j and returns its reply',
    async (verb, frame, call, reply, result) => {
      const { client, sent } = await answering(verb, () => reply)
      expect(await call(client)).toEqual(result)
      expect(sent()).toEqual([frame])
      client.close()
    },
  )

  const busy = refused('unavailable', { retryable: true, retryAfterMs: 100 })

  it.each([
    ...repeatable.map(([verb, frame, call]) => [verb, frame, 5, call] as const),
    ...single.map(([verb, frame, call]) => [verb, frame, 1, call] as const),
  ])('sends %s with %j %i times at most if the server is busy', async (verb, _, times, call) => {
    const { server, client, sent } = await answering(verb, () => busy)
    const failing = errorOf(call(client))
    await server.clock.pass(times * 100)
    expect(sent()).toHaveLength(times)
    expect(await failing).toMatchObject({ name: 'ChatError', code: 'unavailable' })
    client.close()
  })

  it('creates a room with an id of the client, so that the creation can be repeated', async () => {
    const server = new ScriptedServer()
    const client = server.client({ newId: () => 'made' })
    await client.connect()
    server.script = ({ action }) => (action === 'createRoom' ? { room: { roomId } } : undefined)
    await client.createRoom({ name: 'Attic' })
    expect(server.newest.askedFor('createRoom')).toMatchObject([{ name: 'Attic', clientRoomId: 'made' }])
    client.close()
  })

  it('asks for the invitations after a number', async () => {
    const { client, sent } = await answering('invitations', () => ({ invitations: [], last: 8 }))
    await client.invitations(8)
    expect(sent()).toEqual([{ after: 8 }])
    client.close()
  })
})

describe('a method that reads all pages', () => {
  const cursors = ['p2', 'p3', undefined]

  it('of the categories asks for each further page by the cursor of the one before', async () => {
    const { client, sent } = await answering('categories', (asked) => ({
      categories: [{ categoryId: `c${asked}` }],
      cursor: cursors[asked],
    }))
    const all = await client.categories({ creatable: true })
    expect(all).toEqual([{ categoryId: 'c0' }, { categoryId: 'c1' }, { categoryId: 'c2' }])
    expect(sent()).toEqual([{ creatable: true }, { creatable: true, cursor: 'p2' }, { creatable: true, cursor: 'p3' }])
    client.close()
  })

  it('of the record starts at the cursor of the query and keeps its other fields', async () => {
    const { client, sent } = await answering('record', (asked) => ({ entries: [{ asked }], cursor: cursors[asked] }))
    const all: unknown[] = []
    for await (const entry of client.record({ roomId, from: 'then', cursor: 'p1' })) all.push(entry)
    expect(all).toEqual([{ asked: 0 }, { asked: 1 }, { asked: 2 }])
    expect(sent()).toEqual(['p1', 'p2', 'p3'].map((cursor) => ({ roomId, from: 'then', cursor })))
    client.close()
  })

  const pages = [
    [5, 4, 6],
    [2, 3, 1],
  ]
  const newestFirst = [6, 5, 4, 3, 2, 1]
  const oldestFirst = [4, 5, 6, 1, 2, 3]

  it.each<[string, Omit<HistoryQuery, 'roomId'>, number[]]>([
    ['no bound', {}, newestFirst],
    ['an upper bound', { before: 9 }, newestFirst],
    ['a position to start after', { after: 0 }, oldestFirst],
    ['a time to start from', { from: '2026-11-22T00:00:00Z' }, oldestFirst],
    ['the order from the oldest', { order: 'oldest' }, oldestFirst],
    ['a position and the order from the newest', { after: 0, order: 'newest' }, newestFirst],
    ['a time and the order from the newest', { from: '2026-11-22T00:00:00Z', order: 'newest' }, newestFirst],
  ])('of the history with %s gives the messages of each page in its direction', async (_, bounds, order) => {
    const { client, sent } = await answering('history', (asked) => ({
      ...page(pages[asked] ?? []),
      ...(asked === 0 && { cursor: 'p2' }),
    }))
    const seqs: number[] = []
    for await (const { seq } of client.history({ ...bounds, roomId, cursor: 'p1' })) seqs.push(seq)
    expect(seqs).toEqual(order)
    expect(sent()).toEqual(['p1', 'p2'].map((cursor) => ({ ...bounds, roomId, cursor })))
    client.close()
  })
})
