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

describe('a wait', () => {
  it('after a failure doubles each time up to a maximum', () => {
    const half = () => 0.5
    expect([0, 1, 2, 3, 5, 6, 30, 31, 2000].map((failures) => backoffMs(failures, half))).toEqual([
      500, 1000, 2000, 4000, 16_000, 30_000, 30_000, 30_000, 30_000,
    ])
    expect([0, 1, 2].map((failures) => backoffMs(failures, half, 100, 300))).toEqual([50, 100, 150])
    expect(backoffMs(31, half, 1e-6, 1e9)).toBe(2 ** 29 / 1e6)
    expect(between(10, 20, () => 0.25)).toBe(12.5)
  })

  it('before a new connection depends on the age and the token of the present one', () => {
    const minute = 60_000
    expect([0, 1].map((draw) => rotationMs(() => draw))).toEqual([90 * minute, 115 * minute])
    expect([0, 1].map((draw) => rotationMs(() => draw, 100 * minute))).toEqual([75 * minute, 95 * minute])
    expect(rotationMs(() => 0, 1)).toBe(minute)
    expect([0, 1].map((draw) => heartbeatMs(() => draw))).toEqual([192_000, 360_000])
  })

  it('of the system clock ends and can be cancelled', async () => {
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

describe('a listener', () => {
  it('is called in order until it is removed, and twice if it was added twice', () => {
    const emitter = new Emitter<{ a: number; b: string }>()
    const received: unknown[] = []
    const listen = (event: number) => void received.push(event)
    const off = emitter.on('a', listen)
    emitter.on('a', listen)
    emitter.on('b', (event) => received.push(event))
    emitter.emit('a', 1)
    emitter.emit('b', 'x')
    off()
    off()
    emitter.emit('a', 2)
    expect(received).toEqual([1, 1, 'x', 2])
  })

  it('that is added during an event gets the next event, not this one', () => {
    const emitter = new Emitter<{ a: number }>()
    const received: string[] = []
    emitter.on('a', (event) => {
      received.push(`first ${event}`)
      if (event === 1) emitter.on('a', () => received.push('second'))
    })
    emitter.emit('a', 1)
    expect(received).toEqual(['first 1'])
    emitter.emit('a', 2)
    expect(received).toEqual(['first 1', 'first 2', 'second'])
  })

  it('that throws causes an uncaught error but does not stop the others', () => {
    const thrown: (() => void)[] = []
    const spy = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((work) => void thrown.push(work))
    const emitter = new Emitter<{ a: number }>()
    const received: number[] = []
    emitter.on('a', () => {
      throw new Error('of a listener')
    })
    emitter.on('a', (event) => received.push(event))
    emitter.emit('a', 1)
    spy.mockRestore()
    expect(received).toEqual([1])
    expect(thrown).toHaveLength(1)
    expect(thrown[0]).toThrow('of a listener')
  })
})

describe('an error', () => {
  it('of the server has its code and its details', () => {
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

  it.each([...errorCodes])('with the code %s keeps it', (code) => {
    expect(new ChatError({ code, message: '', retryable: false }).code).toBe(code)
  })

  it('of another kind has the name of its class', () => {
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

describe('a gap timer', () => {
  function setup(crowded = false, draw = 0) {
    const clock = new ManualClock()
    return { clock, timer: new GapTimer({ clock, random: () => draw, gapMs: 100, isCrowded: () => crowded }) }
  }

  it('waits for 1 to 1.25 times the minimum, or for 5 to 15 times in a crowded room', () => {
    expect([0, 1].map((draw) => setup(false, draw).timer.wait())).toEqual([100, 125])
    expect([0, 1].map((draw) => setup(true, draw).timer.wait())).toEqual([500, 1500])
  })

  it.each([
    [false, 400],
    [true, 3000],
  ])('with crowded %p ends %i ms after the missing message was first noticed', async (crowded, ms) => {
    const { clock, timer } = setup(crowded)
    expect(timer.mayStillArrive()).toBe(true)
    timer.noteSeen(5, 1)
    await clock.pass(ms - 1)
    timer.noteSeen(6, 1)
    timer.noteSeen(6, 1)
    expect(timer.mayStillArrive()).toBe(true)
    await clock.pass(1)
    expect(timer.mayStillArrive()).toBe(false)
    timer.noteSeen(6, 5)
    expect(timer.mayStillArrive()).toBe(true)
    timer.noteSeen(6, 6)
    await clock.pass(ms)
    expect(timer.mayStillArrive()).toBe(true)
  })

  it('does not start again for a message that it knows already', async () => {
    const { clock, timer } = setup()
    timer.noteSeen(5, 1)
    await clock.pass(300)
    timer.noteSeen(4, 1)
    timer.noteSeen(5, 4)
    await clock.pass(100)
    expect(timer.mayStillArrive()).toBe(false)
  })
})

describe('a room reference', () => {
  it.each<[Parameters<typeof referenceTo>[0], object]>([
    ['chat://here/r', { roomUri: 'chat://here/r' }],
    ['chatter', { roomName: 'chatter' }],
    [{ roomId: 'r' }, { roomId: 'r' }],
    [{ roomUri: 'chat://here/r' }, { roomUri: 'chat://here/r' }],
    [{ roomName: ' Lobby ' }, { roomName: ' Lobby ' }],
  ])('from %p is %p', (target, reference) => expect(referenceTo(target)).toEqual(reference))

  it.each(['', ' ', 'chat:', 'chat://here', 'chat://here/', 'chat://here/a/b', 'chat://here/a b', 'chat:// /a'])(
    'cannot be the text %p',
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
  ])('cannot be %s', (target) => expect(() => referenceTo(JSON.parse(target))).toThrow(TypeError))

  it('contains the room id in a URI or as a field', () => {
    expect([{ roomId: 'r' }, { roomUri: 'chat://here/s' }, { roomName: 'n' }].map(idIn)).toEqual(['r', 's', undefined])
  })
})

it('the storage `noStorage` keeps nothing', async () => {
  await noStorage.set('k', 'v')
  await noStorage.remove('k')
  expect(await noStorage.get('k')).toBeNull()
})

it.each(['+/+/', '-_-_'])('the end of a token is read from base64 with characters such as %s', (characters) => {
  // Text whose base64 contains + and /, and whose base64url contains - and _.
  const text = '{"exp":7,"x":"???>>>~~~"}'
  const claims = characters.startsWith('+')
    ? Buffer.from(text).toString('base64')
    : Buffer.from(text).toString('base64url')
  expect(claims).toMatch(characters.startsWith('+') ? /[+/]/ : /[-_]/)
  expect(tokenEnd(`a.${claims}.b`)).toBe(7000)
})
