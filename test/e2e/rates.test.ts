import { randomUUID } from 'node:crypto'
import { startLocalRun } from '../support/local-run/local-run.ts'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld } from './world.ts'

// What other files have sent as the same users would count.
const world = aWorld(startLocalRun)

const others = Array.from({ length: 20 }, (_, nr) => `reader${nr}`)

const openRoom = () => world().room({ privacy: 'open' }, [])

const draft = (roomId: string, text: string): Frame => ({ roomId, text, clientMessageId: randomUUID(), after: 0 })

/** Sends a message again while other senders are faster. */
async function settled(author: ChatSocket, message: Frame): Promise<Frame> {
  for (;;) {
    const reply = await author.request('send', message)
    if (reply.ok || reply.error.code !== 'unavailable') return reply
  }
}

/** Sends messages, four at a time, until a number of them was refused by the rate limit. */
async function flood(author: ChatSocket, roomId: string, refusals: number) {
  const stored: Frame[] = []
  const refused: Frame[] = []
  let nr = 0
  const sender = async () => {
    while (refused.length < refusals) {
      const reply = await settled(author, draft(roomId, `flood ${nr++}`))
      if (reply.ok) stored.push(reply.message)
      else refused.push(reply.error)
    }
  }
  await Promise.all([sender(), sender(), sender(), sender()])
  return { stored, refused }
}

/** How many messages one author may send in the time between these messages, by the clock of the server. */
function maxFor(stored: Frame[], { messagesPerSecondPerAuthor, messageBurstPerAuthor }: Frame): number {
  const times = stored.map(({ sentAt }) => Date.parse(sentAt))
  return messageBurstPerAuthor + (messagesPerSecondPerAuthor * (Math.max(...times) - Math.min(...times))) / 1000
}

describe('an author who sends too fast', () => {
  it('is refused after the burst with a time to retry, and other authors are not', async () => {
    const { roomId } = await openRoom()
    const author = await world().joined('flooder', { roomId })
    const rest = await Promise.all(others.map((user) => world().joined(user, { roomId })))
    const { limits } = await author.ask('hello')
    const [{ stored, refused }, ...replies] = await Promise.all([
      flood(author, roomId, 20),
      ...rest.map((other, nr) => settled(other, draft(roomId, `calm ${nr}`))),
    ])
    expect(replies.filter(({ ok }) => !ok)).toEqual([])
    expect(stored.length).toBeGreaterThanOrEqual(limits.messageBurstPerAuthor)
    expect(stored.length).toBeLessThanOrEqual(maxFor(stored, limits))
    for (const error of refused) {
      expect(error).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: expect.any(Number) })
      expect(error.retryAfterMs).toBeGreaterThan(0)
    }
  })

  it('gets replies to retries of stored messages all the time', async () => {
    const { roomId } = await openRoom()
    const author = await world().joined('repeater', { roomId })
    const first = draft(roomId, 'first')
    const { message } = await settled(author, first)
    let done = false
    const flooding = flood(author, roomId, 20).finally(() => {
      done = true
    })
    const again: Frame[] = []
    while (!done) again.push(await author.request('send', first))
    await flooding
    expect(again.length).toBeGreaterThan(0)
    expect(again.filter(({ duplicate }) => duplicate !== true)).toEqual([])
    expect(new Set(again.map((reply) => reply.message.seq))).toEqual(new Set([message.seq]))
  })

  it('stores every message once by retrying', async () => {
    const { roomId } = await openRoom()
    const author = await world().joined('insister', { roomId })
    for (let nr = 1; nr <= 30; nr++) {
      const message = draft(roomId, `${nr}`)
      let reply = await settled(author, message)
      while (!reply.ok && reply.error.code === 'rate_limited') reply = await settled(author, message)
      expect(reply).toMatchObject({ ok: true, duplicate: false, message: { seq: nr } })
    }
  })
})
