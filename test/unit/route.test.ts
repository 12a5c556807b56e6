import * as z from 'zod/mini'
import type { SocketEvent } from '../../lambdas/aws/socket-event.ts'
import { tagOf } from '../../lambdas/domain/budget/rate.ts'
import { type ErrorCode, Refusal } from '../../lambdas/domain/errors.ts'
import { route } from '../../lambdas/route.ts'
import { unknownAction } from '../../lambdas/routes/default.ts'
import { BadFrame } from '../../protocol/parse.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, eventOf, person } from '../support/memory/fixtures.ts'

let app: MemoryApp

beforeEach(() => {
  app = memoryApp()
})

const schema = z.object({ word: z.optional(z.string()) })
const answering = route(schema, async (_, { frame, caller }) => ({ received: frame.word, by: caller.user }))
const failing = (error: unknown) =>
  route(schema, async () => {
    throw error
  })

const errorOf = async (error: unknown) => (await call(app, failing(error), { id: '7' })).error

describe('a request', () => {
  it('gets a reply with its id', async () => {
    expect(await call(app, answering, { id: '7', word: 'hi' })).toEqual({
      id: '7',
      ok: true,
      received: 'hi',
      by: 'ana',
    })
  })

  it('without an id gets a reply without one', async () => {
    expect(await call(app, answering, { word: 'hi' })).toEqual({ ok: true, received: 'hi', by: 'ana' })
  })

  it('can have an id of 64 emoji', async () => {
    const id = '😀'.repeat(64)
    expect(await call(app, answering, { id, word: 'hi' })).toMatchObject({ id, ok: true })
  })

  it.each([7, null, '', 'x'.repeat(65), '😀'.repeat(65), ['7'], { a: 1 }])('with the id %p is invalid', async (id) => {
    expect(await call(app, answering, { id, word: 'hi' })).toEqual({
      ok: false,
      error: expect.objectContaining({ code: 'invalid', retryable: false, details: { field: 'id' } }),
    })
  })

  it('that is refused gets an error with its id', async () => {
    expect(await call(app, answering, { id: '7', word: 5 })).toMatchObject({
      id: '7',
      ok: false,
      error: { code: 'invalid', details: { field: 'word' } },
    })
  })

  it('with malformed Unicode gets an error with its id, so that the client does not wait', async () => {
    expect(await call(app, answering, '{"id":"7","word":"\\ud800"}')).toMatchObject({ id: '7', ok: false })
  })

  it.each(['', 'null', '[]', '"x"', '{'])('with the text %p is invalid', async (text) => {
    expect(await call(app, answering, text)).toMatchObject({ ok: false, error: { code: 'invalid' } })
  })

  it('without a body is invalid', async () => {
    const { body: _, ...event } = eventOf(app, {}, person('ana'), 'c')
    expect((await answering(app, event)).body).toContain('"invalid"')
  })

  it('with an unknown action is invalid', async () => {
    const reply = await call(app, unknownAction, { action: 'dance', id: '7' })
    expect(reply).toMatchObject({ id: '7', error: { code: 'invalid', details: { field: 'action' } } })
  })
})

describe('a refusal', () => {
  const codes: ErrorCode[] = [
    'invalid',
    'not_found',
    'forbidden',
    'room_disabled',
    'not_joined',
    'conflict',
    'duplicate_name',
    'resync_required',
    'id_reused',
    'not_in_scope',
    'presenter_not_member',
    'unknown_principal',
    'limit_exceeded',
    'rate_limited',
    'unavailable',
  ]

  it.each(codes)('with the code %s states whether it is retryable', async (code) => {
    expect(await errorOf(new Refusal(code, 'No.'))).toEqual({
      code: code,
      message: 'No.',
      retryable: code === 'rate_limited' || code === 'unavailable',
      ...(code === 'resync_required' && { details: { epoch: 'e1' } }),
    })
  })

  it('contains the wait before a retry in whole milliseconds', async () => {
    const refused = new Refusal('rate_limited', 'Wait.', { retryAfterMs: 12.2 })
    expect(await errorOf(refused)).toMatchObject({ retryAfterMs: 13 })
  })

  it('contains its details, and the epoch if a resync is required', async () => {
    const details = { head: 9, floor: 2 }
    expect(await errorOf(new Refusal('conflict', 'Moved.', { details }))).toMatchObject({ details })
    const resync = await errorOf(new Refusal('resync_required', 'Read.', { details }))
    expect(resync).toMatchObject({ details: { ...details, epoch: 'e1' } })
  })

  it('of a bad frame contains the field', async () => {
    const error = await errorOf(new BadFrame('word must be short.', 'word'))
    const details = { field: 'word' }
    expect(error).toEqual({ code: 'invalid', message: 'word must be short.', retryable: false, details })
  })
})

describe('a defect', () => {
  const secret = 'the user wrote: password'
  const errorNamed = (name: string) => Object.assign(new Error(secret), { name })

  it.each([new Error(secret), new TypeError(secret), errorNamed('ValidationException'), secret, undefined, { secret }])(
    'causes a reply without details: %p',
    async (error) => {
      const reply = await call(app, failing(error), { id: '7' })
      expect(reply).toEqual({
        id: '7',
        ok: false,
        error: { code: 'internal', message: expect.any(String), retryable: true },
      })
      expect(JSON.stringify(reply)).not.toContain('password')
    },
  )

  it('is logged with the request id, the kind of error and the places in our code, without a stack', async () => {
    await call(app, failing(new TypeError('x is not a function')), { id: '7' })
    const logged = app.logLines.find((line) => line.level === 'ERROR')
    expect(logged).toMatchObject({
      requestId: 'request-1',
      outcome: 'internal',
      error: 'TypeError',
      message: 'x is not a function',
    })
    expect(logged?.at).toMatch(/^test\/unit\/route\.test\.ts:\d+:\d+/)
    expect(logged).not.toHaveProperty('stack')
  })

  it.each([
    new Error(secret),
    new TypeError(secret),
    errorNamed('ValidationException'),
    errorNamed('SyntaxError'),
    errorNamed(secret),
    secret,
    { secret },
  ])('that can quote a user is logged without its message: %p', async (error) => {
    await call(app, failing(error), { id: '7', word: secret })
    expect(app.logLines).toHaveLength(1)
    expect(JSON.stringify(app.logLines)).not.toContain('password')
  })

  it('is reported for an event without an identity', async () => {
    const event = eventOf(app, { id: '7' }, person('ana'), 'c')
    delete event.requestContext.authorizer
    expect((await answering(app, event)).body).toContain('"internal"')
  })

  it('in the log does not prevent the reply', async () => {
    app.report = () => {
      throw new Error('The log is full.')
    }
    expect(await call(app, answering, { id: '7' })).toMatchObject({ id: '7', ok: true })
  })
})

it('each request is logged in one line without its content', async () => {
  await call(app, answering, { id: '7', word: 'password' })
  await call(app, answering, { id: '8', word: 5, other: 'password' })
  const line = { verb: 'test', requestId: 'request-1', connectionId: 'c-ana', user: tagOf('ana'), ms: 0, units: 10 }
  expect(app.logLines).toEqual([
    { ...line, outcome: 'ok' },
    { ...line, level: 'WARN', outcome: 'invalid' },
  ])
})

describe('a request with an expired token', () => {
  const expired = (frame: object): SocketEvent => {
    const event = eventOf(app, frame, person('ana'), 'c')
    return {
      ...event,
      requestContext: {
        ...event.requestContext,
        authorizer: { ...event.requestContext.authorizer, exp: String(app.clock.now() / 1000) },
      },
    }
  }

  it('is refused, and the connection gets a push and is closed, in this order', async () => {
    const run = jest.fn(async () => ({}))
    const result = await route(schema, run)(app, expired({ id: '7', word: 'hi' }))
    expect(result).toEqual({ statusCode: 200 })
    expect(run).not.toHaveBeenCalled()
    expect(app.connections.pushes('c')).toEqual([
      {
        id: '7',
        ok: false,
        error: {
          code: 'forbidden',
          message: expect.any(String),
          retryable: false,
          details: { reason: 'token_expired' },
        },
      },
      { type: 'goaway', reason: 'token_expired', reconnectInMs: 0 },
    ])
    expect(app.connections.closed).toEqual(['c'])
  })

  it('is accepted until the last millisecond of the token', async () => {
    const event = expired({ id: '7' })
    app.clock.time -= 1
    expect((await answering(app, event)).body).toContain('"ok":true')
    expect(app.connections.closed).toEqual([])
  })

  it('closes the connection even if the push fails', async () => {
    app.connections.setFault('c', 'gone')
    expect(await answering(app, expired({ id: '7' }))).toEqual({ statusCode: 200 })
    expect(app.connections.closed).toEqual(['c'])
  })
})
