import type { ChatRoomSession } from '../../client/index.ts'
import { collected, errorOf } from './listening.ts'
import { settled } from './manual-clock.ts'
import { connected, message, refused, roomId, ScriptedServer } from './scripted-server.ts'

/** What a session tells about its room in each state, and what it refuses. */

const valuesOf = (session: ChatRoomSession) => ({
  state: session.state,
  room: session.room,
  canChat: session.canChat,
  canManage: session.canManage,
  participants: session.participants,
  participantCount: session.participantCount,
  last: session.last,
  head: session.head,
  epoch: session.epoch,
  live: session.live,
  outbox: session.outbox,
  counts: session.counts,
})

const noValues = {
  room: undefined,
  canChat: false,
  canManage: false,
  participants: [],
  participantCount: 0,
  last: 0,
  head: 0,
  epoch: undefined,
  live: false,
  outbox: [],
  counts: { applied: 0, dropped: 0, gaps: 0, tries: 0 },
}

const bob = { user: 'bob', name: 'Bob', isManager: false, isPresenter: false }
const lobby = { roomId, uri: 'chat://here/lobby', name: 'Lobby', version: 1, auditorium: false }

/** A server whose room has two messages and one participant, and whose caller may manage it but not chat. */
function aServer(): ScriptedServer {
  const server = new ScriptedServer()
  server.log = [message(1), message(2)]
  server.present = { participants: [bob], you: { roles: ['manager'], canChat: false, canManage: true } }
  return server
}

const ofLobby = {
  room: lobby,
  canChat: false,
  canManage: true,
  participants: [bob],
  participantCount: 1,
  last: 2,
  head: 2,
  epoch: 'first',
  live: true,
  outbox: [],
  counts: { applied: 0, dropped: 0, gaps: 0, tries: 0 },
}

describe('the values of a session', () => {
  it('are empty before and during a join, and those of the room afterwards', async () => {
    const server = aServer()
    const client = await connected(server)
    const session = client.session()
    expect(valuesOf(session)).toEqual({ ...noValues, state: 'idle' })
    const joining = session.join({ roomId })
    expect(valuesOf(session)).toEqual({ ...noValues, state: 'establishing' })
    await joining
    expect(valuesOf(session)).toEqual({ ...ofLobby, state: 'established' })
    client.close()
  })

  it('stay those of the room while it is left, and are empty afterwards', async () => {
    const server = aServer()
    const { client, session } = await server.joined()
    server.script = ({ action }) => (action === 'leave' ? 'nothing' : undefined)
    const leaving = session.leave()
    await settled()
    expect(valuesOf(session)).toEqual({ ...ofLobby, state: 'terminating' })
    server.newest.say({ id: server.newest.askedFor('leave')[0]?.id, ok: true })
    await leaving
    expect(valuesOf(session)).toEqual({ ...noValues, state: 'idle' })
    client.close()
  })

  it('are empty when the listeners learn that the server has ended the session', async () => {
    const server = aServer()
    const { client, session } = await server.joined()
    const seen: unknown[] = []
    session.on('state', (change) => seen.push(change, valuesOf(session)))
    server.newest.say({ type: 'kicked', roomId, reason: 'revoked' })
    expect(seen).toEqual([
      { state: 'terminated', reason: 'revoked' },
      { ...noValues, state: 'terminated' },
    ])
    client.close()
  })

  it('name the participants by number alone in a crowded room', async () => {
    const server = aServer()
    server.present = { participantCount: 900 }
    const { client, session } = await server.joined()
    expect([session.participants, session.participantCount]).toEqual([[], 900])
    client.close()
  })

  it('count the events and the tries, and hold the message that is not answered', async () => {
    const server = aServer()
    const { client, session } = await server.joined()
    server.script = ({ action }) => (['send', 'history'].includes(action) ? 'nothing' : undefined)
    session.send('Hello', { clientMessageId: 'mine' }).catch(() => undefined)
    server.newest.say({ type: 'message', ...message(3) })
    server.newest.say({ type: 'message', ...message(3) })
    server.newest.say({ type: 'message', ...message(7) })
    await settled()
    expect(session.outbox).toMatchObject([{ clientMessageId: 'mine', body: { text: 'Hello' } }])
    expect(session.outbox[0]).not.toHaveProperty('ifHead')
    await server.clock.pass(1000)
    expect(session.counts).toEqual({ applied: 1, dropped: 1, gaps: 1, tries: 1 })
    client.close()
  })
})

describe('a session that is not joined', () => {
  it.each<[string, (session: ChatRoomSession) => Promise<unknown>]>([
    ['send', (session) => session.send('Hello')],
    ['list participants', (session) => session.listParticipants()],
    ['read history', (session) => session.historyPage()],
    ['read history', (session) => session.history().next()],
  ])('refuses to %s and names its state', async (operation, call) => {
    const server = new ScriptedServer()
    const client = await connected(server)
    const session = client.session()
    const asked = server.newest.asked.length
    const error = await errorOf(call(session))
    expect(error).toMatchObject({ name: 'SessionStateError', state: 'idle' })
    expect(error.message).toContain(operation)
    expect(server.newest.asked).toHaveLength(asked)
    client.close()
  })
})

describe('a session that is joined', () => {
  it('refuses a second join without an effect on the first', async () => {
    const server = aServer()
    const { client, session } = await server.joined()
    const states = collected(session, 'state')
    const error = await errorOf(session.join('Attic'))
    expect(error).toMatchObject({ name: 'SessionStateError', state: 'established' })
    expect(error.message).toContain('join')
    expect([states, session.live, server.newest.askedFor('join').length]).toEqual([[], true, 1])
    client.close()
  })

  it('reads the pages of its room by the query', async () => {
    const server = aServer()
    const { client, session } = await server.joined()
    expect(await session.historyPage({ after: 1 })).toMatchObject({ messages: [{ seq: 2 }] })
    const seqs: number[] = []
    for await (const { seq } of session.history({ after: 0 })) seqs.push(seq)
    expect(seqs).toEqual([1, 2])
    expect(server.newest.askedFor('history')).toMatchObject([
      { roomId, after: 1 },
      { roomId, after: 0 },
    ])
    client.close()
  })

  it('lists all participants, page after page', async () => {
    const server = aServer()
    const { client, session } = await server.joined()
    server.script = ({ action, cursor }) => {
      if (action !== 'participants') return undefined
      return cursor ? { participants: [{ user: 'carol' }] } : { participants: [{ user: 'bob' }], cursor: 'p2' }
    }
    expect(await session.listParticipants()).toEqual([{ user: 'bob' }, { user: 'carol' }])
    const asked = server.newest.askedFor('participants').map(({ id: _, action: __, ...fields }) => fields)
    expect(asked).toEqual([{ roomId }, { roomId, cursor: 'p2' }])
    client.close()
  })

  it('passes on the conditions of a message', async () => {
    const server = aServer()
    const { client, session } = await server.joined({ newId: () => 'made' })
    await session.send('One', { ifHead: 0 })
    await session.send('Two', { clientMessageId: 'mine' })
    expect(server.newest.askedFor('send')).toMatchObject([
      { text: 'One', ifHead: 0, clientMessageId: 'made' },
      { text: 'Two', clientMessageId: 'mine' },
    ])
    expect(server.newest.askedFor('send')[1]).not.toHaveProperty('ifHead')
    client.close()
  })

  it('rejects a message without a text, and one that is sent during the leave', async () => {
    const server = aServer()
    const { client, session } = await server.joined()
    expect(await errorOf(session.send(' '))).toBeInstanceOf(TypeError)
    server.script = ({ action }) => (action === 'leave' ? 'nothing' : undefined)
    const leaving = session.leave()
    await settled()
    expect(await errorOf(session.send('Late'))).toMatchObject({ name: 'SessionStateError', state: 'terminating' })
    server.newest.say({ id: server.newest.askedFor('leave')[0]?.id, ...refused('not_joined') })
    await leaving
    expect([session.state, server.newest.askedFor('send')]).toEqual(['idle', []])
    client.close()
  })
})
