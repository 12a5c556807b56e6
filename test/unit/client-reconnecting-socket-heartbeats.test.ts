import { NoReply } from '../../client/socket.ts'
import { aConnection, heartbeatMs, rotationMs } from '../client/bare-connection.ts'
import { settled } from '../client/manual-clock.ts'
import { outcomeOf } from '../client/outcome.ts'

describe('a heartbeat', () => {
  it('is sent again and again, each time after the answer to the one before', async () => {
    let answer = (): void => undefined
    const heartbeat = () => new Promise<void>((resolve) => (answer = resolve))
    const { clock, beats, connect } = aConnection({ heartbeat })
    const socket = await connect()
    await clock.pass(heartbeatMs - 1)
    expect(beats).toEqual([])
    await clock.pass(1)
    expect(beats).toEqual([[socket, 10_000]])
    await clock.pass(heartbeatMs)
    expect(beats).toHaveLength(1)
    answer()
    await clock.pass(heartbeatMs)
    expect(beats).toHaveLength(2)
  })

  it.each<[string, unknown, boolean]>([
    ['is not answered in time', new NoReply('timeout'), false],
    ['is not answered by the gateway', new NoReply('gateway'), true],
    ['is refused', new Error('No.'), true],
  ])('that %s shows whether the connection works', async (_, thrown, works) => {
    const { connection, sockets, clock, beats, connect } = aConnection({ heartbeat: () => Promise.reject(thrown) })
    await connect()
    connection.check()
    await settled()
    expect([connection.state, sockets[0]?.closes]).toEqual(works ? ['connected', []] : ['waiting', [[1000]]])
    await clock.pass(works ? heartbeatMs : 0)
    expect(beats).toHaveLength(works ? 2 : 1)
  })

  it('is sent at once on demand, and one at a time', async () => {
    const { connection, beats, connect } = aConnection({ heartbeat: () => new Promise(() => undefined) })
    connection.check()
    expect(connection.state).toBe('idle')
    const socket = await connect()
    connection.check()
    connection.check()
    expect(beats).toEqual([[socket, 10_000]])
  })

  it('is not sent any more on a connection that was replaced while it was answered', async () => {
    let answer = (): void => undefined
    const heartbeat = () => new Promise<void>((resolve) => (answer = resolve))
    const { clock, sockets, beats, connect, open } = aConnection({ heartbeat })
    await connect()
    sockets[0]?.say({ type: 'goaway', reason: 'deploy', reconnectInMs: 2 * heartbeatMs })
    await clock.pass(heartbeatMs)
    await open()
    expect([sockets.length, beats.length]).toEqual([2, 1])
    answer()
    await settled()
    expect(clock.due).toEqual([heartbeatMs, rotationMs])
  })

  it('is sent when a request was not answered, unless its connection was replaced', async () => {
    const { clock, sockets, beats, connect, open } = aConnection()
    const old = await connect()
    old.ask('hello', {}, 1000).catch(() => undefined)
    await clock.pass(1000)
    expect(beats).toEqual([[old, 10_000]])
    old.ask('hello', {}, 5000).catch(() => undefined)
    sockets[0]?.say({ type: 'goaway', reason: 'deploy', reconnectInMs: 0 })
    await clock.pass(0)
    await open()
    await clock.pass(5000)
    expect(beats).toHaveLength(1)
  })
})

describe('a connection that waits for its next try', () => {
  it('is opened at once on demand, and not again by its timer', async () => {
    const { connection, clock, sockets, connect, open } = aConnection()
    await connect()
    sockets[0]?.raise('close')
    connection.check()
    await open()
    expect([connection.state, sockets.length]).toEqual(['connected', 2])
    expect(clock.due).toEqual([heartbeatMs, rotationMs])
  })

  it('tells each wait, and waits on when it is asked to connect', async () => {
    const { connection, clock, sockets, states, connect } = aConnection()
    await connect()
    sockets[0]?.raise('close')
    const connecting = connection.connect()
    expect([await outcomeOf(connecting), sockets.length]).toEqual(['pending', 1])
    await clock.pass(500)
    sockets[1]?.raise('error')
    await settled()
    expect(states.slice(2)).toMatchObject([{ retryInMs: 500 }, { state: 'connecting' }, { retryInMs: 1000 }])
  })
})
