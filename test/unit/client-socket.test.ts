import { type NoReply, Socket } from '../../client/socket.ts'
import { messageLimits } from '../../protocol/message-limits.ts'
import { BareSocket } from '../client/bare-socket.ts'
import { ManualClock } from '../client/manual-clock.ts'
import { outcomeOf } from '../client/outcome.ts'

const defaultMs = 15_000

/** A socket that is not open yet, with the events that it raises. */
function aSocket() {
  const [raw, clock] = [new BareSocket(), new ManualClock()]
  const events: unknown[][] = []
  const socket = new Socket(raw, clock, defaultMs, {
    push: (...args) => events.push(['push', ...args]),
    closed: (...args) => events.push(['closed', ...args]),
    onTimeout: (...args) => events.push(['timeout', ...args]),
  })
  return { raw, clock, socket, events }
}

function anOpenSocket() {
  const made = aSocket()
  made.raw.raise('open')
  return made
}

const noReply = (reason: NoReply['reason']) =>
  expect.objectContaining({ name: 'NoReply', reason, message: expect.stringContaining(reason) })

describe('a socket', () => {
  it('opens with its WebSocket', async () => {
    const { raw, socket } = aSocket()
    expect([await outcomeOf(socket.opened), socket.isOpen]).toEqual(['pending', false])
    raw.raise('open')
    expect([await outcomeOf(socket.opened), socket.isOpen]).toEqual([undefined, true])
    raw.readyState = 2
    expect(socket.isOpen).toBe(false)
  })

  it.each<[string, Parameters<BareSocket['raise']>, object]>([
    ['a close', ['close', { code: 1006 }], {}],
    ['an error without details', ['error', undefined], {}],
    [
      'an error with details',
      ['error', { message: 'Unexpected server response: 403', error: 'E' }],
      { status: 403, message: 'Unexpected server response: 403', cause: 'E' },
    ],
  ])('does not open after %s, and has the details', async (_, event, handshake) => {
    const { raw, socket, events } = aSocket()
    raw.raise(...event)
    const outcome = await outcomeOf(socket.opened)
    expect(outcome).toMatchObject({ name: 'NotOpened' })
    expect(outcome).toHaveProperty('handshake', handshake)
    raw.raise('close', { code: 1006 })
    expect(events).toHaveLength(1)
  })

  it('ends once: at an error before it was open, else at the close that follows the error', () => {
    const early = aSocket()
    early.raw.raise('error', {})
    expect(early.events).toEqual([['closed', early.socket, undefined]])
    const { raw, socket, events } = anOpenSocket()
    raw.raise('error', {})
    expect([events, socket.isOpen]).toEqual([[], true])
    raw.raise('close', { code: 1001 })
    raw.raise('close', { code: 1001 })
    expect([events, socket.isOpen]).toEqual([[['closed', socket, 1001]], false])
  })

  it.each([undefined, null, 'a text', {}, { code: '1001' }])(
    'ends without a code if its close event is %j',
    (event) => {
      const { raw, socket, events } = anOpenSocket()
      raw.raise('close', event)
      expect(events).toEqual([['closed', socket, undefined]])
    },
  )

  it('closes at once, with the code of a normal end and one event', () => {
    const { raw, socket, events } = anOpenSocket()
    socket.close()
    raw.raise('close', { code: 1000 })
    expect([raw.closes, events, socket.isOpen]).toEqual([[[1000]], [['closed', socket, undefined]], false])
  })
})

describe('a request', () => {
  it('is sent with its own number, and gets the fields of its reply', async () => {
    const { raw, clock, socket } = anOpenSocket()
    const both = [socket.ask('hello', {}), socket.ask('sync', { rooms: { attic: 1 } })]
    expect(raw.sent.map((text) => JSON.parse(text))).toEqual([
      { action: 'hello', id: '1' },
      { action: 'sync', id: '2', rooms: { attic: 1 } },
    ])
    raw.say({ id: '2', ok: true, rooms: {} })
    raw.say({ id: '1', ok: true, user: 'alice' })
    expect(await Promise.all(both.map(outcomeOf))).toEqual([{ user: 'alice' }, { rooms: {} }])
    expect(clock.due).toEqual([])
  })

  it.each<[string, object | undefined, object]>([
    [
      'a refusal',
      { code: 'conflict', message: 'No.', retryable: false, details: { version: 3 } },
      { name: 'ChatError', code: 'conflict', retryable: false, details: { version: 3 } },
    ],
    ['a refusal without a reason', undefined, { name: 'ChatError', code: 'internal', retryable: true }],
  ])('rejects after %s', async (_, error, expected) => {
    const { raw, socket } = anOpenSocket()
    const asking = socket.ask('hello', {})
    raw.say({ id: '1', ok: false, error })
    expect(await outcomeOf(asking)).toMatchObject(expected)
    expect(socket.isOpen).toBe(true)
  })

  it('that the server did not run because the token has expired ends the connection', async () => {
    const { raw, socket, events } = anOpenSocket()
    const asking = socket.ask('hello', {})
    const details = { reason: 'token_expired' }
    raw.say({ id: '1', ok: false, error: { code: 'forbidden', message: 'No.', retryable: false, details } })
    expect(await outcomeOf(asking)).toEqual(noReply('closed'))
    expect([raw.closes, events]).toEqual([[[1000]], [['closed', socket, undefined]]])
  })

  it.each([
    ['the time of the socket', undefined, defaultMs],
    ['a time of its own', 700, 700],
  ])('rejects after %s, and a late reply has no effect', async (_, given, ms) => {
    const { raw, clock, socket, events } = anOpenSocket()
    const asking = socket.ask('hello', {}, given)
    await clock.pass(ms - 1)
    expect([await outcomeOf(asking), events]).toEqual(['pending', []])
    await clock.pass(1)
    expect(await outcomeOf(asking)).toEqual(noReply('timeout'))
    expect(() => raw.say({ id: '1', ok: true })).not.toThrow()
    expect([events, socket.isOpen]).toEqual([[['timeout', socket]], true])
  })

  it('rejects if the connection ends, and its timer ends too', async () => {
    const { raw, clock, socket } = anOpenSocket()
    const asking = socket.ask('hello', {})
    raw.raise('close', { code: 1001 })
    expect(await outcomeOf(asking)).toEqual(noReply('closed'))
    expect(clock.due).toEqual([])
  })

  it('is not sent on a socket that is not open', async () => {
    const { raw, clock, socket } = aSocket()
    expect(await outcomeOf(socket.ask('hello', {}))).toEqual(noReply('closed'))
    expect([raw.sent, clock.due]).toEqual([[], []])
  })

  it('may have as many bytes as a frame and no more', async () => {
    const { raw, socket } = anOpenSocket()
    const bytesAround = JSON.stringify({ action: 'hello', id: '1', text: '' }).length
    const text = 'a'.repeat(messageLimits.frameBytes - bytesAround)
    void socket.ask('hello', { text })
    expect(raw.sent).toHaveLength(1)
    expect(await outcomeOf(socket.ask('hello', { text: `${text}a` }))).toBeInstanceOf(RangeError)
    expect([raw.sent.length, socket.isOpen]).toEqual([1, true])
  })

  it('ends the connection if the platform cannot send it', async () => {
    const { raw, socket, events } = anOpenSocket()
    raw.send = () => {
      throw new Error('It is about to close.')
    }
    expect(await outcomeOf(socket.ask('hello', {}))).toEqual(noReply('closed'))
    expect([raw.closes, events]).toEqual([[[1000]], [['closed', socket, undefined]]])
  })
})

describe('a frame without an id', () => {
  /** A socket with a sync, a ping and another ping in progress, in this order. */
  function busy() {
    const made = anOpenSocket()
    const work = [made.socket.ask('sync', {}), made.socket.ask('ping', {}), made.socket.ask('ping', {})]
    return { ...made, outcomes: () => Promise.all(work.map(outcomeOf)) }
  }
  const pending = ['pending', 'pending', 'pending']

  it.each<[string, string | object, unknown[]]>([
    ['that is a success answers the oldest ping', { ok: true }, ['pending', {}, 'pending']],
    [
      'that is an error of the gateway answers the oldest request',
      { message: 'Internal server error' },
      [noReply('gateway'), 'pending', 'pending'],
    ],
    ['that is a refusal answers none', { ok: false, error: { code: 'invalid' } }, pending],
    ['that is a push answers none', { type: 'later', ok: true }, pending],
    ['that is a number answers none', '7', pending],
    ['that is null answers none', 'null', pending],
    ['that is no JSON answers none', '{', pending],
  ])('%s', async (_, frame, expected) => {
    const { raw, outcomes } = busy()
    expect(() => raw.say(frame)).not.toThrow()
    expect(await outcomes()).toEqual(expected)
  })

  it.each([{ ok: true }, { message: 'Internal server error' }, { id: '9', ok: true }, { id: '9', ok: false }])(
    'has no effect if no request waits for it: %j',
    (frame) => {
      const { raw, events } = anOpenSocket()
      expect(() => raw.say(frame)).not.toThrow()
      expect(events).toEqual([])
    },
  )

  it('that is a success without a ping answers none', async () => {
    const { raw, socket } = anOpenSocket()
    const asking = socket.ask('sync', {})
    raw.say({ ok: true })
    expect(await outcomeOf(asking)).toBe('pending')
  })

  it('that is a complete push is raised with its socket, until the socket is closed', () => {
    const { raw, socket, events } = anOpenSocket()
    raw.say({ type: 'kicked', roomId: 'attic', reason: 'revoked' })
    raw.say({ type: 'goaway', reason: 'age' })
    raw.raise('message', { data: [JSON.stringify({ type: 'kicked', roomId: 'attic', reason: 'revoked' })] })
    expect(events.splice(0)).toEqual([['push', { type: 'kicked', roomId: 'attic', reason: 'revoked' }, socket]])
    socket.close()
    events.splice(0)
    raw.say({ type: 'kicked', roomId: 'attic', reason: 'revoked' })
    expect(events).toEqual([])
  })
})

describe('a socket that retires', () => {
  it('closes at once if it waits for no reply', () => {
    const { raw, socket } = anOpenSocket()
    socket.retire()
    expect(raw.closes).toEqual([[1000]])
  })

  it('closes after the last reply that it waits for, which arrives', async () => {
    const { raw, socket } = anOpenSocket()
    const both = [socket.ask('hello', {}), socket.ask('hello', {})]
    socket.retire()
    raw.say({ id: '2', ok: true })
    expect([await outcomeOf(Promise.resolve()), raw.closes]).toEqual([undefined, []])
    raw.say({ id: '1', ok: true, user: 'alice' })
    expect(await Promise.all(both.map(outcomeOf))).toEqual([{ user: 'alice' }, {}])
    expect(raw.closes).toEqual([[1000]])
  })

  it('stays open for later replies if it does not retire', async () => {
    const { raw, socket } = anOpenSocket()
    const asking = socket.ask('hello', {})
    raw.say({ id: '1', ok: true })
    await asking
    expect([await outcomeOf(Promise.resolve()), raw.closes]).toEqual([undefined, []])
  })
})
