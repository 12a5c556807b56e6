import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

const world = aWorld()

let words = 0
/** A word that occurs in no other room. */
const someWord = () => `w${process.pid}x${Date.now().toString(36)}x${words++}z`

const idsOf = (rooms: Frame[]): string[] => rooms.map(({ roomId }) => roomId)
const sorted = (rooms: Frame[]): string[] => idsOf(rooms).sort()

/** All pages of a query. */
async function everyPage(socket: ChatSocket, query: Frame): Promise<Frame[][]> {
  const pages: Frame[][] = []
  let cursor: string | undefined
  do {
    const reply = await socket.ask('browse', { ...query, ...(cursor !== undefined && { cursor }) })
    pages.push(reply.rooms)
    cursor = reply.cursor
  } while (cursor !== undefined)
  return pages
}

const found = async (socket: ChatSocket, query: Frame) => (await everyPage(socket, query)).flat()

describe('browse with criteria', () => {
  it('finds rooms by any word, by all words or by a phrase, in any case, in names or descriptions', async () => {
    const [red, blue] = [someWord(), someWord()]
    const both = await world().room({ name: `${red.toUpperCase()} ${blue}`, description: 'A description' })
    const one = await world().room({ name: `The ${red} room` })
    const described = await world().room({ name: someName(), description: `About ${blue}\nand ${red}` })
    const carol = await world().connect('carol')
    const search = (text: string, more: Frame = {}) => found(carol, { criteria: { text, ...more } })
    expect(sorted(await search(`${red} ${blue}`))).toEqual(sorted([both, one]))
    expect(sorted(await search(`${blue} ${red}`, { match: 'all' }))).toEqual([both.roomId])
    expect(await search(`${blue} ${red}`, { match: 'phrase' })).toEqual([])
    expect(sorted(await search(`${red} ${blue.toUpperCase()}`, { match: 'phrase' }))).toEqual([both.roomId])
    expect(sorted(await search(blue, { inDescription: true }))).toEqual(sorted([both, described]))
    expect(sorted(await search(`${red} ${blue}`, { match: 'all', inDescription: true }))).toEqual(
      sorted([both, described]),
    )
    expect(await search(someWord(), { inDescription: true })).toEqual([])
  })

  it('returns the fields that a join needs and the number of users in the room', async () => {
    const word = someWord()
    const room = await world().room({ name: `Full ${word}`, description: 'Of people' })
    await world().joined('alice', room)
    await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const carol = await world().connect('carol')
    const { rooms } = await carol.ask('browse', { criteria: { text: word } })
    const { roomId, uri, name, description } = room
    expect(rooms).toEqual([{ roomId, uri, name, description, participantCount: 2 }])
    await bob.ask('leave', { roomId })
    expect((await found(carol, { criteria: { text: word } }))[0]).toMatchObject({ participantCount: 1 })
    expect((await bob.ask('join', { roomUri: rooms[0].uri })).room.roomId).toBe(roomId)
  })

  it('can filter by privacy and by kind', async () => {
    const word = someWord()
    const open = await world().room({ name: `open ${word}`, privacy: 'open' })
    const closed = await world().room({ name: `closed ${word}`, auditorium: true })
    const secret = await world().room({ name: `secret ${word}`, privacy: 'secret' })
    const bob = await world().connect('bob')
    const filtered = async (filter: Frame) => sorted(await found(bob, { criteria: { text: word }, ...filter }))
    expect(await filtered({})).toEqual(sorted([open, closed, secret]))
    expect(await filtered({ privacy: 'open' })).toEqual([open.roomId])
    expect(await filtered({ privacy: 'secret' })).toEqual([secret.roomId])
    expect(await filtered({ auditorium: true })).toEqual([closed.roomId])
    expect(await filtered({ auditorium: false, privacy: 'closed' })).toEqual([])
  })
})

describe('browse', () => {
  it('shows secret rooms only to their members, managers and administrators', async () => {
    const word = someWord()
    const room = await world().room({ name: `Secret ${word}`, privacy: 'secret' }, ['user:bob', 'group:ops'])
    const sees = async (user: string) => idsOf(await found(await world().connect(user), { criteria: { text: word } }))
    for (const user of ['alice', 'bob', 'dave', 'erin', 'root']) expect(await sees(user)).toEqual([room.roomId])
    expect(await sees('carol')).toEqual([])
    const alice = await world().connect('alice')
    await alice.ask('revoke', { roomId: room.roomId, role: 'member', principals: ['user:bob', 'group:ops'] })
    for (const user of ['bob', 'dave', 'carol']) expect(await sees(user)).toEqual([])
  })

  it('returns no cursor if the remaining rooms are hidden from the caller', async () => {
    const word = someWord()
    const mine = await world().room({ name: `mine ${word}` })
    for (let nr = 0; nr < 5; nr++) await world().room({ name: `${nr} ${word}`, privacy: 'secret' })
    const carol = await world().connect('carol')
    const reply = await carol.ask('browse', { criteria: { text: word }, limit: 1 })
    expect(idsOf(reply.rooms)).toEqual([mine.roomId])
    expect(reply.cursor).toBeUndefined()
  })

  it('shows a disabled room only on request, and only to managers and administrators', async () => {
    const word = someWord()
    const room = await world().room({ name: `Closed down ${word}` })
    const alice = await world().connect('alice')
    await alice.ask('updateRoom', { roomId: room.roomId, version: room.version, disabled: true })
    const sees = async (user: string, filter: Frame) =>
      idsOf(await found(await world().connect(user), { criteria: { text: word }, ...filter }))
    for (const user of ['alice', 'bob', 'root']) {
      expect(await sees(user, {})).toEqual([])
      expect(await sees(user, { disabled: false })).toEqual([])
    }
    expect(await sees('alice', { disabled: true })).toEqual([room.roomId])
    expect(await sees('root', { disabled: true })).toEqual([room.roomId])
    expect(await sees('bob', { disabled: true })).toEqual([])
    expect(idsOf(await found(alice, { managed: true, disabled: true }))).toContain(room.roomId)
    expect(idsOf(await found(alice, { managed: true }))).not.toContain(room.roomId)
  })

  it('shows no room of a category whose scope does not include the caller, as if the category did not exist', async () => {
    const root = await world().connect('root')
    const { category } = await root.ask('createCategory', {
      name: someName(),
      allowed: ['group:ops', 'user:alice'],
      creators: ['user:alice'],
    })
    const word = someWord()
    const { categoryId } = category
    const room = await world().room({ name: `Inside ${word}`, categoryId }, [])
    const answer = async (user: string, query: Frame) => idsOf(await found(await world().connect(user), query))
    for (const query of [{ criteria: { text: word } }, { categoryId }]) {
      for (const user of ['alice', 'dave', 'root']) expect(await answer(user, query)).toEqual([room.roomId])
      expect(await answer('bob', query)).toEqual([])
    }
    expect(await answer('bob', { categoryId: 'no such category' })).toEqual([])
    expect(await answer('root', { criteria: { text: word }, privacy: 'open' })).toEqual([])
  })
})

describe('browse with mine or managed', () => {
  it('returns the rooms of which the caller is a member by any grant, or a manager', async () => {
    const own = await world().room({}, ['user:erin'])
    const byGroup = await world().room({ privacy: 'secret' }, ['group:dev', 'group:ops', 'user:erin'])
    const everyones = await world().room({}, ['everyone'])
    const managed = await world().room({ privacy: 'secret' }, ['user:alice'])
    const alice = await world().connect('alice')
    await alice.ask('grant', { roomId: managed.roomId, role: 'manager', principals: ['user:erin', 'group:dev'] })
    const others = await world().room({ privacy: 'open' })
    const erin = await world().connect('erin')
    const mine = idsOf(await found(erin, { mine: true }))
    expect(mine).toEqual(expect.arrayContaining(idsOf([own, byGroup, everyones])))
    expect(mine).not.toContain(managed.roomId)
    expect(mine).not.toContain(others.roomId)
    expect(mine).toEqual([...new Set(mine)].sort())
    const managing = idsOf(await found(erin, { managed: true }))
    expect(managing).toContain(managed.roomId)
    expect(managing).not.toContain(own.roomId)
    await alice.ask('revoke', { roomId: own.roomId, role: 'member', principals: ['user:erin'] })
    expect(idsOf(await found(erin, { mine: true }))).not.toContain(own.roomId)
  })
})

describe('browse with joinedBy', () => {
  it('returns the rooms that the user has joined, if the caller may list their participants', async () => {
    const shared = await world().room({ privacy: 'open' })
    const closed = await world().room()
    const secret = await world().room({ privacy: 'secret' })
    const left = await world().room()
    const bob = await world().joined('bob', shared)
    await bob.ask('join', { roomId: closed.roomId })
    await bob.ask('join', { roomId: secret.roomId })
    await bob.ask('join', { roomId: left.roomId })
    await world().joined('bob', shared)
    await bob.ask('leave', { roomId: left.roomId })
    const carol = await world().connect('carol')
    const alice = await world().joined('alice', secret)
    expect(idsOf(await found(carol, { joinedBy: 'bob' }))).toEqual([shared.roomId])
    expect(sorted(await found(alice, { joinedBy: 'bob' }))).toEqual(sorted([shared, closed, secret]))
    expect(await found(carol, { joinedBy: 'unknown user' })).toEqual([])
    await bob.close()
    await alice.push('participant', { event: 'left', roomId: secret.roomId })
    expect(idsOf(await found(alice, { joinedBy: 'bob' }))).toEqual([shared.roomId])
  })
})

describe('browse with invitedAfter', () => {
  it('returns the number of the last invitation, with which the next query can continue', async () => {
    const dave = await world().connect('dave')
    let start = 0
    for (let more = true; more; ) {
      const { last } = await dave.ask('invitations', { after: start })
      more = last > start
      start = last
    }
    const first = await world().room({}, ['user:dave'])
    const second = await world().room({ privacy: 'secret' }, ['user:dave'])
    const gone = await world().room({ privacy: 'secret' }, ['user:dave'])
    await world().room({}, ['group:ops'])
    const alice = await world().connect('alice')
    await alice.ask('revoke', { roomId: gone.roomId, role: 'member', principals: ['user:dave'] })
    const reply = await dave.ask('browse', { invitedAfter: start })
    expect(sorted(reply.rooms)).toEqual(sorted([first, second]))
    expect(reply.last).toBe(start + 3)
    expect(await dave.ask('browse', { invitedAfter: reply.last })).toMatchObject({ rooms: [], last: reply.last })
    const pages = await everyPage(dave, { invitedAfter: start, limit: 1 })
    expect(pages.map((page) => page.length)).toEqual([1, 1])
    expect(idsOf(pages.flat())).toEqual(sorted([first, second]))
  })
})

describe('a browse query with several pages', () => {
  it('returns each room once in a stable order, while rooms are created, changed and hidden', async () => {
    const word = someWord()
    const rooms: Frame[] = []
    for (let nr = 0; nr < 7; nr++) rooms.push(await world().room({ name: `${nr} ${word}`, privacy: 'open' }, []))
    const query = { criteria: { text: word }, limit: 2 }
    const carol = await world().connect('carol')
    const pages = await everyPage(carol, query)
    expect(pages.map((page) => page.length)).toEqual([2, 2, 2, 1])
    expect(idsOf(pages.flat())).toEqual(sorted(rooms))
    const first = await carol.ask('browse', query)
    const [shown, next] = [rooms, rooms].map((all, at) => all.find((room) => room.roomId === sorted(rooms)[at + 1]))
    const alice = await world().connect('alice')
    await alice.ask('updateRoom', { roomId: shown?.roomId, version: 1, name: `${word} renamed` })
    await alice.ask('updateRoom', { roomId: next?.roomId, version: 1, privacy: 'closed' })
    await world().room({ name: `new ${word}` }, [])
    const rest: Frame[] = []
    for (let { cursor } = first; cursor !== undefined; ) {
      const page = await carol.ask('browse', { ...query, cursor })
      rest.push(...page.rooms)
      cursor = page.cursor
    }
    const all = [...idsOf(first.rooms), ...idsOf(rest)]
    expect(all).toEqual(expect.arrayContaining(idsOf(rooms)))
    expect(all).toEqual([...new Set(all)].sort())
  })

  it('has a cursor for the next page when long descriptions fill the frame', async () => {
    const word = someWord()
    const alice = await world().connect('alice')
    const made: Frame[] = []
    for (let nr = 0; nr < 30; nr++) {
      const { room } = await alice.ask('createRoom', { name: `${nr} ${word}`, description: '😀'.repeat(512) })
      made.push(room)
    }
    const pages = await everyPage(alice, { criteria: { text: word } })
    expect(pages.length).toBeGreaterThan(1)
    expect(idsOf(pages.flat())).toEqual(sorted(made))
  })

  it('accepts a cursor only of the same query', async () => {
    const word = someWord()
    for (let nr = 0; nr < 3; nr++) await world().room({ name: `${nr} ${word}` }, [])
    const carol = await world().connect('carol')
    const query = { criteria: { text: word }, limit: 1 }
    const { cursor } = await carol.ask('browse', query)
    const invalid = { code: 'invalid', details: { field: 'cursor' } }
    for (const other of [
      { criteria: { text: `${word} ` } },
      { criteria: { text: word, match: 'all' } },
      { criteria: { text: word }, privacy: 'open' },
      { mine: true },
      { categoryId: 'general' },
    ]) {
      expect(await carol.refusal('browse', { ...other, cursor })).toMatchObject(invalid)
    }
    for (const made of ['x', 'WyJ4IiwxXQ', Buffer.from('[]').toString('base64url'), `${cursor}x`.slice(3)]) {
      expect(await carol.refusal('browse', { ...query, cursor: made })).toMatchObject(invalid)
    }
    expect((await carol.ask('browse', { ...query, limit: 2, cursor })).rooms).toHaveLength(2)
  })
})

describe('an invalid browse query', () => {
  it.each<[Frame, string]>([
    [{}, 'criteria'],
    [{ mine: true, managed: true }, 'criteria'],
    [{ privacy: 'open' }, 'criteria'],
    [{ mine: false }, 'mine'],
    [{ criteria: 'x' }, 'criteria'],
    [{ criteria: {} }, 'criteria.text'],
    [{ criteria: { text: ' ' } }, 'criteria.text'],
    [{ criteria: { text: 'x'.repeat(201) } }, 'criteria.text'],
    [{ criteria: { text: 'x', match: 'some' } }, 'criteria.match'],
    [{ criteria: { text: 'x', inDescription: 1 } }, 'criteria.inDescription'],
    [{ joinedBy: '' }, 'joinedBy'],
    [{ invitedAfter: -1 }, 'invitedAfter'],
    [{ invitedAfter: 1.5 }, 'invitedAfter'],
    [{ categoryId: 7 }, 'categoryId'],
    [{ mine: true, privacy: 'hidden' }, 'privacy'],
    [{ mine: true, auditorium: 'yes' }, 'auditorium'],
    [{ mine: true, disabled: null }, 'disabled'],
    [{ mine: true, limit: 0 }, 'limit'],
    [{ mine: true, limit: 101 }, 'limit'],
    [{ mine: true, cursor: '' }, 'cursor'],
  ])('such as %j is refused with the name of its field', async (query, field) => {
    const carol = await world().connect('carol')
    expect(await carol.refusal('browse', query)).toMatchObject({ code: 'invalid', details: { field } })
  })
})
