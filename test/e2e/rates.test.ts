import { randomUUID } from 'node:crypto'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld } from './world.ts'

jest.setTimeout(180_000)
const world = aWorld()

const others = Array.from({ length: 20 }, (_, nr) => `reader${nr}`)

/** A room into which everybody may come. */
const openRoom = () => world().room({ privacy: 'open' }, [])

const firstTry = (roomId: string, text: string): Frame => ({ roomId, text, clientMessageId: randomUUID(), after: 0 })

/** Asks until the answer is another than that somebody else was quicker. */
async function settled(author: ChatSocket, message: Frame): Promise<Frame> {
  for (;;) {
    const reply = await author.request('send', message)
    if (reply.ok || reply.error.code !== 'unavailable') return reply
  }
}

/** Says one thing after the other, four at a time, until so many were refused for haste. */
async function flood(author: ChatSocket, roomId: string, refusals: number) {
  const stored: Frame[] = []
  const refused: Frame[] = []
  let nr = 0
  const lane = async () => {
    while (refused.length < refusals) {
      const reply = await settled(author, firstTry(roomId, `flood ${nr++}`))
      if (reply.ok) stored.push(reply.message)
      else refused.push(reply.error)
    }
  }
  await Promise.all([lane(), lane(), lane(), lane()])
  return { stored, refused }
}

/** How many one author may have said from the first to the last of these, by the server's own clock. */
function mostIn(stored: Frame[], { messagesPerSecondPerAuthor, messageBurstPerAuthor }: Frame): number {
  const times = stored.map(({ sentAt }) => Date.parse(sentAt))
  return messageBurstPerAuthor + (messagesPerSecondPerAuthor * (Math.max(...times) - Math.min(...times))) / 1000
}

describe('an author who floods a room', () => {
  it('is told after the burst when to come again, and nobody else is', async () => {
    const { roomId } = await openRoom()
    const author = await world().joined('flooder', { roomId })
    const rest = await Promise.all(others.map((user) => world().joined(user, { roomId })))
    const { limits } = await author.ask('hello')
    const [{ stored, refused }, ...said] = await Promise.all([
      flood(author, roomId, 20),
      ...rest.map((other, nr) => settled(other, firstTry(roomId, `calm ${nr}`))),
    ])
    expect(said.filter(({ ok }) => !ok)).toEqual([])
    expect(stored.length).toBeGreaterThanOrEqual(limits.messageBurstPerAuthor)
    expect(stored.length).toBeLessThanOrEqual(mostIn(stored, limits))
    for (const error of refused) {
      expect(error).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: expect.any(Number) })
      expect(error.retryAfterMs).toBeGreaterThan(0)
    }
  })

  it('gets the answer to what is stored all the while', async () => {
    const { roomId } = await openRoom()
    const author = await world().joined('repeater', { roomId })
    const first = firstTry(roomId, 'first')
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

  it('gets everything through by coming again, each message once', async () => {
    const { roomId } = await openRoom()
    const author = await world().joined('insister', { roomId })
    for (let nr = 1; nr <= 30; nr++) {
      const message = firstTry(roomId, `${nr}`)
      let reply = await settled(author, message)
      while (!reply.ok && reply.error.code === 'rate_limited') reply = await settled(author, message)
      expect(reply).toMatchObject({ ok: true, duplicate: false, message: { seq: nr } })
    }
  })
})
