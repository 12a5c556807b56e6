import WebSocket from 'ws'
import { ChatSocket, type Frame } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'
import { someName } from './world.ts'

const world = aLocalWorld()

/** Sends an upgrade request. Resolves with its status and the socket, which is usable for status 101. */
async function upgrade(options: WebSocket.ClientOptions, protocols: string[]): Promise<[number, ChatSocket]> {
  const socket = new WebSocket(world().run.url, protocols, options)
  const chat = new ChatSocket(socket)
  const status = await new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101))
    socket.once('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
  })
  return [status, chat]
}

describe('a handshake', () => {
  it.each([
    ['a foreign page', 403, 'https://elsewhere.example'],
    ['a page of another port', 403, 'http://127.0.0.1:1'],
    ['no page', 101, ''],
  ])('from %s gets the status %i', async (_, expected, origin) => {
    const token = await world().deployment.token('alice')
    const [status, alice] = await upgrade(origin ? { origin } : {}, ['chat.v1', `bearer.${token}`])
    expect(status).toBe(expected)
    if (status === 101) await alice.close()
  })

  it('from a page of the deployment is accepted, and requests succeed', async () => {
    const token = await world().deployment.token('alice')
    const [status, alice] = await upgrade({ origin: world().run.origin }, ['chat.v1', `bearer.${token}`])
    expect(status).toBe(101)
    expect((await alice.ask('hello')).user).toBe('alice')
    await alice.close()
  })

  it('may have its token in the Authorization header and then gets no subprotocol', async () => {
    const token = await world().deployment.token('bob')
    const [status, bob] = await upgrade({ headers: { Authorization: `Bearer ${token}` } }, [])
    expect(status).toBe(101)
    expect(bob.socket.protocol).toBe('')
    expect((await bob.ask('hello')).user).toBe('bob')
    await bob.close()
  })
})

describe('a connection whose token expires', () => {
  it('is closed at its next request, which is refused; the room learns that the user left', async () => {
    const room = await world().room({ privacy: 'open' }, [])
    const alice = await world().joined('alice', room)
    const bob = await ChatSocket.open(world().run.url, await world().run.token('bob', { expiresIn: '6' }))
    await bob.ask('join', { roomId: room.roomId })
    let reply: Frame = { ok: true }
    while (reply.ok) reply = await bob.request('hello')
    expect(reply.error).toMatchObject({ code: 'forbidden', retryable: false, details: { reason: 'token_expired' } })
    expect(await bob.push('goaway')).toMatchObject({ reason: 'token_expired', reconnectInMs: 0 })
    await bob.closed
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'bob' } })
  })
})

describe('a connection whose token has expired and that only pings', () => {
  it('is hidden from rosters and receives no pushes; it is announced once when closed', async () => {
    const room = await world().room({ privacy: 'open' }, [])
    const { roomId } = room
    const alice = await world().joined('alice', room)
    const bob = await ChatSocket.open(world().run.url, await world().run.token('bob', { expiresIn: '6' }))
    await bob.ask('join', { roomId })
    await alice.push('participant', { event: 'joined' })
    const listed = async () => (await alice.ask('participants', { roomId })).participants.length
    expect(await listed()).toBe(2)
    while ((await listed()) === 2) await bob.ask('ping')
    await alice.ask('send', { roomId, text: 'Not for Bob' })
    expect((await alice.ask('grant', { roomId, role: 'member', principals: ['user:bob'] })).changed).toEqual([
      'user:bob',
    ])
    await bob.ask('ping')
    expect(bob.pushes).toEqual([])
    expect(await bob.refusal('hello')).toMatchObject({ code: 'forbidden' })
    expect(await bob.push('goaway')).toMatchObject({ reason: 'token_expired' })
    await bob.closed
    expect(await alice.push('participant', { event: 'left' })).toMatchObject({ user: { user: 'bob' } })
    await world().joined('carol', room)
    expect(await alice.push('participant', { event: 'joined' })).toMatchObject({ user: { user: 'carol' } })
    expect(alice.pushes.filter(({ event }) => event === 'left')).toEqual([])
    const root = await world().connect('root')
    const { entries } = await root.ask('record', { roomId })
    const left = entries.filter(({ event, by }: Frame) => event === 'left' && by === 'bob')
    expect(left).toMatchObject([{ details: { how: 'disconnected' } }])
  })
})

describe('a connection', () => {
  it('can be in 100 rooms, also with simultaneous joins; leaving one allows one more', async () => {
    const alice = await world().connect('alice')
    const rooms: string[] = []
    while (rooms.length < 104) {
      const made = await Promise.all(
        Array.from({ length: 8 }, () => alice.ask('createRoom', { name: someName(), privacy: 'open' })),
      )
      rooms.push(...made.map(({ room }) => room.roomId))
    }
    for (let at = 0; at < 96; at += 8) {
      await Promise.all(rooms.slice(at, at + 8).map((roomId) => alice.ask('join', { roomId })))
    }
    const last = await Promise.all(
      rooms.slice(96).map(async (roomId) => ({ roomId, reply: await alice.request('join', { roomId }) })),
    )
    const refused = last.filter(({ reply }) => !reply.ok)
    expect(refused.map(({ reply }) => reply.error.code)).toEqual(Array.from({ length: 4 }, () => 'limit_exceeded'))
    await alice.ask('leave', { roomId: rooms[0] })
    await alice.ask('join', { roomId: refused[0]?.roomId })
    expect(await alice.refusal('join', { roomId: refused[1]?.roomId })).toMatchObject({ code: 'limit_exceeded' })
  })
})
