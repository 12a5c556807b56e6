import type { Storage } from '../../client/index.ts'
import { settled } from './manual-clock.ts'
import { memoryStorage } from './memory-storage.ts'
import { ScriptedServer } from './scripted-server.ts'

/** Invitations, also those from before and between connections. */

const invitation = (invitationId: number) => ({
  invitationId,
  room: { roomId: `room ${invitationId}`, uri: '', name: '', description: '' },
  createdAt: '2026-11-22T22:33:01.123Z',
})

/** A server with invitations of these numbers and two on each page. */
function inviting(...ids: number[]) {
  const server = new ScriptedServer()
  const there = ids.map(invitation)
  server.script = ({ action, after }) => {
    if (action !== 'invitations') return undefined
    const page = there.filter(({ invitationId }) => invitationId > after).slice(0, 2)
    return { invitations: page, last: page.at(-1)?.invitationId ?? after }
  }
  return { server, there }
}

function aClient(server: ScriptedServer, storage?: Storage) {
  const client = server.client({ storage })
  const told: number[] = []
  client.on('invitation', ({ invitationId }) => told.push(invitationId))
  return { client, told }
}

describe('an invitation', () => {
  it('from before the first connection is raised, like all others on several pages', async () => {
    const { server } = inviting(1, 2, 3, 4, 5)
    const { client, told } = aClient(server)
    await client.connect()
    await settled()
    expect(told).toEqual([1, 2, 3, 4, 5])
    client.close()
  })

  it('from between two connections is raised with the next one, and no other is raised again', async () => {
    const { server, there } = inviting(1)
    const { client, told } = aClient(server)
    await client.connect()
    await settled()
    there.push(invitation(2))
    server.newest.say({ type: 'invitation', ...invitation(2) })
    server.newest.say({ type: 'invitation', ...invitation(2) })
    server.newest.close()
    there.push(invitation(3))
    await server.clock.pass(60_000)
    expect(told).toEqual([1, 2, 3])
    client.close()
  })

  it('is raised once in several runs of a program with a storage', async () => {
    const { server, there } = inviting(1, 2)
    const storage = memoryStorage()
    const first = aClient(server, storage)
    await first.client.connect()
    await settled()
    server.newest.say({ type: 'invitation', ...invitation(3) })
    await settled()
    first.client.close()
    there.push(invitation(3), invitation(4))
    const second = aClient(server, storage)
    await second.client.connect()
    await settled()
    expect([first.told, second.told]).toEqual([[1, 2, 3], [4]])
    second.client.close()
  })

  it('is requested again if the server did not answer, and an invalid stored number is ignored', async () => {
    const { server } = inviting(1)
    const answer = server.script
    server.script = (frame, socket) => (frame.action === 'invitations' ? 'nothing' : answer(frame, socket))
    const { client, told } = aClient(server, { get: () => 'NaN', set: () => undefined, remove: () => undefined })
    await client.connect()
    server.newest.close()
    server.script = answer
    await server.clock.pass(60_000)
    expect(told).toEqual([1])
    client.close()
  })
})
