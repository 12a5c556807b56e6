import { loadAccess } from '../../lambdas/domain/access/access.ts'
import { counted } from '../../lambdas/domain/sessions/crowd.ts'
import { isArrival, participantsOf } from '../../lambdas/domain/sessions/participants.ts'
import { announceLeft, announceParticipants } from '../../lambdas/push/announce.ts'
import { messageFrame } from '../../lambdas/replies/encode.ts'
import { browse } from '../../lambdas/routes/browse.ts'
import { grant } from '../../lambdas/routes/grant.ts'
import { participants } from '../../lambdas/routes/participants.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, person } from '../support/memory/fixtures.ts'

const bot = person('service:bot')
const ana = person('ana')

let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', { privacy: 'open' }, { 'user:ana': ['manager', 'member'] })
})

const sessions = async () => [await addSession(app, 'r', ana, 'a'), await addSession(app, 'r', bot, 'b')] as const

describe('a service', () => {
  it('is granted roles like a user', async () => {
    await addRoom(app, 's', { privacy: 'closed' }, { 'user:ana': ['manager'] })
    const request = { roomId: 's', role: 'member', principals: ['user:service:bot'] }
    expect(await call(app, grant, request, ana)).toMatchObject({ ok: true, changed: ['user:service:bot'] })
    expect((await loadAccess(app, 's', bot))?.roles).toEqual(['member'])
  })

  it('is no participant, in a list or in a count', async () => {
    const roster = await sessions()
    expect(participantsOf(roster).map(({ user }) => user)).toEqual(['ana'])
    expect(counted(roster, undefined, 1)).toMatchObject({ connections: 2, participants: 1 })
    expect(await call(app, participants, { roomId: 'r' }, ana, 'a')).toMatchObject({
      participants: [{ user: 'ana' }],
      participantCount: 1,
    })
    const { rooms } = (await call(app, browse, { categoryId: 'general' }, ana)) as unknown as { rooms: object[] }
    expect(rooms).toMatchObject([{ participantCount: 1 }])
  })

  it('comes, changes and goes without a push', async () => {
    const roster = await sessions()
    const [, service] = roster
    expect(isArrival(service, roster)).toBe(false)
    await announceParticipants(app, roster, 'changed', [service], undefined)
    await announceLeft(app, [service], roster.slice(0, 1), undefined)
    expect(app.connections.pushes('a')).toEqual([])
  })

  it('is told of the people who come and go', async () => {
    const roster = await sessions()
    const [user] = roster
    expect(isArrival(user, roster)).toBe(true)
    await announceParticipants(app, roster, 'joined', [user], undefined)
    expect(app.connections.pushes('b')).toMatchObject([{ type: 'participant', event: 'joined', user: { user: 'ana' } }])
  })

  it('is shown as an app in what it says, and a person is not', () => {
    const entry = (user: string) => ({ seq: 1, sentAt: 1, from: { user, name: 'N' }, body: { text: 'x' } })
    expect(messageFrame('r', entry('service:bot'))).toMatchObject({
      from: { user: 'service:bot', name: 'N', app: true },
    })
    expect(messageFrame('r', entry('ana'))).toMatchObject({ from: { user: 'ana', name: 'N' } })
    expect(Object.keys(Object(messageFrame('r', entry('ana'))).from)).toEqual(['user', 'name'])
  })
})
