import { systemClock } from '../../client/clock.ts'
import { backoffMs, between, heartbeatMs, rotationMs } from '../../client/delays.ts'
import { Emitter } from '../../client/emitter.ts'
import {
  ChatError,
  ConnectionError,
  errorCodes,
  InvalidOperationError,
  SessionStateError,
} from '../../client/errors.ts'
import { GapTimer } from '../../client/gap-timer.ts'
import { Pauses } from '../../client/pauses.ts'
import { idIn, referenceTo } from '../../client/room-reference.ts'
import { noStorage } from '../../client/storage.ts'
import { tokenEnd } from '../../client/token.ts'
import { ManualClock } from '../client/manual-clock.ts'

describe('waits', () => {
  it('double with each failure, up to a bound', () => {
    const half = () => 0.5
    expect([0, 1, 2, 3, 5, 6, 30, 31, 2000].map((failures) => backoffMs(failures, half))).toEqual([
      500, 1000, 2000, 4000, 16_000, 30_000, 30_000, 30_000, 30_000,
    ])
    expect([0, 1, 2].map((failures) => backoffMs(failures, half, 100, 300))).toEqual([50, 100, 150])
    expect(backoffMs(31, half, 1e-6, 1e9)).toBe(2 ** 29 / 1e6)
    expect(between(10, 20, () => 0.25)).toBe(12.5)
  })

  it('to a fresh connection go by its age and by its token', () => {
    const minute = 60_000
    expect([0, 1].map((draw) => rotationMs(() => draw))).toEqual([90 * minute, 115 * minute])
    expect([0, 1].map((draw) => rotationMs(() => draw, 100 * minute))).toEqual([75 * minute, 95 * minute])
    expect(rotationMs(() => 0, 1)).toBe(minute)
    expect([0, 1].map((draw) => heartbeatMs(() => draw))).toEqual([192_000, 360_000])
  })

  it('of the machine end, and can be called off', async () => {
    jest.useFakeTimers({ now: 5000 })
    try {
      const ran: string[] = []
      systemClock.after(10, () => ran.push('late'))
      systemClock.after(5, () => ran.push('never'))()
      const pauses = new Pauses(systemClock)
      void pauses.wait(20).then(() => ran.push('pause'))
      await jest.advanceTimersByTimeAsync(9)
      expect(ran).toEqual([])
      await jest.advanceTimersByTimeAsync(11)
      expect(ran).toEqual(['late', 'pause'])
      expect(systemClock.now()).toBe(5020)
      void pauses.wait(20).then(() => ran.push('ended'))
      pauses.end()
      void pauses.wait(20).then(() => ran.push('none'))
      await jest.advanceTimersByTimeAsync(0)
      expect([ran.slice(2), jest.getTimerCount()]).toEqual([['ended', 'none'], 0])
    } finally {
      jest.useRealTimers()
    }
  })
})

describe('listeners', () => {
  it('are called in their order, until they call off, twice where they came twice', () => {
    const emitter = new Emitter<{ a: number; b: string }>()
    const heard: unknown[] = []
    const listen = (event: number) => void heard.push(event)
    const off = emitter.on('a', listen)
    emitter.on('a', listen)
    emitter.on('b', (event) => heard.push(event))
    emitter.emit('a', 1)
    emitter.emit('b', 'x')
    off()
    off()
    emitter.emit('a', 2)
    expect(heard).toEqual([1, 1, 'x', 2])
  })

  it('that come or go meanwhile change the next event, and not this one', () => {
    const emitter = new Emitter<{ a: number }>()
    const heard: string[] = []
    emitter.on('a', (event) => {
      heard.push(`first ${event}`)
      if (event === 1) emitter.on('a', () => heard.push('second'))
    })
    emitter.emit('a', 1)
    expect(heard).toEqual(['first 1'])
    emitter.emit('a', 2)
    expect(heard).toEqual(['first 1', 'first 2', 'second'])
  })

  it('that throw are uncaught, and do not stop the others', () => {
    const thrown: (() => void)[] = []
    const spy = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((work) => void thrown.push(work))
    const emitter = new Emitter<{ a: number }>()
    const heard: number[] = []
    emitter.on('a', () => {
      throw new Error('mine')
    })
    emitter.on('a', (event) => heard.push(event))
    emitter.emit('a', 1)
    spy.mockRestore()
    expect(heard).toEqual([1])
    expect(thrown).toHaveLength(1)
    expect(thrown[0]).toThrow('mine')
  })
})

describe('an error', () => {
  it('of the server has its code, and what goes with it', () => {
    const error = new ChatError({
      code: 'conflict',
      message: 'm',
      retryable: true,
      retryAfterMs: 5,
      details: { version: 2 },
    })
    expect(error).toMatchObject({
      name: 'ChatError',
      message: 'm',
      code: 'conflict',
      retryable: true,
      retryAfterMs: 5,
      details: { version: 2 },
    })
    expect(new ChatError({ code: 'x', message: 'm', retryable: false })).toMatchObject({
      code: 'internal',
      details: {},
    })
  })

  it.each([...errorCodes])('of code %s keeps it', (code) => {
    expect(new ChatError({ code, message: '', retryable: false }).code).toBe(code)
  })

  it('of another kind has its name', () => {
    const error = new ConnectionError('m', 'unreachable')
    expect(error).toMatchObject({ name: 'ConnectionError', message: 'm', code: 'unreachable', undecided: false })
    expect('cause' in error).toBe(false)
    const cause = new Error('why')
    expect(new ConnectionError('m', 'closed', { undecided: true, cause })).toMatchObject({ undecided: true, cause })
    expect(new SessionStateError('send', 'idle')).toMatchObject({
      name: 'SessionStateError',
      state: 'idle',
      message: expect.stringMatching(/idle.*send/),
    })
    expect(new InvalidOperationError('m')).toMatchObject({ name: 'InvalidOperationError', message: 'm' })
  })
})

describe('patience', () => {
  function patience(crowded = false, draw = 0) {
    const clock = new ManualClock()
    return { clock, own: new GapTimer({ clock, random: () => draw, gapMs: 100, isCrowded: () => crowded }) }
  }

  it('waits between one and one and a quarter times the least, in a crowd between 5 and 15 times', () => {
    expect([0, 1].map((draw) => patience(false, draw).own.wait())).toEqual([100, 125])
    expect([0, 1].map((draw) => patience(true, draw).own.wait())).toEqual([500, 1500])
  })

  it.each([
    [false, 400],
    [true, 3000],
  ])('lasts, in a crowd or not (%p), for %i ms since what is missing was first seen', async (crowded, ms) => {
    const { clock, own } = patience(crowded)
    expect(own.mayStillArrive()).toBe(true)
    own.noteSeen(5, 1)
    await clock.pass(ms - 1)
    own.noteSeen(6, 1)
    own.noteSeen(6, 1)
    expect(own.mayStillArrive()).toBe(true)
    await clock.pass(1)
    expect(own.mayStillArrive()).toBe(false)
    own.noteSeen(6, 5)
    expect(own.mayStillArrive()).toBe(true)
    own.noteSeen(6, 6)
    await clock.pass(ms)
    expect(own.mayStillArrive()).toBe(true)
  })

  it('does not begin anew for what was seen before', async () => {
    const { clock, own } = patience()
    own.noteSeen(5, 1)
    await clock.pass(300)
    own.noteSeen(4, 1)
    own.noteSeen(5, 4)
    await clock.pass(100)
    expect(own.mayStillArrive()).toBe(false)
  })
})

describe('a target', () => {
  it.each<[Parameters<typeof referenceTo>[0], object]>([
    ['chat://here/r', { roomUri: 'chat://here/r' }],
    ['chatter', { roomName: 'chatter' }],
    [{ roomId: 'r' }, { roomId: 'r' }],
    [{ roomUri: 'chat://here/r' }, { roomUri: 'chat://here/r' }],
    [{ roomName: ' Lobby ' }, { roomName: ' Lobby ' }],
  ])('%p is %p', (target, reference) => expect(referenceTo(target)).toEqual(reference))

  it.each(['', ' ', 'chat:', 'chat://here', 'chat://here/', 'chat://here/a/b', 'chat://here/a b', 'chat:// /a'])(
    'is no text such as %p',
    (target) => expect(() => referenceTo(target)).toThrow(TypeError),
  )

  it.each([
    'null',
    '5',
    'true',
    '{}',
    '{"roomId":""}',
    '{"roomId":5}',
    '{"roomUri":5}',
    '{"roomUri":"xchat://a/b"}',
    '{"roomName":null}',
  ])('is nothing such as %s', (target) => expect(() => referenceTo(JSON.parse(target))).toThrow(TypeError))

  it('carries an id in its URI, or as it is', () => {
    expect([{ roomId: 'r' }, { roomUri: 'chat://here/s' }, { roomName: 'n' }].map(idIn)).toEqual(['r', 's', undefined])
  })
})

it('no storage forgets everything', async () => {
  await noStorage.set('k', 'v')
  await noStorage.remove('k')
  expect(await noStorage.get('k')).toBeNull()
})

it.each(['+/+/', '-_-_'])('a token of letters such as %s tells its end', (letters) => {
  // Bytes that base64 writes with + and /, and base64url with - and _.
  const text = '{"exp":7,"x":"???>>>~~~"}'
  const claims = letters.startsWith('+')
    ? Buffer.from(text).toString('base64')
    : Buffer.from(text).toString('base64url')
  expect(claims).toMatch(letters.startsWith('+') ? /[+/]/ : /[-_]/)
  expect(tokenEnd(`a.${claims}.b`)).toBe(7000)
})
