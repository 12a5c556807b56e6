import { startLocalRun } from '../support/local-run/local-run.ts'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { readLog } from './one-log.ts'
import { aWorld, type World } from './world.ts'

// Removals write more than a run with the work of other files stores in time.
const world = aWorld(startLocalRun)

let root: ChatSocket
let room: Frame
let alice: ChatSocket
let bob: ChatSocket

const seqs = (messages: Frame[]) => messages.map((message) => message.seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
const say = async (socket: ChatSocket, ...texts: string[]): Promise<Frame[]> => {
  const sent: Frame[] = []
  for (const text of texts) sent.push((await socket.ask('send', { roomId: room.roomId, text })).message)
  return sent
}
const remove = (fields: Frame) => root.ask('removeMessages', { roomId: room.roomId, ...fields })
const log = () => readLog(bob, room.roomId)

beforeEach(async () => {
  root = await world().connect('root')
  room = await world().room({}, ['user:alice', 'user:bob', 'user:carol'])
  alice = await world().joined('alice', room)
  bob = await world().joined('bob', room)
})

describe('removeMessages', () => {
  it('removes the body, keeps the number, the author and the id, and adds an entry to the log', async () => {
    const story = { text: 'Bad', title: 'Worse', alert: true, rich: { contentType: 'text/plain', body: 'Worst' } }
    const draft = { roomId: room.roomId, ...story, clientMessageId: 'bad', after: 0 }
    const { message } = await alice.ask('send', draft)
    const [good] = await say(bob, 'Good')
    expect(await remove({ seqs: [1] })).toMatchObject({ removed: 1 })
    const removal = {
      roomId: room.roomId,
      seq: 3,
      sentAt: expect.any(String),
      by: 'root',
      removes: [1],
    }
    const pushed = await bob.push('message', { seq: 3 })
    expect(pushed).toEqual({ type: 'message', ...removal })
    const { roomId, seq, sentAt, from, clientMessageId } = message
    const kept = { roomId, seq, sentAt, from, clientMessageId }
    const removed = { ...kept, removed: { by: 'root', at: pushed.sentAt } }
    expect(await log()).toEqual([removed, good, removal])
    expect(await bob.ask('join', { roomId, after: 2 })).toMatchObject({ messages: [removal], complete: true })
    expect(await alice.ask('send', draft)).toEqual(expect.objectContaining({ message: removed, duplicate: true }))
  })

  it('can replace the text, and pushes the replacement with the removal', async () => {
    await say(alice, 'Bad', 'Good')
    expect(await remove({ seqs: [1], replacement: 'Removed by a moderator' })).toMatchObject({ removed: 1 })
    expect(await bob.push('message', { seq: 3 })).toMatchObject({ removes: [1], replacement: 'Removed by a moderator' })
    expect((await log())[0]).toMatchObject({ seq: 1, text: 'Removed by a moderator', removed: { by: 'root' } })
  })

  it('counts only messages that it removed, not repeated or missing ones and not removals', async () => {
    await say(alice, 'one', 'two', 'three')
    expect((await remove({ seqs: [2, 3, 3, 99] })).removed).toBe(2)
    expect((await remove({ seqs: [1, 2, 3, 4] })).removed).toBe(1)
    expect((await remove({ seqs: [1, 2, 3, 4, 5], replacement: 'again' })).removed).toBe(0)
    expect((await remove({ authors: ['alice'] })).removed).toBe(0)
    expect(await log()).toMatchObject([
      { seq: 1, removed: { by: 'root' } },
      { seq: 2, removed: { by: 'root' } },
      { seq: 3, removed: { by: 'root' } },
      { removes: [2, 3] },
      { removes: [1] },
    ])
  })

  it.each<[string, (sent: Frame[]) => Frame, number[]]>([
    ['all words in any case', () => ({ search: 'FOUR apples' }), [4]],
    ['any word', () => ({ search: 'one three', match: 'any' }), [1, 3]],
    ['a phrase', () => ({ search: 'two apples', match: 'phrase' }), [2]],
    ['an author', () => ({ authors: ['bob'] }), [3, 4]],
    ['an author and a word', () => ({ authors: ['bob', 'unknown'], search: 'three' }), [3]],
    ['a time, both ends included', (sent) => ({ from: sent[1]?.sentAt, to: sent[2]?.sentAt }), [2, 3]],
    ['an end time', (sent) => ({ to: sent[0]?.sentAt }), [1]],
  ])('finds messages by %s', async (_, selection, removed) => {
    const sent: Frame[] = []
    for (const [socket, text] of [
      [alice, 'one apple'],
      [alice, 'two apples'],
      [bob, 'three pears'],
      [bob, 'Apples: four'],
    ] as const) {
      sent.push(...(await say(socket, text)))
      // The next message must have a later time.
      const now = async () => Date.parse((await bob.ask('hello')).serverTime)
      while ((await now()) <= Date.parse(sent.at(-1)?.sentAt));
    }
    expect((await remove(selection(sent))).removed).toBe(removed.length)
    expect((await log()).at(-1)).toMatchObject({ seq: 5, removes: removed })
  })

  it('processes a long log in several calls with a limited number of removals each', async () => {
    const texts = range(1, 130).map((at) => (at % 5 ? `bad ${at}` : `good ${at}`))
    await Promise.all([alice, bob].map((socket, half) => say(socket, ...texts.filter((_, at) => at % 2 === half))))
    const counts: number[] = []
    let cursor: string | undefined
    do {
      const reply = await remove({ search: 'bad', ...(cursor && { cursor }) })
      counts.push(reply.removed)
      cursor = reply.cursor
    } while (cursor)
    // A call may also end early because its time is over.
    expect(counts.length).toBeGreaterThan(1)
    expect(Math.max(...counts)).toBeLessThanOrEqual(100)
    const after = await log()
    expect(seqs(after)).toEqual(range(1, 130 + counts.filter((count) => count > 0).length))
    expect(after.filter(({ removed }) => removed)).toHaveLength(104)
    expect(JSON.stringify(after)).not.toContain('bad')
    expect(after.filter(({ removes }) => removes).flatMap(({ removes }) => removes)).toHaveLength(104)
  })

  it('removes each message once while other users send and other moderators remove', async () => {
    await say(alice, ...range(1, 20).map((at) => `old ${at}`))
    const moderators = [root, await world().connect('root'), await world().connect('root')]
    const sending = [alice, bob].map((socket) => say(socket, ...range(1, 20).map((at) => `new ${at}`)))
    const removing = moderators.map((socket) => socket.ask('removeMessages', { roomId: room.roomId, search: 'old' }))
    const replies = await Promise.all(removing)
    const sent = (await Promise.all(sending)).flat()
    expect(replies.reduce((sum, { removed }) => sum + removed, 0)).toBe(20)
    const all = await log()
    expect(seqs(all)).toEqual(range(1, all.length))
    for (const message of sent) expect(all[message.seq - 1]).toEqual(message)
    expect(all.slice(0, 20).every(({ removed, text }) => removed && text === undefined)).toBe(true)
    const times = all.map(({ sentAt }) => sentAt)
    expect(times).toEqual([...times].sort())
  })

  it('requires an administrator', async () => {
    const secret = await world().room({ privacy: 'secret' })
    const carol = await world().connect('carol')
    await say(alice, 'mine')
    for (const verb of [{ seqs: [1] }, { authors: ['alice'] }]) {
      const own = { roomId: room.roomId, ...verb }
      expect(await alice.refusal('removeMessages', own)).toMatchObject({ code: 'forbidden' })
      const hidden = { roomId: secret.roomId, ...verb }
      expect(await carol.refusal('removeMessages', hidden)).toMatchObject({ code: 'not_found' })
      const none = { roomId: 'no-such-room', ...verb }
      expect(await root.refusal('removeMessages', none)).toMatchObject({ code: 'not_found' })
    }
    expect((await log()).map(({ text }) => text)).toEqual(['mine'])
  })

  it.each<[string, Frame, string]>([
    ['no selection', {}, 'seqs'],
    ['only a match', { match: 'any' }, 'seqs'],
    ['numbers and a filter', { seqs: [1], authors: ['alice'] }, 'seqs'],
    ['no numbers', { seqs: [] }, 'seqs'],
    ['position 0', { seqs: [0] }, 'seqs.0'],
    ['too many numbers', { seqs: range(1, 101) }, 'seqs'],
    ['no authors', { authors: [] }, 'authors'],
    ['an invalid from', { from: 'yesterday' }, 'from'],
    ['an invalid to', { to: '2000-13-41T00:00:00Z' }, 'to'],
    ['blank words', { search: ' ' }, 'search'],
    ['an unknown match', { search: 'x', match: 'some' }, 'match'],
    ['a match without words', { authors: ['alice'], match: 'any' }, 'match'],
    ['an empty replacement', { seqs: [1], replacement: '' }, 'replacement'],
    ['a cursor with numbers', { seqs: [1], cursor: 'x' }, 'cursor'],
    ['a made-up cursor', { authors: ['alice'], cursor: 'WyJ4IiwiMS0yLTMiXQ' }, 'cursor'],
  ])('refuses %s', async (_, fields, field) => {
    const { code, details } = await root.refusal('removeMessages', { roomId: room.roomId, ...fields })
    expect({ code, ...details }).toEqual({ code: 'invalid', field })
  })
})

describe('purge', () => {
  const purge = (before: string) => root.ask('purge', { roomId: room.roomId, before })

  it('hides messages before a time at once and always keeps the newest message', async () => {
    await say(alice, 'one', 'two', 'three')
    expect(await purge('2000-01-01T00:00:00Z')).toMatchObject({ floor: 1, complete: true })
    // Messages younger than a minute are hidden now and deleted later.
    expect(await purge('2100-01-01T00:00:00Z')).toMatchObject({ floor: 3, complete: false })
    const { messages, floor } = await alice.ask('history', { roomId: room.roomId })
    expect([seqs(messages), floor]).toEqual([[3], 3])
    const behind = { code: 'resync_required', details: { head: 3, floor: 3 } }
    expect(await alice.refusal('history', { roomId: room.roomId, after: 0 })).toMatchObject(behind)
    const found = await alice.ask('history', { roomId: room.roomId, search: 'one two' })
    expect(found.messages).toEqual([])
    await say(alice, 'four')
    expect(seqs((await alice.ask('history', { roomId: room.roomId, after: 2 })).messages)).toEqual([3, 4])
  })

  it('requires an administrator and a valid time', async () => {
    const before = '2000-01-01T00:00:00Z'
    expect(await alice.refusal('purge', { roomId: room.roomId, before })).toMatchObject({ code: 'forbidden' })
    const secret = await world().room({ privacy: 'secret' })
    const carol = await world().connect('carol')
    expect(await carol.refusal('purge', { roomId: secret.roomId, before })).toMatchObject({ code: 'not_found' })
    for (const wrong of [undefined, 'soon', 5, '2000-01-01']) {
      const { code, details } = await root.refusal('purge', { roomId: room.roomId, before: wrong })
      expect({ code, ...details }).toEqual({ code: 'invalid', field: 'before' })
    }
  })
})

describe('a call of removeMessages that is killed', () => {
  const faults = async (at: World, spec: string) => {
    const { local } = at.deployment
    if (local) await fetch(`${local.origin}/_local/faults`, { method: 'PUT', body: spec })
  }

  afterEach(() => faults(world(), ''))

  it('is completed by a repeated call, and the log names each removed message', async () => {
    const texts = range(1, 12).map((at) => `${at % 2 ? 'bad' : 'good'} ${at}`)
    await say(alice, ...texts)
    await faults(world(), 'killAtCall:0.08')
    // For a killed call the gateway sends an error frame without the id of the request.
    const failure = () => root.frame(({ type }) => type === undefined)
    let failed = failure()
    let answered = false
    for (let attempt = 0; attempt < 200 && !answered; attempt++) {
      const call = root.request('removeMessages', { roomId: room.roomId, search: 'bad', replacement: 'gone' })
      const outcome = await Promise.race([call, failed])
      if (outcome.id === undefined) failed = failure()
      answered = outcome.ok === true
    }
    await faults(world(), '')
    void failed.catch(() => undefined)
    expect(answered).toBe(true)
    expect((await remove({ search: 'bad' })).removed).toBe(0)
    const all = await log()
    expect(seqs(all)).toEqual(range(1, all.length))
    const odd = range(1, 12).filter((at) => at % 2)
    expect(seqs(all.filter(({ removed }) => removed))).toEqual(odd)
    expect(all.filter(({ removed }) => removed).every(({ text }) => text === 'gone')).toBe(true)
    const named = new Set(all.flatMap(({ removes = [] }) => removes))
    expect([...named].sort((a, b) => a - b)).toEqual(odd)
  })
})
