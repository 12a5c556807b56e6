import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld, someName } from './world.ts'

const world = aWorld()

let root: ChatSocket
let category: Frame
let room: Frame
let alice: ChatSocket
let bob: ChatSocket

const seqs = (messages: Frame[]) => messages.map((message) => message.seq)
const say = (socket: ChatSocket, text: string, more: Frame = {}) =>
  socket.ask('send', { roomId: room.roomId, text, ...more })

async function setHistory(history: boolean): Promise<void> {
  const { categoryId, version } = category
  category = (await root.ask('updateCategory', { categoryId, version, history })).category
}

beforeEach(async () => {
  root = await world().connect('root')
  const creators = ['user:alice']
  category = (await root.ask('createCategory', { name: someName(), creators, history: false })).category
  room = await world().room({ categoryId: category.categoryId })
  alice = await world().joined('alice', room)
  bob = await world().joined('bob', room)
})

describe('a room without history', () => {
  it('delivers complete messages with consecutive numbers', async () => {
    const { message } = await say(alice, 'First', { title: 'A story', alert: true })
    expect(message).toMatchObject({ seq: 1, text: 'First', title: 'A story', alert: true })
    expect(message.from).toEqual({ user: 'alice', name: 'Alice' })
    expect(message).not.toHaveProperty('removed')
    expect(await bob.push('message')).toEqual({ type: 'message', ...message })
    expect((await say(bob, 'Second')).message.seq).toBe(2)
    expect(await alice.push('message')).toMatchObject({ seq: 2, text: 'Second' })
  })

  it('returns no messages to any later request', async () => {
    for (const text of ['one', 'two', 'three']) await say(alice, text)
    const carol = await world().connect('bob')
    const nothing = { messages: [], head: 3, floor: 4 }
    expect(await carol.ask('join', { roomId: room.roomId })).toMatchObject({ ...nothing, complete: true })
    expect(await carol.ask('join', { roomId: room.roomId, after: 3 })).toMatchObject({ ...nothing, complete: true })
    const { roomId } = room
    const queries: Frame[] = [
      {},
      { after: 3 },
      { before: 3 },
      { search: 'one' },
      { authors: ['alice'] },
      { after: 0, search: 'one' },
    ]
    for (const query of queries) {
      const reply = await bob.ask('history', { roomId, ...query })
      expect(reply).toMatchObject({ ...nothing, exceeded: false })
      expect(reply).not.toHaveProperty('cursor')
    }
    const { rooms } = await bob.ask('history', { roomIds: [roomId], search: 'one' })
    expect(rooms).toEqual([{ roomId, ...nothing, exceeded: false }])
    expect((await bob.ask('sync', { rooms: { [roomId]: 1 } })).rooms).toEqual({ [roomId]: { head: 3, floor: 4 } })
  })

  it('requires a resync of readers that do not have all messages', async () => {
    for (const text of ['one', 'two']) await say(alice, text)
    const resync = { code: 'resync_required', details: { head: 2, floor: 3, epoch: expect.any(String) } }
    for (const after of [0, 1, 3]) {
      const behind = { roomId: room.roomId, after }
      expect(await bob.refusal('history', behind)).toMatchObject(resync)
      expect(await bob.refusal('join', behind)).toMatchObject(resync)
    }
  })

  it('recognizes a retry by its id, delivers it once more and stores it once, and refuses another text', async () => {
    const first = { clientMessageId: 'once', after: 0 }
    const { message } = await say(alice, 'Hello', first)
    await say(bob, 'and more')
    expect(await bob.push('message')).toEqual({ type: 'message', ...message })
    expect(await say(alice, 'Hello', first)).toMatchObject({ message, duplicate: true })
    expect(await bob.push('message')).toEqual({ type: 'message', ...message })
    const other = { roomId: room.roomId, text: 'Hello again', ...first }
    expect(await alice.refusal('send', other)).toMatchObject({ code: 'id_reused' })
    expect((await bob.ask('history', { roomId: room.roomId })).head).toBe(2)
  })

  it('gives messages of concurrent senders consecutive numbers', async () => {
    const replies = await Promise.all(
      [alice, bob].flatMap((socket) => Array.from({ length: 3 }, (_, at) => say(socket, `n${at}`))),
    )
    const numbers = replies.map(({ message }) => message.seq).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 6 }, (_, at) => at + 1))
  })
})

describe('a category whose history is switched', () => {
  it('on keeps new messages and shows earlier ones as removed', async () => {
    const first = { clientMessageId: 'placeholder', after: 0, title: 'secret title' }
    await say(alice, 'secret words', first)
    await setHistory(true)
    const { message } = await say(alice, 'kept')
    const { messages, floor } = await bob.ask('history', { roomId: room.roomId })
    expect(floor).toBe(1)
    expect(messages).toEqual([
      {
        roomId: room.roomId,
        seq: 1,
        sentAt: expect.any(String),
        from: { user: 'alice', name: 'alice' },
        clientMessageId: 'placeholder',
        removed: { by: 'unlogged', at: messages[0].sentAt },
      },
      message,
    ])
    expect(seqs((await bob.ask('history', { roomId: room.roomId, search: 'secret kept' })).messages)).toEqual([2])
    const retry = await say(alice, 'secret words', first)
    expect(retry).toMatchObject({ duplicate: true, message: { seq: 1, removed: { by: 'unlogged' } } })
    expect(retry.message).not.toHaveProperty('text')
  })

  it('off hides earlier messages and keeps no new ones, also in existing sessions', async () => {
    await setHistory(true)
    await say(alice, 'kept')
    await setHistory(false)
    await say(alice, 'not kept')
    expect(await bob.ask('history', { roomId: room.roomId })).toMatchObject({ messages: [], head: 2, floor: 3 })
    await setHistory(true)
    const { messages } = await bob.ask('history', { roomId: room.roomId })
    expect(messages).toMatchObject([
      { seq: 1, text: 'kept' },
      { seq: 2, removed: { by: 'unlogged' } },
    ])
    expect(JSON.stringify(messages)).not.toContain('not kept')
  })

  it('off still recognizes a retry of a kept message and refuses another body with its id', async () => {
    await setHistory(true)
    const first = { clientMessageId: 'kept', after: 0 }
    const { message } = await say(alice, 'Hello', first)
    await setHistory(false)
    expect(await say(alice, 'Hello', first)).toMatchObject({ message, duplicate: true })
    const other = { roomId: room.roomId, text: 'Other', ...first }
    expect(await alice.refusal('send', other)).toMatchObject({ code: 'id_reused' })
  })
})
