import type { ChatClient, Invitation } from '../../client/index.ts'
import { collected } from './listening.ts'
import { settled } from './manual-clock.ts'
import { outcomeOf } from './outcome.ts'
import { connected, message, refused, roomId, ScriptedServer } from './scripted-server.ts'

/** How often and when a client sends its requests, and what it does at each event of its connection. */

/** A client of a server that does not answer a verb, or answers it by the script. */
async function asking(verb: string, answer: () => object | 'nothing' = () => 'nothing') {
  const server = new ScriptedServer()
  const client = await connected(server)
  server.script = ({ action }) => (action === verb ? answer() : undefined)
  const times = () => server.newest.askedFor(verb).length
  return { server, client, times }
}

const getRoom = (client: ChatClient) => {
  const work = client.getRoom({ roomId })
  work.catch(() => undefined)
  return work
}

describe('a request that is safe to repeat', () => {
  it('is sent five times if it is never answered, after waits that double', async () => {
    const { server, client, times } = await asking('getRoom')
    const work = getRoom(client)
    for (const [at, waitMs] of [100, 200, 400, 800].entries()) {
      await server.clock.pass(15_000 + waitMs - 1)
      expect(times()).toBe(at + 1)
      await server.clock.pass(1)
      expect(times()).toBe(at + 2)
    }
    await server.clock.pass(14_999)
    expect(await outcomeOf(work)).toBe('pending')
    await server.clock.pass(1)
    expect(await outcomeOf(work)).toMatchObject({
      name: 'ConnectionError',
      code: 'unanswered',
      undecided: true,
      message: expect.stringContaining('getRoom'),
      cause: { name: 'NoReply', reason: 'timeout' },
    })
    expect(times()).toBe(5)
    client.close()
  })

  it.each<[string, object, number]>([
    ['the time that the server names', { retryable: true, retryAfterMs: 3000 }, 3000],
    ['a short time if it names none', { retryable: true }, 100],
  ])('is sent again after a refusal, after %s', async (_, more, waitMs) => {
    const answers = [refused('unavailable', more), { room: { roomId } }]
    const { server, client, times } = await asking('getRoom', () => answers.shift() ?? {})
    const work = getRoom(client)
    await server.clock.pass(waitMs - 1)
    expect([await outcomeOf(work), times()]).toEqual(['pending', 1])
    await server.clock.pass(1)
    expect([await outcomeOf(work), times()]).toEqual([{ room: { roomId } }, 2])
    client.close()
  })

  it('fails at once after a refusal for good', async () => {
    const { server, client, times } = await asking('getRoom', () => refused('not_found'))
    expect(await outcomeOf(getRoom(client))).toMatchObject({ name: 'ChatError', code: 'not_found' })
    await server.clock.pass(1000)
    expect(times()).toBe(1)
    client.close()
  })

  it('fails at once if it does not fit in a frame', async () => {
    const { server, client, times } = await asking('preference')
    const work = client.preference({ label: 'a'.repeat(40_000) })
    expect(await outcomeOf(work)).toBeInstanceOf(RangeError)
    await server.clock.pass(1000)
    expect(times()).toBe(0)
    client.close()
  })

  it('fails when the client closes, also while it waits for the next try', async () => {
    const { server, client } = await asking('getRoom', () => refused('unavailable', { retryable: true }))
    const work = getRoom(client)
    await settled()
    client.close()
    expect(await outcomeOf(work)).toMatchObject({ name: 'ConnectionError', code: 'closed', undecided: false })
    expect(server.clock.due).toEqual([])
  })
})

describe('a request that must not be repeated', () => {
  it('is undecided if it is not answered', async () => {
    const { server, client, times } = await asking('deleteRoom')
    const work = client.deleteRoom(roomId)
    work.catch(() => undefined)
    await server.clock.pass(15_000)
    expect(await outcomeOf(work)).toMatchObject({ code: 'unanswered', undecided: true })
    await server.clock.pass(60_000)
    expect(times()).toBe(1)
    client.close()
  })

  it('fails after the time that the program allows', async () => {
    const server = new ScriptedServer()
    const client = server.client({ patienceMs: 700 })
    await client.connect()
    server.script = ({ action }) => (action === 'deleteRoom' ? 'nothing' : undefined)
    const work = client.deleteRoom(roomId)
    work.catch(() => undefined)
    await server.clock.pass(699)
    expect(await outcomeOf(work)).toBe('pending')
    await server.clock.pass(1)
    expect(await outcomeOf(work)).toMatchObject({ code: 'unanswered' })
    client.close()
  })
})

describe('a client', () => {
  it('knows its user and its rooms', async () => {
    const server = new ScriptedServer()
    const client = server.client()
    expect([client.user, client.rooms, client.state]).toEqual([undefined, [], 'idle'])
    await client.connect()
    await client.session().join({ roomId: 'attic' })
    expect([client.user, client.rooms, client.state]).toEqual(['alice', ['attic'], 'connected'])
    client.close()
    expect([client.rooms, client.state]).toEqual([[], 'closed'])
  })

  it('ends with an error if the next token is of another user', async () => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    const states = collected(session, 'state')
    const changes: unknown[] = []
    client.on('state', (change) => changes.push(change))
    server.script = ({ action }) => (action === 'hello' ? { user: 'mallory' } : undefined)
    server.newest.close()
    await server.clock.pass(500)
    const error = expect.objectContaining({ name: 'InvalidOperationError' })
    expect(states).toEqual([{ state: 'terminated', reason: error }])
    expect(changes).toMatchObject([{ state: 'waiting' }, { state: 'connecting' }, { state: 'closed', error }])
    expect([client.state, client.user, server.clock.due]).toEqual(['closed', 'alice', []])
  })

  it('keeps its rooms if the next token is of the same user', async () => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    server.newest.close()
    await server.clock.pass(500)
    expect([client.state, session.live]).toEqual(['connected', true])
    expect(server.newest.askedFor('join')).toMatchObject([{ roomId, after: 0 }])
    client.close()
  })

  it('raises an invitation with its fields, and gives a push about a room to its session', async () => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    const [raised, heard] = [[] as Invitation[], collected(session, 'message')]
    client.on('invitation', (invitation) => raised.push(invitation))
    const invitation = { invitationId: 1, room: { roomId: 'attic', uri: '', name: '', description: '' }, createdAt: '' }
    await settled()
    server.newest.say({ type: 'invitation', ...invitation })
    server.newest.say({ type: 'message', ...message(1) })
    server.newest.say({ type: 'later' })
    expect(raised).toEqual([invitation])
    expect(heard).toEqual([message(1)])
    client.close()
  })

  it('asks for invitations after the first connection and after each later one', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    await settled()
    expect(server.newest.askedFor('invitations')).toMatchObject([{ after: 0 }])
    server.newest.close()
    await server.clock.pass(500)
    expect(server.newest.askedFor('invitations')).toMatchObject([{ after: 0 }])
    client.close()
  })

  it('asks for invitations again on the same connection if the server does not answer', async () => {
    const server = new ScriptedServer()
    server.script = ({ action }) => (action === 'invitations' ? 'nothing' : undefined)
    const client = await connected(server)
    await server.clock.pass(15_000 + 100)
    expect(server.newest.askedFor('invitations')).toMatchObject([{ after: 0 }, { after: 0 }])
    client.close()
  })

  it('uses the check of the program if a handshake fails without a reason', async () => {
    const server = new ScriptedServer()
    server.refusal = {}
    const isReachable = jest.fn(async () => false)
    const client = server.client({ isReachable, token: () => 'e30.e30.e30' })
    client.connect().catch(() => undefined)
    await settled()
    expect([isReachable.mock.calls, client.state]).toEqual([[['wss://here']], 'waiting'])
    client.close()
  })

  it('sends a ping without rooms when it is asked to check, and with rooms their positions', async () => {
    const server = new ScriptedServer()
    server.log = [message(1)]
    const client = await connected(server)
    client.check()
    await settled()
    expect([server.newest.askedFor('ping').length, server.newest.askedFor('sync').length]).toEqual([1, 0])
    await client.session().join({ roomId })
    await client.session().join({ roomId: 'attic' })
    client.check()
    await settled()
    expect(server.newest.askedFor('ping')).toHaveLength(1)
    expect(server.newest.askedFor('sync')).toMatchObject([{ rooms: { [roomId]: 1, attic: 1 } }])
    client.close()
  })

  it('closes a connection whose heartbeat is not answered within ten seconds', async () => {
    const { server, client } = await asking('ping')
    client.check()
    await server.clock.pass(9999)
    expect(client.state).toBe('connected')
    await server.clock.pass(1)
    expect([client.state, server.sockets[0]?.readyState]).toEqual(['waiting', 3])
    client.close()
  })

  it('cannot connect after its end, and ends once', async () => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const changes: unknown[] = []
    client.on('state', (change) => changes.push(change))
    client.close()
    client.close()
    expect(changes).toStrictEqual([{ state: 'closed' }])
    expect(await outcomeOf(client.connect())).toMatchObject({ name: 'InvalidOperationError' })
    expect(await outcomeOf(client.hello())).toMatchObject({ name: 'ConnectionError', code: 'closed' })
  })
})
