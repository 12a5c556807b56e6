import * as z from 'zod/mini'
import { describeError } from '../../lambdas/describe-error.ts'
import { tagOf } from '../../lambdas/domain/budget/rate.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { ofCall } from '../../lambdas/domain/failed-calls.ts'
import { observedJob } from '../../lambdas/observe.ts'
import { route } from '../../lambdas/route.ts'
import { unavailable } from '../../lambdas/store/errors.ts'
import { call } from '../support/memory/fixtures.ts'
import { watchedApp } from '../support/memory/watched-app.ts'
import { faultsOf } from '../support/metric-format.ts'

const schema = z.object({ roomId: z.optional(z.string()) })
const answering = route(schema, async () => ({}))
const failing = (error: unknown) =>
  route(schema, async () => {
    throw error
  })

const read = (written: string[]) => written.map((text) => JSON.parse(text))

describe('the line of a request', () => {
  it('has the fields of the log and the metrics, and is valid for CloudWatch', async () => {
    const { app, written } = watchedApp()
    await call(app, answering, { roomId: 'lobby' })
    expect(written.flatMap((text) => faultsOf(text, app.clock.now()))).toEqual([])
    expect(read(written)).toEqual([
      {
        level: 'INFO',
        timestamp: new Date(app.clock.now()).toISOString(),
        requestId: 'request-1',
        connectionId: 'c-ana',
        room: tagOf('lobby'),
        user: tagOf('ana'),
        verb: 'test',
        outcome: 'ok',
        ms: 0,
        units: 10,
        _aws: expect.any(Object),
        Stack: 'Chat',
        Verb: 'test',
        Requests: 1,
        Refused: 0,
        Internal: 0,
        Latency: 0,
        Units: 10,
        ColdStart: 1,
      },
    ])
  })

  it('counts a cold start for the first request of an environment only', async () => {
    const { app, written } = watchedApp()
    await call(app, answering, {})
    await call(app, answering, {})
    expect(read(written).map(({ ColdStart }) => ColdStart)).toEqual([1, undefined])
  })

  it('counts a refusal by its code, and the refusals for too much by themselves', async () => {
    const { app, written } = watchedApp()
    await call(app, failing(new Refusal('rate_limited', 'Slower.')), {})
    expect(read(written)).toMatchObject([
      { level: 'WARN', outcome: 'rate_limited', Refused: 1, Outcome: 'rate_limited', RateLimited: 1, Internal: 0 },
    ])
  })

  it('names the call and the table that failed, also behind a refusal, and the place of an error in our code', async () => {
    const { app, written } = watchedApp()
    const error = Object.assign(new Error('text of a user'), { name: 'TimeoutError' })
    const failed = ofCall(error, { action: 'PutItem', target: 'Messages', status: 500 })
    await call(app, failing(failed), {})
    await call(app, failing(unavailable(failed)), {})
    const fields = { error: 'TimeoutError', action: 'PutItem', target: 'Messages', status: 500 }
    expect(read(written)).toMatchObject([
      { ...fields, level: 'ERROR', outcome: 'internal', Internal: 1, at: expect.stringMatching(/^test\/unit\/req/) },
      { ...fields, level: 'WARN', outcome: 'unavailable', Internal: 0 },
    ])
    expect(written.join()).not.toContain('text of a user')
  })

  it('has the notes of this request alone, and is a warning if one of them is an error', async () => {
    const { app, written } = watchedApp()
    const noting = route(schema, async () => {
      app.note({ step: 'one' }, new TypeError('x is not a function'))
      return {}
    })
    await call(app, noting, {})
    await call(app, answering, {})
    const [first, second] = read(written)
    expect(first).toMatchObject({ level: 'WARN', outcome: 'ok', notes: [{ step: 'one', error: 'TypeError' }] })
    expect(second).not.toHaveProperty('notes')
  })

  it('is written for a job that fails, which still fails', async () => {
    const { app, written } = watchedApp()
    const work = () => Promise.reject(new RangeError('x'))
    await expect(observedJob(app, { verb: 'jobs', requestId: 'r' }, work)).rejects.toThrow(/^The request failed;/)
    expect(read(written)).toMatchObject([
      {
        level: 'ERROR',
        verb: 'jobs',
        outcome: 'failed',
        error: 'RangeError',
        JobFailures: 1,
        Internal: 0,
        Verb: 'jobs',
      },
    ])
  })
})

describe('at the level warn', () => {
  it('a request that ends well writes its metrics and nothing else', async () => {
    const { app, written } = watchedApp('warn')
    await call(app, answering, { roomId: 'lobby' })
    const [{ _aws, ...line }] = read(written)
    expect(Object.keys(line)).toEqual([
      'Stack',
      'Verb',
      'Requests',
      'Refused',
      'Internal',
      'Latency',
      'Units',
      'ColdStart',
    ])
    expect(_aws.CloudWatchMetrics).toHaveLength(2)
  })

  it('a request that is refused has all its fields', async () => {
    const { app, written } = watchedApp('warn')
    await call(app, failing(new Refusal('forbidden', 'No.')), {})
    expect(read(written)).toMatchObject([{ level: 'WARN', requestId: 'request-1', outcome: 'forbidden' }])
  })
})

it('at the level debug a refusal has its place in our code', async () => {
  const { app, written } = watchedApp('debug')
  await call(app, failing(new Refusal('forbidden', 'No.')), {})
  expect(read(written)[0].refusedAt).toMatch(/^test\/unit\/request-log\.test\.ts:\d+:\d+/)
})

describe('what is said of an error', () => {
  const named = (message: string, make: (text: string) => Error = (text) => new TypeError(text)) =>
    describeError(make(message)).message

  it.each([
    ['app.stores.find is not a function', 'app.stores.find is not a function'],
    ["Cannot read properties of undefined (reading 'secret')", 'Cannot read properties of undefined'],
    ['Headers.append: "secret" is an invalid header value.', undefined],
    ["Cannot use 'in' operator to search for 'a' in secret", undefined],
    ['secret words', undefined],
  ])('keeps of the message "%s" only what quotes no value', (message, kept) => expect(named(message)).toBe(kept))

  it('has no message of an error that the language did not make', () => {
    expect(named('app.find is not a function', (text) => new Error(text))).toBeUndefined()
  })

  it('has no frames that a message makes up', () => {
    const { at } = describeError(new Error(`x\n    at y (${process.cwd()}/secret.ts:1:1)`))
    expect(at).toMatch(/^test\/unit\/request-log\.test\.ts/)
    expect(at).not.toContain('secret')
  })

  it.each([
    ['text', 'string'],
    [undefined, 'undefined'],
    [{ secret: 1 }, 'object'],
  ])('that is no error is its type: %p', (thrown, type) => expect(describeError(thrown)).toEqual({ error: type }))
})
