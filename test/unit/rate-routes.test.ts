import { rates } from '../../lambdas/budgets.ts'
import { RateLimiter } from '../../lambdas/domain/budget/limiter.ts'
import { hello } from '../../lambdas/routes/hello.ts'
import { join } from '../../lambdas/routes/join.ts'
import { removeMessages } from '../../lambdas/routes/remove-messages.ts'
import { send } from '../../lambdas/routes/send.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, connect, person } from '../support/memory/fixtures.ts'

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  app.rateLimits = { rates, authors: new RateLimiter(rates.author, app.clock) }
  await addRoom(app, 'r', { privacy: 'open' })
})

const codes = (replies: Record<string, unknown>[]) => replies.map(({ ok, error }) => (ok ? 'ok' : Object(error).code))

async function times(count: number, task: () => Promise<Record<string, unknown>>) {
  const replies = []
  for (let nr = 0; nr < count; nr++) replies.push(await task())
  return replies
}

describe('the limits in the reply to `hello`', () => {
  it('apply to `send`', async () => {
    await addSession(app, 'r', person('ana'), 'c-ana')
    const { limits } = await call(app, hello, {})
    const { messageBurstPerAuthor: burst, messagesPerSecondPerAuthor: perSecond } = Object(limits)
    const sendMessage = () => call(app, send, { roomId: 'r', text: 'hi' })
    const replies = await times(burst + 1, sendMessage)
    expect(codes(replies)).toEqual([...Array.from({ length: burst }, () => 'ok'), 'rate_limited'])
    expect(replies.at(-1)?.error).toMatchObject({ retryable: true, retryAfterMs: 1000 / perSecond })
    app.clock.time += 1000 / perSecond
    expect(codes(await times(2, sendMessage))).toEqual(['ok', 'rate_limited'])
  })

  it('do not apply to `removeMessages`', async () => {
    await addSession(app, 'r', person('ana'), 'c-ana')
    await times(20, () => call(app, send, { roomId: 'r', text: 'hi' }))
    const root = person('root', { admin: true })
    const { time } = app.clock
    const seqs = Array.from({ length: 20 }, (_, at) => at + 1)
    expect(await call(app, removeMessages, { roomId: 'r', seqs }, root)).toMatchObject({ ok: true, removed: 20 })
    app.clock.time = time
    expect(codes([await call(app, send, { roomId: 'r', text: 'hi' })])).toEqual(['rate_limited'])
  })
})

describe('a connection', () => {
  it('can join a burst of rooms and then a limited number per second', async () => {
    const joining = { perSecond: 10, burst: 3 }
    app.joinLimiter = new RateLimiter(joining, app.clock)
    await connect(app, person('ana'), 'c-ana')
    const { time } = app.clock
    const replies = await times(4, () => call(app, join, { roomId: 'r' }))
    expect(codes(replies)).toEqual(['ok', 'ok', 'ok', 'rate_limited'])
    expect(replies.at(-1)?.error).toMatchObject({ retryAfterMs: 100 })
    await connect(app, person('ben'), 'c-ben')
    expect(codes([await call(app, join, { roomId: 'r' }, person('ben'))])).toEqual(['ok'])
    app.clock.time = time + 100
    expect(codes(await times(2, () => call(app, join, { roomId: 'r' })))).toEqual(['ok', 'rate_limited'])
  })
})
