import type { Storage } from '../../client/index.ts'
import { localDeployment } from '../support/local-run/deployment.ts'
import type { Frame } from '../support/socket/chat-socket.ts'
import { collected, errorOf } from './listening.ts'
import { refused, roomId, ScriptedServer, type ScriptedSocket } from './scripted-server.ts'
import { aClientWorld } from './world.ts'

/** Refuses a request and closes the connection, as the server does when the token has expired. */
function sentAway({ id }: Frame, socket: ScriptedSocket): 'nothing' {
  setImmediate(() => {
    socket.say({ id, ...refused('forbidden', { details: { reason: 'token_expired' } }) })
    socket.say({ type: 'goaway', reason: 'token_expired', reconnectInMs: 0 })
    socket.close()
  })
  return 'nothing'
}

/** A session in a room whose connection is closed at the first request of this kind, because the token has expired. */
async function joined(server: ScriptedServer, action: string, storage?: Storage) {
  let tokens = 0
  const client = server.client({ token: () => `jwt${++tokens}`, ...(storage && { storage }) })
  await client.connect()
  const session = client.session()
  await session.join({ roomId })
  const [old] = server.sockets
  server.script = (frame, socket) => (socket === old && frame.action === action ? sentAway(frame, socket) : undefined)
  return { client, session }
}

describe('a token that expires unnoticed', () => {
  it('loses no message: it stays in the outbox and the storage and is sent with a new token', async () => {
    const server = new ScriptedServer()
    const removed: string[] = []
    const kept = new Map<string, string>()
    const { session } = await joined(server, 'send', {
      get: (key) => kept.get(key),
      set: (key, value) => void kept.set(key, value),
      remove: (key) => void (kept.delete(key) && removed.push(key)),
    })
    const failed = collected(session, 'failed')
    const sending = session.send('Still here')
    await server.clock.pass(0)
    expect([session.outbox.length, kept.size, removed]).toEqual([1, 1, []])
    await server.clock.pass(500)
    expect(await sending).toMatchObject({ seq: 1, text: 'Still here' })
    expect([server.newest.protocols[1], failed, session.outbox]).toEqual(['bearer.jwt2', [], []])
  })

  it('ends no subscription: the room continues on the next connection', async () => {
    const server = new ScriptedServer()
    const { session } = await joined(server, 'join')
    const told = collected(session, 'live')
    const user = { user: 'alice', name: 'Alice', isManager: true, isPresenter: false }
    server.newest.say({ type: 'participant', roomId, event: 'changed', user })
    await server.clock.pass(500)
    expect([session.state, session.live, told]).toEqual(['established', true, [false, true]])
  })

  it('repeats requests that are safe to repeat and fails others with a connection error', async () => {
    const server = new ScriptedServer()
    const { client } = await joined(server, 'sync')
    const asking = client.sync({})
    await server.clock.pass(1000)
    expect(await asking).toEqual({ rooms: { [roomId]: { head: 0, floor: 1 } } })
    server.script = (frame, socket) => (frame.action === 'deleteRoom' ? sentAway(frame, socket) : undefined)
    expect(await errorOf(client.deleteRoom(roomId))).toMatchObject({ name: 'ConnectionError' })
  })
})

describe('a token that expires during a conversation', () => {
  const world = aClientWorld(localDeployment)

  it('loses no message and ends no session', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const heard = collected(bob, 'message')
    let tokens = 0
    const token = () => world().deployment.local?.token('alice', ++tokens === 1 ? { expiresIn: '2' } : {}) ?? ''
    const alice = await world().joined('alice', room, { token })
    const states = collected(alice, 'state')
    const said: string[] = []
    while (tokens === 1) {
      const { text = '' } = await alice.send(`${said.length}`)
      said.push(text)
    }
    const { seq } = await alice.send('Last')
    expect([said, states, alice.state]).toEqual([said.map((_, at) => `${at}`), [], 'established'])
    expect(seq).toBe(said.length + 1)
    while (bob.last < seq) await bob.historyPage({ limit: 1 })
    expect(heard.map(({ text }) => text)).toEqual([...said, 'Last'])
  })
})
