import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld } from './world.ts'

const world = aWorld()

let room: Frame
let alice: ChatSocket
let bob: ChatSocket
let sent: Frame[]

const seqs = (messages: Frame[]) => messages.map((message) => message.seq)
const texts = [
  'Red apples and pears',
  'green APPLES',
  'Only pears',
  'café au lait',
  'nothing at all',
  'red, green and blue',
  'pears and apples',
  'the last one',
]

const find = (query: Frame) => bob.ask('history', { roomId: room.roomId, ...query })

/** Reads all pages, with two messages each. */
async function allPages(query: Frame): Promise<number[][]> {
  const pages: number[][] = []
  let cursor: string | undefined
  do {
    const page = await find({ limit: 2, ...query, ...(cursor && { cursor }) })
    pages.push(seqs(page.messages))
    expect(page.exceeded).toBe(page.cursor !== undefined)
    cursor = page.cursor
  } while (cursor)
  return pages
}

beforeEach(async () => {
  room = await world().room()
  alice = await world().joined('alice', room)
  bob = await world().joined('bob', room)
  sent = []
  for (const [at, text] of texts.entries()) {
    const story = at === 4 ? { title: 'Of Blue Whales' } : {}
    const { message } = await (at % 2 ? bob : alice).ask('send', { roomId: room.roomId, text, ...story })
    sent.push(message)
  }
})

describe('a search', () => {
  it.each<[string, Frame, number[]]>([
    ['any word by default', { search: 'apples pears' }, [1, 2, 3, 7]],
    ['all words', { search: 'apples pears', match: 'all' }, [1, 7]],
    ['a phrase', { search: 'apples and pears', match: 'phrase' }, [1]],
    ['words in the same case', { search: 'apples', matchCase: true }, [1, 7]],
    ['words of a title', { search: 'whales', match: 'all' }, [5]],
    ['words across title and text', { search: 'whales nothing', match: 'all' }, [5]],
    ['words in another Unicode form', { search: 'CAFE\u0301' }, [4]],
    ['authors', { authors: ['bob'] }, [2, 4, 6, 8]],
    ['authors and words', { authors: ['bob', 'carol'], search: 'apples red' }, [2, 6]],
    ['words after a position', { search: 'apples', after: 2 }, [7]],
    ['words before a position', { search: 'apples', before: 7 }, [1, 2]],
    ['a word that does not occur', { search: 'bananas' }, []],
  ])('finds messages by %s', async (_, query, found) => {
    const page = await find(query)
    expect(seqs(page.messages)).toEqual(found)
    expect(page.messages).toEqual(found.map((seq) => sent[seq - 1]))
    expect(page).toMatchObject({ head: 8, floor: 1, exceeded: false, epoch: expect.any(String) })
  })

  it('finds messages by time, both ends included', async () => {
    const [third, fifth] = [sent[2]?.sentAt, sent[4]?.sentAt]
    const within = (from: string | undefined, to: string | undefined) =>
      sent.filter(({ sentAt }) => (!from || sentAt >= from) && (!to || sentAt <= to)).map(({ seq }) => seq)
    expect(seqs((await find({ from: third, to: fifth })).messages)).toEqual(within(third, fifth))
    expect(seqs((await find({ from: fifth })).messages)).toEqual(within(fifth, undefined))
    expect(seqs((await find({ to: third })).messages)).toEqual(within(undefined, third))
    expect((await find({ from: '2100-01-01T00:00:00+02:00' })).messages).toEqual([])
    expect((await find({ to: '2000-01-01T00:00:00Z' })).messages).toEqual([])
    expect((await find({ from: fifth, to: third })).messages.length).toBe(within(fifth, third).length)
  })

  it('starts at the requested end and returns messages in the requested order', async () => {
    const search = 'apples pears'
    expect(seqs((await find({ search, limit: 2 })).messages)).toEqual([3, 7])
    expect(seqs((await find({ search, limit: 2, sort: 'newest' })).messages)).toEqual([7, 3])
    expect(seqs((await find({ search, limit: 2, order: 'oldest' })).messages)).toEqual([1, 2])
    expect(seqs((await find({ search, limit: 2, after: 1 })).messages)).toEqual([2, 3])
    expect(seqs((await find({ search, limit: 2, from: sent[0]?.sentAt })).messages)).toEqual([1, 2])
    expect(seqs((await find({ sort: 'newest', limit: 3 })).messages)).toEqual([8, 7, 6])
    expect(seqs((await find({ order: 'oldest', limit: 3 })).messages)).toEqual([1, 2, 3])
    expect(seqs((await find({ order: 'newest', after: 2, limit: 3 })).messages)).toEqual([6, 7, 8])
  })

  it('can be continued with its cursor without losing or repeating a message, and returns how far it searched', async () => {
    expect((await allPages({ search: 'apples pears' })).flat().sort()).toEqual([1, 2, 3, 7])
    expect((await allPages({ authors: ['alice'], order: 'oldest' })).flat()).toEqual([1, 3, 5, 7])
    expect((await allPages({ authors: ['alice'], sort: 'newest' })).flat()).toEqual([7, 5, 3, 1])
    const page = await find({ search: 'apples', order: 'oldest', limit: 2 })
    // No other message up to this position matches.
    expect(page.searchedTo).toBe(6)
    await alice.ask('send', { roomId: room.roomId, text: 'more apples' })
    const { roomId } = room
    const rest = await find({ search: 'apples', order: 'oldest', limit: 2, cursor: page.cursor })
    expect(rest).toMatchObject({ messages: [{ roomId, seq: 7 }], head: 9, exceeded: false, searchedTo: 8 })
  })

  it('refuses the cursor of another query', async () => {
    const { cursor } = await find({ search: 'apples', limit: 1 })
    const other = await world().room()
    const queries: Frame[] = [
      { search: 'pears', cursor },
      { search: 'apples', match: 'all', cursor },
      { search: 'apples', authors: ['bob'], cursor },
      { search: 'apples', order: 'oldest', cursor },
      { search: 'apples', after: 1, cursor },
      { search: 'apples', roomId: other.roomId, cursor },
      { cursor },
      { search: 'apples', cursor: 'bWFkZSB1cA' },
    ]
    for (const query of queries) {
      const { code, details } = await bob.refusal('history', { roomId: room.roomId, ...query })
      expect({ query, code, ...details }).toEqual({ query, code: 'invalid', field: 'cursor' })
    }
  })

  it('does not find removed words, but finds their replacement', async () => {
    const root = await world().connect('root')
    await root.ask('removeMessages', { roomId: room.roomId, seqs: [1], replacement: 'cleaned up' })
    expect(seqs((await find({ search: 'red' })).messages)).toEqual([6])
    expect(seqs((await find({ search: 'cleaned' })).messages)).toEqual([1])
    expect(seqs((await find({ authors: ['root'] })).messages)).toEqual([])
  })

  it.each<[string, Frame, string]>([
    ['two bounds', { after: 1, before: 5 }, 'before'],
    ['an invalid from', { from: '5 o’clock' }, 'from'],
    ['an invalid to', { to: 17 }, 'to'],
    ['no authors', { authors: [] }, 'authors'],
    ['too many authors', { authors: Array.from({ length: 101 }, (_, at) => `user${at}`) }, 'authors'],
    ['an empty author', { authors: [''] }, 'authors.0'],
    ['blank words', { search: ' ' }, 'search'],
    ['words that are too long', { search: 'x'.repeat(201) }, 'search'],
    ['an unknown match', { search: 'x', match: 'fuzzy' }, 'match'],
    ['a match without words', { match: 'all' }, 'match'],
    ['matchCase without words', { matchCase: true }, 'matchCase'],
    ['an unknown end', { order: 'random' }, 'order'],
    ['an unknown order', { sort: 'author' }, 'sort'],
    ['a limit above the maximum', { search: 'x', limit: 501 }, 'limit'],
    ['one room and several', { roomIds: ['r'] }, 'roomId'],
    ['no room', { roomId: undefined }, 'roomId'],
    ['no rooms', { roomId: undefined, roomIds: [] }, 'roomIds'],
    ['too many rooms', { roomId: undefined, roomIds: Array.from({ length: 21 }, (_, at) => `r${at}`) }, 'roomIds'],
    ['a room twice', { roomId: undefined, roomIds: ['r', 'r'] }, 'roomIds'],
    ['a cursor with several rooms', { roomId: undefined, roomIds: ['r'], cursor: 'x' }, 'cursor'],
  ])('refuses %s', async (_, query, field) => {
    const { code, details } = await bob.refusal('history', { roomId: room.roomId, ...query })
    expect({ code, ...details }).toEqual({ code: 'invalid', field })
  })
})

describe('a search of several rooms', () => {
  it('returns a page with its own limit and cursor for each room, joined or not', async () => {
    const other = await world().room()
    const author = await world().joined('alice', other)
    for (const text of ['apples', 'pears', 'more apples']) await author.ask('send', { roomId: other.roomId, text })
    const query = { search: 'apples', limit: 2 }
    const reply = await bob.ask('history', { roomIds: [room.roomId, other.roomId], ...query })
    expect(reply.epoch).toEqual(expect.any(String))
    const [first, second] = reply.rooms
    expect(first).toMatchObject({ roomId: room.roomId, head: 8, floor: 1, exceeded: true })
    expect(seqs(first.messages)).toEqual([2, 7])
    expect(second).toMatchObject({ roomId: other.roomId, head: 3, floor: 1 })
    expect(seqs(second.messages)).toEqual([1, 3])
    expect(seqs((await find({ ...query, cursor: first.cursor })).messages)).toEqual([1])
    const plain = await bob.ask('history', { roomIds: [other.roomId, room.roomId], limit: 1 })
    expect(plain.rooms.map(({ messages }: Frame) => seqs(messages))).toEqual([[3], [8]])
  })

  it('fits in one frame, with cursors for the rest of each room', async () => {
    const roomIds: string[] = []
    for (let nr = 0; nr < 4; nr++) {
      const { roomId } = await world().room()
      roomIds.push(roomId)
      await alice.ask('join', { roomId })
      for (let at = 0; at < 4; at++) await alice.ask('send', { roomId, text: 'ü'.repeat(2000) })
    }
    for (const query of [{}, { search: 'ü' }]) {
      const reply = await bob.ask('history', { roomIds, limit: 500, ...query })
      expect(Buffer.byteLength(JSON.stringify(reply))).toBeLessThanOrEqual(32 * 1024)
      for (const { roomId, messages, cursor } of reply.rooms) {
        const found = seqs(messages)
        for (let from = cursor; from; ) {
          const rest = await bob.ask('history', { roomId, cursor: from, limit: 500, ...query })
          found.unshift(...seqs(rest.messages))
          from = rest.cursor
        }
        expect(found).toEqual([1, 2, 3, 4])
      }
    }
  })

  it('is refused with the position of the room that the caller may not read', async () => {
    const closed = await world().room({}, ['user:alice'])
    const secret = await world().room({ privacy: 'secret' }, ['user:alice'])
    for (const [roomId, code] of [
      [closed.roomId, 'forbidden'],
      [secret.roomId, 'not_found'],
      ['no-such-room', 'not_found'],
    ]) {
      const refusal = await bob.refusal('history', { roomIds: [room.roomId, roomId], search: 'x' })
      expect(refusal).toMatchObject({ code, details: { field: 'roomIds.1' } })
      expect(await bob.refusal('history', { roomId, search: 'x' })).toMatchObject({ code })
    }
  })
})
