import { collected } from './listening.ts'
import { settled } from './manual-clock.ts'
import { message, roomId, ScriptedServer } from './scripted-server.ts'

const { seq: _, ...withoutSeq } = message(1)

describe('a malformed push', () => {
  it.each<[string, object]>([
    ['a message without a position', { ...withoutSeq, type: 'message' }],
    ['a message whose position is a text', { ...message(1), type: 'message', seq: '1' }],
    ['messages without a list', { type: 'messages', roomId }],
    ['messages with an entry that is none', { type: 'messages', roomId, messages: [message(1), null] }],
    ['a participant without a user', { type: 'participant', roomId, event: 'joined' }],
    ['a participant without an id', { type: 'participant', roomId, event: 'joined', user: { name: 'Bob' } }],
    ['a room without changes', { type: 'room', roomId, version: 2 }],
    ['a room with a change that is none', { type: 'room', roomId, version: 2, changed: { name: null } }],
    ['a room without a version', { type: 'room', roomId, changed: { name: { old: 'Lobby', new: 'Hall' } } }],
    ['an invitation without a room', { type: 'invitation', invitationId: 1 }],
    ['an invitation without a number', { type: 'invitation', room: { roomId: 'attic', name: 'Attic' } }],
    ['a goaway without a time', { type: 'goaway', reason: 'age' }],
    ['a goaway with a time that is a text', { type: 'goaway', reason: 'age', reconnectInMs: 'soon' }],
    ['a goaway with a negative time', { type: 'goaway', reason: 'age', reconnectInMs: -1 }],
    ['a goaway with a time that no timer takes', { type: 'goaway', reason: 'age', reconnectInMs: 1e12 }],
    ['a type that is no text', { type: 7, roomId }],
    ['a type that every object has', { type: 'toString', roomId }],
  ])('%s is ignored, and the session works on', async (_name, push) => {
    const server = new ScriptedServer()
    const { client, session } = await server.joined()
    const raised = (['message', 'removal', 'participant', 'room', 'rights', 'gap', 'state'] as const).map((name) =>
      collected(session, name),
    )
    const invitations: unknown[] = []
    client.on('invitation', (invitation) => invitations.push(invitation))
    const timers = server.clock.due
    expect(() => server.newest.say(push)).not.toThrow()
    await settled()
    expect([raised.flat(), invitations]).toEqual([[], []])
    expect(server.clock.due).toEqual(timers)
    server.newest.say({ type: 'message', ...message(1) })
    expect([session.last, session.state]).toEqual([1, 'established'])
    client.close()
  })
})

describe('a goaway that names no time', () => {
  it('ends the client all the same if the connection was replaced', async () => {
    const server = new ScriptedServer()
    const { client } = await server.joined()
    server.newest.say({ type: 'goaway', reason: 'replaced' })
    expect(client.state).toBe('replaced')
    client.close()
  })
})
