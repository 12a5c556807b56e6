import { once } from 'node:events'
import WebSocket from 'ws'
import { ChatSocket } from '../support/socket/chat-socket.ts'
import { aWorld } from './world.ts'

const world = aWorld()
const url = () => world().deployment.url

describe('the server', () => {
  it('accepts a token as a subprotocol and returns chat.v1, never the token', async () => {
    const alice = await world().connect('alice')
    expect(alice.socket.protocol).toBe('chat.v1')
    const hello = await alice.ask('hello')
    expect(hello).toMatchObject({ user: 'alice', maxAgeSeconds: 7200, idleSeconds: 600 })
    expect(typeof hello.connectionId).toBe('string')
    expect(hello.limits).toMatchObject({ frameBytes: 32768, textBytes: 4096 })
    expect(Date.parse(hello.serverTime)).toBeGreaterThan(0)
  })

  it('gives the protocol version and the features in the reply to hello', async () => {
    const { protocol, features } = await (await world().connect('alice')).ask('hello')
    expect([protocol, features]).toEqual([
      '1.2',
      expect.arrayContaining(['goaway.replaced', 'sync.notJoined', 'budget']),
    ])
  })

  it('selects chat.v1 among other subprotocols at any position', async () => {
    const token = await world().deployment.token('alice')
    const alice = await ChatSocket.open(url(), '', ['chat.v2', `bearer.${token}`, 'chat.v1'])
    expect(alice.socket.protocol).toBe('chat.v1')
    await alice.close()
  })

  it('selects no subprotocol if chat.v1 is not offered, so that the client closes', async () => {
    const token = await world().deployment.token('alice')
    const [error]: Error[] = await once(new WebSocket(url(), [`bearer.${token}`]), 'error')
    expect(error?.message).toBe('Server sent no subprotocol')
  })

  it('accepts a token as a query parameter', async () => {
    const token = await world().deployment.token('bob')
    const bob = await ChatSocket.open(`${url()}?token=${token}`, '', [])
    expect(bob.socket.protocol).toBe('')
    expect((await bob.ask('hello')).user).toBe('bob')
    await bob.close()
  })

  it.each([
    ['no token', () => ChatSocket.open(url(), '', [])],
    ['a made-up token', () => ChatSocket.open(url(), 'e30.e30.e30')],
    [
      'a token without a signature',
      () => ChatSocket.open(url(), `${encoded({ alg: 'none' })}.${encoded({ sub: 'root' })}.`),
    ],
  ])('refuses %s with 401', async (_, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ status: 401 })
  })

  it('refuses a token whose claims were changed after signing', async () => {
    const [header, claims, signature] = (await world().deployment.token('bob')).split('.')
    const changed = { ...JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()), sub: 'root' }
    await expect(ChatSocket.open(url(), `${header}.${encoded(changed)}.${signature}`)).rejects.toMatchObject({
      status: 401,
    })
  })

  it('answers ping with the id of the request', async () => {
    const alice = await world().connect('alice')
    expect(await alice.request('ping')).toEqual({ id: '1', ok: true })
  })
})

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
