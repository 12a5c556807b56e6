import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'

jest.setTimeout(180_000)
const world = aLocalWorld()

/** Sends the request on all sockets, 2 at a time on each, until one is refused. */
async function untilRefused(sockets: ChatSocket[], action: string, fields: object) {
  let frames = 0
  let error: Frame | undefined
  const send = async (socket: ChatSocket) => {
    while (!error) {
      const reply = await socket.request(action, fields)
      frames++
      if (reply.error?.code === 'rate_limited') error = reply.error
    }
  }
  await Promise.all(sockets.flatMap((socket) => Array.from({ length: 2 }, () => send(socket))))
  return { frames, error }
}

test('a user who asks for too much is refused on every connection and by every verb, and others are not', async () => {
  // The guess of a taken name costs 500 units, so some 200 frames use up the budget.
  await (await world().connect('root')).ask('createRoom', { name: 'Taken' })
  const sockets = await Promise.all([1, 2, 3].map(() => world().connect('dan')))
  const { error } = await untilRefused(sockets, 'createRoom', { name: 'Taken' })
  expect(error).toMatchObject({ code: 'rate_limited', retryable: true })
  expect(error?.retryAfterMs).toBeGreaterThan(0)
  expect(error?.retryAfterMs).toBeLessThanOrEqual(61_000)
  const other = await world().connect('erin')
  expect(await other.request('createRoom', { name: 'Free' })).toMatchObject({ ok: true })
  // Another function learns of it as soon as more than its slack is pending.
  const { frames } = await untilRefused(sockets, 'browse', {})
  expect(frames).toBeLessThan(100)
})

test('a user who sends frames that cannot be read is disconnected and shut out, and others are not', async () => {
  const [socket, second] = await Promise.all([world().connect('faye'), world().connect('faye')])
  const { limits } = await socket.ask('hello')
  const closed = socket.closed
  for (let nr = 0; nr < 2 * limits.badFramesPerMinute; nr++) socket.socket.send('{')
  expect(await socket.push('goaway')).toEqual({ type: 'goaway', reason: 'abuse', reconnectInMs: 60_000 })
  await closed
  await expect(world().connect('faye')).rejects.toMatchObject({ status: 429 })
  expect(await second.ask('hello')).toMatchObject({ user: 'faye' })
  expect((await (await world().connect('gus')).ask('hello')).user).toBe('gus')
})
