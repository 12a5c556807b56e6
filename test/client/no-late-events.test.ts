import type { ChatClient, ChatRoomSession } from '../../client/index.ts'
import { errorOf } from './listening.ts'
import { message, roomId, ScriptedServer } from './scripted-server.ts'

/** After its end a client or a session raises no events. */

const minute = 60_000

/** Collects the names of all further events. */
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

/** A session with outstanding requests for history, participants, a send and invitations. */
async function busy(server: ScriptedServer) {
  const { client, session } = await server.joined()
  const held = ['history', 'send', 'participants', 'invitations']
  server.script = ({ action }) => (held.includes(action) ? 'nothing' : undefined)
  const socket = server.newest
  const sending = session.send('Unsent').catch((error: unknown) => error)
  socket.say({ type: 'message', ...message(3) })
  await server.clock.pass(1000)
  expect(socket.askedFor('history')).toHaveLength(1)
  /** Answers all these requests and sends pushes of each kind. */
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
  it('a client there are no events; the last ones are failed messages and the ends of the sessions and the client', async () => {
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

  it('a session by the server there are only events of the client', async () => {
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

  it('a subscription there are no events of the room', async () => {
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

  it('a session a message that a listener sends during the end is refused', async () => {
    const server = new ScriptedServer()
    const { client, session, socket } = await busy(server)
    const late: Promise<Error>[] = []
    session.on('failed', () => late.push(errorOf(session.send('Too late'))))
    socket.say({ type: 'kicked', roomId, reason: 'revoked' })
    expect(await Promise.all(late)).toMatchObject([{ name: 'SessionStateError' }])
    client.close()
  })
})
