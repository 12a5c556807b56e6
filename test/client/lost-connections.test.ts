import { collected, next, stateOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { message, refused, roomId, ScriptedServer } from './scripted-server.ts'

/** Ends of connections, and ends of sessions that the client must notice. */

const minute = 60_000

describe('a close code', () => {
  /** The wait for which the client draws this share of what it may wait. */
  async function waitAfter(code?: number, share = 0.5): Promise<number | undefined> {
    const server = new ScriptedServer()
    let drawn = 0.5
    const { client } = await server.joined({ random: () => drawn })
    await server.clock.pass(6000)
    drawn = share
    const waiting = stateOf(client, 'waiting')
    server.newest.close(code)
    const { retryInMs } = await waiting
    client.close()
    return retryInMs
  }

  it('of 1012 makes the client wait for 5 to 30 seconds and 1008 longer than other codes', async () => {
    expect(await waitAfter(1012)).toBe(17_500)
    expect(await waitAfter(1008)).toBe(8000)
    for (const code of [1000, 1001, 1006, undefined]) expect(await waitAfter(code)).toBe(500)
  })

  it('of 1012 spreads the clients over those 25 seconds', async () => {
    expect([await waitAfter(1012, 0), await waitAfter(1012, 1)]).toEqual([5000, 30_000])
  })

  it('of 1008 makes each wait longer than the one before, even after long connections', async () => {
    const server = new ScriptedServer()
    const { client } = await server.joined()
    const waits: unknown[] = []
    client.on('state', ({ retryInMs }) => retryInMs !== undefined && waits.push(retryInMs))
    for (let count = 0; count < 3; count++) {
      await server.clock.pass(6000)
      server.newest.close(1008)
      await server.clock.pass(minute)
    }
    expect(waits).toEqual([8000, 16_000, 30_000])
    client.close()
  })
})

describe('a ping', () => {
  it('accepts a reply without an id, which the gateway may send', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    server.script = ({ action }, socket) => {
      if (action !== 'ping') return undefined
      setImmediate(() => socket.say({ ok: true }))
      return 'nothing'
    }
    await client.ping()
    await server.clock.pass(12 * minute)
    expect([server.sockets.length, server.newest.askedFor('ping').length]).toEqual([1, 3])
    client.close()
  })

  it('is the only request that accepts a reply without an id', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    await client.connect()
    server.script = ({ action }) => (action === 'sync' ? 'nothing' : undefined)
    const asking = client.sync({})
    await settled()
    server.newest.say({ ok: true })
    const [asked] = server.newest.askedFor('sync')
    server.newest.say({ id: asked?.id, ok: true, rooms: {} })
    expect(await asking).toEqual({ rooms: {} })
    client.close()
  })
})

describe('a session that the server has lost', () => {
  it('is joined again after the next heartbeat and misses no message', async () => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    const heard = collected(session, 'message')
    server.script = ({ action }) => (action === 'sync' ? { rooms: {}, notJoined: [roomId] } : undefined)
    server.log = [message(1)]
    await server.clock.pass(6 * minute)
    expect(server.newest.askedFor('join')).toMatchObject([{ roomId }, { roomId, after: 0 }])
    expect(heard.map(({ seq }) => seq)).toEqual([1])
    client.close()
  })

  it('ends if the user may not join the room any more', async () => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    server.script = ({ action }) => {
      if (action === 'sync') return { rooms: {}, notJoined: [roomId, 'unknown'] }
      return action === 'join' ? refused('forbidden') : undefined
    }
    const ended = next(session, 'state', ({ state }) => state === 'terminated')
    await server.clock.pass(6 * minute)
    expect(await ended).toMatchObject({ reason: { code: 'forbidden' } })
    client.close()
  })
})
