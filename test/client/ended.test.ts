import type { ChatClient, ChatRoomSession } from '../../client/index.ts'
import { errorOf } from './listening.ts'
import { message, roomId, ScriptedServer } from './scripted-server.ts'

/** After the end nothing is told. */

const minute = 60_000

/** Everything that is told from now on, by the name of the event. */
function toldBy(client: ChatClient, session: ChatRoomSession): string[] {
  const told: string[] = []
  for (const name of ['state', 'invitation'] as const) client.on(name, () => told.push(`client ${name}`))
  const events = [
    'message',
    'removal',
    'participant',
    'room',
    'rights',
    'gap',
    'reset',
    'sent',
    'failed',
    'live',
  ] as const
  for (const name of events) session.on(name, () => told.push(name))
  session.on('state', ({ state }) => told.push(state))
  return told
}

const bob = { user: 'bob', name: 'Bob', isManager: false, isPresenter: false }

/** A session that waits for a page of history, the participants, a send and invitations. */
async function busy(server: ScriptedServer) {
  const { client, session } = await server.joined()
  const held = ['history', 'send', 'participants', 'invitations']
  server.script = ({ action }) => (held.includes(action) ? 'nothing' : undefined)
  const socket = server.newest
  const sending = session.send('Unsent').catch((error: unknown) => error)
  socket.say({ type: 'message', ...message(3) })
  await server.clock.pass(1000)
  expect(socket.askedFor('history')).toHaveLength(1)
  /** Answers all of them, and sends pushes of every kind. */
  const arrive = async () => {
    server.script = () => undefined
    for (const frame of [...socket.asked]) {
      if (held.includes(frame.action)) socket.say({ id: frame.id, ok: true, ...Object(server.answer(frame, socket)) })
    }
    socket.say({ type: 'message', ...message(1) })
    socket.say({ type: 'participant', roomId, event: 'joined', user: bob })
    socket.say({ type: 'room', roomId, version: 9, changed: { name: { old: 'Lobby', new: 'Hall' } } })
    socket.say({ type: 'kicked', roomId, reason: 'revoked' })
    socket.say({
      type: 'invitation',
      invitationId: 1,
      room: { roomId, uri: '', name: '', description: '' },
      createdAt: '',
    })
    await server.clock.pass(10 * minute)
  }
  return { client, session, socket, sending, arrive }
}

describe('after the end of', () => {
  it('a client nothing is told: the last words are what failed, the end of each session, and of the client', async () => {
    const server = new ScriptedServer()
    const { client, session, sending, arrive } = await busy(server)
    const told = toldBy(client, session)
    client.close()
    expect(told).toEqual(['failed', 'terminated', 'client state'])
    expect(await sending).toMatchObject({ code: 'closed', undecided: true })
    await arrive()
    client.close()
    client.check()
    expect([told.length, server.clock.due]).toEqual([3, []])
  })

  it('a session by the server nothing is told but of the client', async () => {
    const server = new ScriptedServer()
    const { client, session, socket, sending, arrive } = await busy(server)
    const told = toldBy(client, session)
    socket.say({ type: 'kicked', roomId, reason: 'revoked' })
    expect(told).toEqual(['failed', 'terminated'])
    expect(await sending).toMatchObject({ name: 'ConnectionError', code: 'unanswered', undecided: true })
    await arrive()
    expect(told.filter((name) => !name.startsWith('client'))).toEqual(['failed', 'terminated'])
    client.close()
  })

  it('a stay nothing is told of the room that was left', async () => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    server.script = ({ action }) => (action === 'history' ? 'nothing' : undefined)
    server.newest.say({ type: 'message', ...message(3) })
    await server.clock.pass(1000)
    await session.leave()
    const told = toldBy(client, session)
    const [asked] = server.newest.askedFor('history')
    server.newest.say({
      id: asked?.id,
      ok: true,
      messages: [message(1), message(2)],
      head: 3,
      floor: 1,
      epoch: 'first',
    })
    server.newest.say({ type: 'message', ...message(4) })
    server.newest.say({ type: 'participant', roomId, event: 'joined', user: bob })
    await server.clock.pass(minute)
    expect(told).toEqual([])
    client.close()
  })

  it('a session a message is refused that a listener sends in its last moment', async () => {
    const server = new ScriptedServer()
    const { client, session, socket } = await busy(server)
    const late: Promise<Error>[] = []
    session.on('failed', () => late.push(errorOf(session.send('Too late'))))
    socket.say({ type: 'kicked', roomId, reason: 'revoked' })
    expect(await Promise.all(late)).toMatchObject([{ name: 'SessionStateError' }])
    client.close()
  })
})
