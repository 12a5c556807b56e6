import type { Frame } from '../support/socket/chat-socket.ts'
import type { RetryingClient } from '../support/socket/retrying-client.ts'
import { aLocalWorld } from './local-world.ts'

const world = aLocalWorld({ SEED: '9' })

/** A room with three joined users. */
async function three(): Promise<{ room: Frame; author: RetryingClient; readers: RetryingClient[] }> {
  const room = await world().room({ privacy: 'open' }, [])
  const [author, ...readers] = ['alice', 'bob', 'carol'].map((user) => world().author(user, room))
  if (!author) throw new Error('An author is missing.')
  for (const each of [author, ...readers]) await each.present()
  return { room, author, readers }
}

/** Expects that all readers have the log up to this position, and closes them. */
async function expectAllRead(author: RetryingClient, readers: RetryingClient[], seq: number): Promise<void> {
  for (const reader of readers) {
    await reader.reached(seq)
    expect(reader.view).toEqual(author.view)
    expect(reader.contradictions).toEqual([])
  }
  await Promise.all([author, ...readers].map((each) => each.close()))
}

describe('a push that fails', () => {
  it('because its connection is dead does not affect other readers or the reply to the author', async () => {
    const { room, author, readers } = await three()
    const dead = await Promise.all(Array.from({ length: 10 }, (_, n) => world().joined(`dead${n}`, room)))
    await world().faults('dropDisconnect:1')
    for (const socket of dead) socket.kill()
    await Promise.all(dead.map((socket) => socket.closed))
    await author.say(3)
    await expectAllRead(author, readers, 3)
    expect(readers.map(({ figures }) => figures.gaps)).toEqual([0, 0])
  })

  it.each([['429'], ['500']])(
    'with %s is skipped; the author gets the reply, and readers notice the gap at the next push',
    async (status) => {
      const { author, readers } = await three()
      await world().faults(`post${status}:1`)
      await author.deliver(author.draft('alice 0'))
      await author.deliver(author.draft('alice 1'))
      expect(readers.map(({ last }) => last)).toEqual([0, 0])
      await world().faults()
      await author.deliver(author.draft('alice 2'))
      await expectAllRead(author, readers, 3)
      expect(readers.map(({ figures }) => figures.gaps)).toEqual([1, 1])
    },
  )

  it.each([['429After'], ['500After']])('with %s after its delivery arrives twice and is read once', async (fault) => {
    const { author, readers } = await three()
    await world().faults(`post${fault}:1`)
    await author.say(3)
    await world().faults()
    await author.deliver(author.draft('alice 3'))
    await expectAllRead(author, readers, 4)
    expect(readers.map(({ figures }) => figures.dropped)).toEqual([3, 3])
  })

  it.each([['post410'], ['post410After']])(
    'with %s although the connection is open ends the session but loses no message',
    async (fault) => {
      const { author, readers } = await three()
      await world().faults(`${fault}:1`)
      await author.deliver(author.draft('alice 0'))
      await world().faults()
      for (const reader of readers) await reader.deliver(reader.draft(`${reader.user} 0`))
      await author.deliver(author.draft('alice 1'))
      await author.reached(4)
      expect(readers.map(({ figures }) => figures.rejoins)).toEqual([2, 2])
      await expectAllRead(author, readers, 4)
    },
  )

  it('because it hangs delays the reply only until its own deadline', async () => {
    const { author, readers } = await three()
    await world().faults('hangPost:1')
    const before = await world().invocations('end')
    const reply = await author.attempt(author.draft('alice 0'))
    expect(reply).toMatchObject({ ok: true, message: { seq: 1 } })
    expect((await world().invocations('end')).errors).toBe(before.errors)
    await world().faults()
    await expectAllRead(author, readers, 1)
  })

  it('to arrive in order or in time is put in order by the reader', async () => {
    const { author, readers } = await three()
    const [bob, carol] = readers
    await world().faults('delayPost:0.7')
    await Promise.all([author.say(10), bob?.say(10), carol?.say(10)])
    await world().faults()
    await author.reached(30)
    await expectAllRead(author, readers, 30)
  })
})
