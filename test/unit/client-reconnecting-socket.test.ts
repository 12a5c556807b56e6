import { ConnectionError } from '../../client/errors.ts'
import { aConnection, failure, heartbeatMs, rotationMs } from '../client/bare-connection.ts'
import { settled } from '../client/manual-clock.ts'
import { outcomeOf } from '../client/outcome.ts'

describe('a connection', () => {
  it('is opened once, and told when the rooms have moved to it', async () => {
    const { connection, clock, sockets, states, told, open } = aConnection()
    expect([connection.state, connection.error, connection.current]).toEqual(['idle', failure('closed'), undefined])
    expect(await outcomeOf(connection.socket())).toEqual(failure('closed'))
    const both = [connection.connect(), connection.connect()]
    const waiting = connection.socket()
    expect([connection.state, connection.error]).toEqual(['connecting', undefined])
    expect(await outcomeOf(waiting)).toBe('pending')
    await open()
    const { current } = connection
    expect(await Promise.all(both.map(outcomeOf))).toEqual([undefined, undefined])
    expect([await outcomeOf(waiting), await outcomeOf(connection.socket())]).toEqual([current, current])
    expect([sockets.length, connection.error]).toEqual([1, undefined])
    expect(states).toStrictEqual([{ state: 'connecting' }, { state: 'connected' }])
    expect(told).toEqual([
      ['moving', current],
      ['moved', current],
    ])
    expect(clock.due).toEqual([heartbeatMs, rotationMs])
    expect([await outcomeOf(connection.connect()), sockets.length]).toEqual([undefined, 1])
  })

  it('passes on its pushes', async () => {
    const { sockets, told, connect } = aConnection()
    await connect()
    const push = { type: 'kicked', roomId: 'attic', reason: 'revoked' }
    sockets[0]?.say(push)
    expect(told.at(-1)).toEqual(['push', push])
  })

  it.each<[number | undefined, number, number, string]>([
    [1006, 0.5, 500, 'lost (1006).'],
    [undefined, 0.5, 500, 'lost.'],
    [1006, 1 / 3, 333, 'lost (1006).'],
    [1012, 0.5, 17_500, 'lost (1012).'],
  ])('that is lost with the code %p is opened again after a while', async (code, draw, retryInMs, words) => {
    const { connection, clock, sockets, states, told, connect } = aConnection({ draw })
    const socket = await connect()
    sockets[0]?.raise('close', { code })
    expect(told.at(-1)).toEqual(['lost', socket])
    expect(states.at(-1)).toStrictEqual({ state: 'waiting', retryInMs, error: failure('unreachable', words) })
    expect([connection.current, connection.error, clock.due.map(Math.round)]).toEqual([
      undefined,
      undefined,
      [retryInMs],
    ])
    await clock.pass(retryInMs + 1)
    expect([connection.state, sockets.length]).toEqual(['connecting', 2])
  })

  it('waits twice as long after each loss, and shortly again after five seconds', async () => {
    const { clock, sockets, states, connect, open } = aConnection()
    await connect()
    for (const lastedMs of [0, 4000, 4999, 5000]) {
      await clock.pass(lastedMs)
      sockets.at(-1)?.raise('close')
      await clock.pass(states.at(-1)?.retryInMs ?? 0)
      await open()
    }
    expect(states.flatMap(({ retryInMs = [] }) => retryInMs)).toEqual([500, 1000, 2000, 500])
  })

  it.each([...Array(10).keys()])('that ends %d steps after the rooms have moved is opened again', async (steps) => {
    let moved = (): void => undefined
    const { connection, clock, sockets, connect } = aConnection({ moving: () => new Promise((done) => (moved = done)) })
    await connect()
    moved()
    for (let step = 0; step < steps; step++) await undefined
    sockets[0]?.raise('close')
    await settled()
    expect([connection.state, connection.current, clock.due]).toEqual(['waiting', undefined, [500]])
  })
})

describe('the replacement of a connection', () => {
  it('opens the next one first, and closes the old one without a change of the state', async () => {
    const { connection, clock, sockets, states, told, connect, open } = aConnection()
    const old = await connect()
    await clock.pass(rotationMs - 1)
    expect(sockets).toHaveLength(1)
    await clock.pass(1)
    expect([sockets.length, connection.current]).toEqual([2, old])
    await open()
    const { current } = connection
    expect(told.slice(2)).toEqual([
      ['moving', current],
      ['moved', current],
      ['lost', old],
    ])
    expect([sockets[0]?.closes, sockets[1]?.closes]).toEqual([[[1000]], []])
    expect(states).toHaveLength(2)
    expect(clock.due).toEqual([heartbeatMs, rotationMs])
  })

  it('is tried again later if it fails, while the old one stays in use', async () => {
    const { connection, clock, sockets, states, connect } = aConnection()
    const old = await connect()
    await clock.pass(rotationMs)
    sockets[1]?.raise('error')
    await settled()
    expect([connection.current, states.length, clock.due[0]]).toEqual([old, 2, 500])
    await clock.pass(500)
    expect(sockets).toHaveLength(3)
  })

  it('becomes the connection if the old one is lost meanwhile', async () => {
    const { connection, clock, sockets, states, connect, open } = aConnection()
    await connect()
    await clock.pass(rotationMs)
    sockets[0]?.raise('close')
    expect([connection.state, clock.due]).toEqual(['connecting', [20_000]])
    await open()
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'connected', 'connecting', 'connected'])
    expect(sockets).toHaveLength(2)
  })

  it('comes within the time of a goaway on the present connection, and not on an old one', async () => {
    const { connection, clock, sockets, told, connect, open } = aConnection()
    const old = await connect()
    // While it waits for a reply, the old connection stays open.
    old.ask('hello', {}, rotationMs).catch(() => undefined)
    const goaway = { type: 'goaway', reason: 'deploy', reconnectInMs: 3000 }
    sockets[0]?.say(goaway)
    expect(clock.due).toEqual([1500, heartbeatMs, rotationMs, rotationMs])
    await clock.pass(1500)
    sockets[0]?.say({ type: 'later' })
    await open()
    expect(sockets).toHaveLength(2)
    const due = clock.due
    sockets[0]?.say(goaway)
    sockets[0]?.say({ ...goaway, reason: 'replaced' })
    expect([clock.due, told.filter(([name]) => name === 'push')]).toEqual([due, [['push', { type: 'later' }]]])
    expect([connection.state, connection.current?.isOpen]).toEqual(['connected', true])
  })

  it('during the handshake ends it if it comes from another client, and has no effect otherwise', async () => {
    const { connection, clock, sockets, states, connect } = aConnection({ moving: () => new Promise(() => undefined) })
    await connect()
    sockets[0]?.say({ type: 'goaway', reason: 'deploy', reconnectInMs: 3000 })
    expect([connection.state, clock.due]).toEqual(['connecting', []])
    sockets[0]?.say({ type: 'goaway', reason: 'replaced' })
    expect(states.at(-1)).toStrictEqual({ state: 'replaced', error: failure('replaced') })
    expect(sockets[0]?.closes[0]).toEqual([1000])
  })

  it('by another client ends it until it is connected again', async () => {
    const { connection, clock, sockets, states, connect, open } = aConnection()
    await connect()
    const ended = connection.stopped(new AbortController().signal)
    expect(await outcomeOf(ended)).toBe('pending')
    sockets[0]?.say({ type: 'goaway', reason: 'replaced' })
    const error = failure('replaced')
    expect(states.at(-1)).toStrictEqual({ state: 'replaced', error })
    expect([connection.error, connection.current, clock.due]).toEqual([error, undefined, []])
    expect([await outcomeOf(ended), await outcomeOf(connection.socket())]).toEqual([undefined, error])
    expect(sockets[0]?.closes).toEqual([[1000]])
    void connection.connect()
    await open()
    expect([connection.state, sockets.length]).toEqual(['connected', 2])
  })
})

describe('the end of a connection', () => {
  it('ends its timers, its waits and its tries, once', async () => {
    const { connection, clock, sockets, states, connect } = aConnection()
    await connect()
    sockets[0]?.raise('close')
    const waiting = connection.socket()
    connection.close()
    connection.close(new Error('Again.'))
    connection.check()
    expect(await outcomeOf(waiting)).toEqual(failure('closed'))
    expect(states.slice(3)).toStrictEqual([{ state: 'closed' }])
    expect([connection.state, connection.error, clock.due]).toEqual(['closed', failure('closed'), []])
    expect(await outcomeOf(connection.connect())).toMatchObject({ name: 'InvalidOperationError' })
    expect(await outcomeOf(connection.stopped(new AbortController().signal))).toBeUndefined()
  })

  it('during a handshake closes the socket, and tells the error that it was given', async () => {
    const { connection, sockets, states } = aConnection()
    const connecting = connection.connect()
    await settled()
    const error = new Error('Of another user.')
    connection.close(error)
    expect(await outcomeOf(connecting)).toEqual(failure('closed'))
    expect(states).toStrictEqual([{ state: 'connecting' }, { state: 'closed', error }])
    expect([sockets[0]?.closes[0], connection.state]).toEqual([[1000], 'closed'])
  })

  it('comes with the third refusal of the token', async () => {
    const { connection, clock, sockets, states } = aConnection()
    const connecting = connection.connect()
    for (let refusals = 0; refusals < 3; refusals++) {
      await settled()
      sockets.at(-1)?.raise('error', { message: 'Unexpected server response: 401' })
      await clock.pass(500)
    }
    expect(await outcomeOf(connecting)).toEqual(failure('unauthorized', '401'))
    expect(states.map(({ state, retryInMs }) => retryInMs ?? state)).toEqual([
      'connecting',
      500,
      'connecting',
      500,
      'connecting',
      'unauthorized',
    ])
    expect([connection.error, clock.due]).toEqual([failure('unauthorized', '401'), []])
  })

  it.each([
    ['at once if there is no token', () => Promise.reject(new Error('Signed out.')), 'unauthorized'],
    [
      'not if the token callback lacks the network',
      () => Promise.reject(new ConnectionError('Off.', 'unreachable')),
      'waiting',
    ],
  ])('comes %s', async (_, token, state) => {
    const { connection } = aConnection({ token })
    connection.connect().catch(() => undefined)
    await settled()
    expect(connection.state).toBe(state)
  })

  it('is not awaited any longer when the signal is aborted', async () => {
    const { connection, connect } = aConnection()
    await connect()
    const abort = new AbortController()
    const ended = connection.stopped(abort.signal)
    abort.abort(new RangeError('Enough.'))
    expect(await outcomeOf(ended)).toMatchObject({ name: 'RangeError' })
  })
})
