import { randomUUID } from 'node:crypto'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld } from './world.ts'

const world = aWorld()

const seqs = (messages: Frame[]) => messages.map((message) => message.seq)

/** Sends one message after the other, so that their order is known. */
async function say(socket: ChatSocket, roomId: string, texts: string[]): Promise<void> {
  for (const text of texts) await socket.ask('send', { roomId, text })
}

/** Sends a message again while the error is retryable, as clients do. */
async function sendUntilStored(socket: ChatSocket, message: Frame): Promise<Frame> {
  const fields = { ...message, clientMessageId: randomUUID(), after: 0 }
  for (;;) {
    const reply = await socket.request('send', fields)
    if (reply.ok) return reply
    if (!reply.error.retryable) throw new Error(JSON.stringify(reply.error))
  }
}

describe('send', () => {
  it('replies with the stored message and pushes it to all other connections, also to those of the author', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const tablet = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const { message, duplicate } = await alice.ask('send', { roomId: room.roomId, text: 'Hello 👋' })
    expect(message).toEqual({
      roomId: room.roomId,
      seq: 1,
      sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      from: { user: 'alice', name: 'Alice' },
      text: 'Hello 👋',
    })
    expect(duplicate).toBe(false)
    expect(await bob.push('message')).toEqual({ type: 'message', ...message })
    expect(await tablet.push('message')).toEqual({ type: 'message', ...message })
    expect(alice.pushes.filter((push) => push.type === 'message')).toEqual([])
  })

  it('keeps parts, alerts, titles and rich text unchanged', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const body = {
      text: `Like ;)docs${room.name}`,
      parts: [
        { type: 'text', text: 'Like ' },
        { type: 'emoticon', emoticon: 'wink' },
        { type: 'link', text: 'docs', href: 'https://example.com/docs' },
        { type: 'roomLink', roomId: room.roomId, name: room.name },
      ],
      alert: true,
      title: 'A story',
      rich: { contentType: 'text/markdown', body: '*Like*' },
    }
    const { message } = await alice.ask('send', { roomId: room.roomId, ...body })
    expect(message).toMatchObject(body)
    expect(await bob.push('message')).toEqual({ type: 'message', ...message })
    expect((await bob.ask('history', { roomId: room.roomId })).messages).toEqual([message])
  })

  it('stores a message once even if the retry comes late', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const first = { roomId: room.roomId, text: 'Once', clientMessageId: randomUUID(), after: 0 }
    const { message } = await alice.ask('send', first)
    await say(bob, room.roomId, ['and', 'then', 'some'])
    expect(await alice.ask('send', first)).toMatchObject({ message, duplicate: true })
    expect(await bob.push('message')).toEqual(await bob.push('message'))
    expect(await alice.refusal('send', { ...first, text: 'Other' })).toMatchObject({ code: 'id_reused' })
    const { messages, head } = await bob.ask('history', { roomId: room.roomId, after: 0 })
    expect(seqs(messages)).toEqual([1, 2, 3, 4])
    expect(head).toBe(4)
  })

  it('allows two authors to use the same clientMessageId', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    const same = { roomId: room.roomId, text: 'Mine', clientMessageId: 'the-same', after: 0 }
    expect((await alice.ask('send', same)).message.seq).toBe(1)
    expect((await bob.ask('send', same)).message.seq).toBe(2)
  })

  it('with ifHead stores a message only if the head has not changed', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    const bob = await world().joined('bob', room)
    expect((await alice.ask('send', { roomId: room.roomId, text: 'First', ifHead: 0 })).message.seq).toBe(1)
    expect(await bob.refusal('send', { roomId: room.roomId, text: 'Late', ifHead: 0 })).toMatchObject({
      code: 'conflict',
      retryable: false,
      details: { head: 1 },
    })
  })

  it('stores messages of concurrent senders in one order without gaps', async () => {
    const room = await world().room({}, ['user:alice', 'user:bob', 'user:carol'])
    const senders = await Promise.all(['alice', 'bob', 'carol'].map((user) => world().joined(user, room)))
    const replies = await Promise.all(
      senders.flatMap((sender) =>
        Array.from({ length: 8 }, (_, n) => sendUntilStored(sender, { roomId: room.roomId, text: `n${n}` })),
      ),
    )
    const acknowledged = replies.map((reply) => reply.message).sort((a, b) => a.seq - b.seq)
    expect(seqs(acknowledged)).toEqual(Array.from({ length: 24 }, (_, at) => at + 1))
    const { messages } = (await senders[0]?.ask('history', { roomId: room.roomId, after: 0, limit: 100 })) ?? {}
    expect(messages).toEqual(acknowledged)
    const times = messages.map((message: Frame) => message.sentAt)
    expect(times).toEqual([...times].sort())
  })

  it('refuses an after that is not in the log with the head and the floor, as history and join do', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    await say(alice, room.roomId, ['one', 'two'])
    const details = { head: 2, floor: 1, epoch: expect.any(String) }
    const future = { roomId: room.roomId, after: 1_000_000 }
    const resync = { code: 'resync_required', retryable: false, details }
    expect(await alice.refusal('send', { ...future, text: 'x', clientMessageId: 'x' })).toMatchObject(resync)
    expect(await alice.refusal('history', future)).toMatchObject(resync)
    expect(await alice.refusal('join', future)).toMatchObject(resync)
    expect((await alice.ask('history', { roomId: room.roomId })).head).toBe(2)
  })
})

describe('a reader', () => {
  it('gets messages with its join, and the pushes continue from there', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    await say(
      alice,
      room.roomId,
      Array.from({ length: 40 }, (_, n) => `message ${n + 1}`),
    )
    const bob = await world().connect('bob')
    const newest = await bob.ask('join', { roomId: room.roomId })
    expect(seqs(newest.messages)).toEqual(Array.from({ length: 30 }, (_, at) => at + 11))
    expect(newest).toMatchObject({ head: 40, floor: 1, complete: false })
    const resumed = await bob.ask('join', { roomId: room.roomId, after: 38 })
    expect(seqs(resumed.messages)).toEqual([39, 40])
    expect(resumed.complete).toBe(true)
    const some = await bob.ask('join', { roomId: room.roomId, after: 0, limit: 5 })
    expect(seqs(some.messages)).toEqual([1, 2, 3, 4, 5])
    expect(some).toMatchObject({ head: 40, complete: false })
    expect((await bob.ask('join', { roomId: room.roomId, limit: 0 })).messages).toEqual([])
    await say(alice, room.roomId, ['live'])
    expect(await bob.push('message')).toMatchObject({ seq: 41 })
  })

  it('can page through the history in both directions without missing or repeating a message', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    await say(
      alice,
      room.roomId,
      Array.from({ length: 25 }, (_, n) => `message ${n + 1}`),
    )
    const everything = Array.from({ length: 25 }, (_, at) => at + 1)
    const pages = async (query: Frame, order: (pages: number[][]) => number[][]) => {
      const read: number[][] = []
      let cursor: string | undefined
      do {
        const page = await alice.ask('history', {
          roomId: room.roomId,
          limit: 10,
          ...query,
          ...(cursor && { cursor }),
        })
        read.push(seqs(page.messages))
        expect(page).toMatchObject({ head: 25, floor: 1, exceeded: page.cursor !== undefined })
        cursor = page.cursor
      } while (cursor)
      return order(read).flat()
    }
    expect(await pages({ after: 0 }, (read) => read)).toEqual(everything)
    expect(await pages({}, (read) => read.reverse())).toEqual(everything)
    expect(await pages({ before: 11 }, (read) => read.reverse())).toEqual(everything.slice(0, 10))
  })

  it('gets a reply that is cut at the size of a frame and marked as incomplete', async () => {
    const room = await world().room()
    const alice = await world().joined('alice', room)
    await say(
      alice,
      room.roomId,
      Array.from({ length: 12 }, () => 'ä'.repeat(2000)),
    )
    const newest = await alice.ask('join', { roomId: room.roomId })
    expect(newest.complete).toBe(false)
    expect(newest.messages.at(-1).seq).toBe(12)
    expect(Buffer.byteLength(JSON.stringify(newest))).toBeLessThanOrEqual(32 * 1024)
    const oldest = await alice.ask('history', { roomId: room.roomId, after: 0, limit: 500 })
    expect(oldest).toMatchObject({ exceeded: true, head: 12 })
    expect(oldest.messages[0].seq).toBe(1)
  })

  it('needs the right to join but not a session', async () => {
    const room = await world().room()
    const bob = await world().connect('bob')
    const carol = await world().connect('carol')
    expect((await bob.ask('history', { roomId: room.roomId })).messages).toEqual([])
    expect(await carol.refusal('history', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
    expect(await carol.refusal('participants', { roomId: room.roomId })).toMatchObject({ code: 'forbidden' })
  })

  it('gets with sync only the rooms that have new entries and that it may read', async () => {
    const [quiet, busy, foreign] = [await world().room(), await world().room(), await world().room({}, ['user:alice'])]
    const alice = await world().joined('alice', busy)
    await alice.ask('join', { roomId: foreign.roomId })
    await say(alice, busy.roomId, ['one', 'two'])
    await say(alice, foreign.roomId, ['hidden'])
    const bob = await world().joined('bob', quiet)
    const rooms = { [quiet.roomId]: 0, [busy.roomId]: 1, [foreign.roomId]: 0, 'no-such-room': 0 }
    expect((await bob.ask('sync', { rooms })).rooms).toEqual({ [busy.roomId]: { head: 2, floor: 1 } })
  })
})
