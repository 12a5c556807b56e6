import { explainRefusal, loadAccess, requirePermission } from '../../lambdas/domain/access/access.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { findReaders, requireReader } from '../../lambdas/domain/sessions/reader.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, categoryOf, connect, person } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

const ana = person('ana')
const eve = person('eve')
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await app.categories.create(categoryOf('live', { history: false }))
  await addRoom(app, 'r', {}, { 'user:ana': ['member'] })
  await addRoom(app, 'live', { categoryId: 'live', privacy: 'open' })
})

/** Stores the unconfirmed session of an interrupted join. */
async function addUnconfirmed(): Promise<void> {
  await connect(app, eve, 'e')
  const session = await addSession(app, 'r', ana, 'a')
  await app.sessions.join({ ...session, user: 'eve', connectionId: 'e', confirmed: false }, 100)
}

const readers = async (roomIds: string[], caller = ana, connectionId = 'a') => [
  ...(await findReaders(app, roomIds, ['r'], connectionId, caller)).keys(),
]

describe('a reader of a room', () => {
  it('has a session there or the right to join it', async () => {
    await addSession(app, 'r', ana, 'a')
    expect(await requireReader(app, 'r', 'a', ana)).toEqual({ roomId: 'r', logged: true })
    expect(await requireReader(app, 'r', 'other', ana)).toEqual({ roomId: 'r', logged: true })
    expect(await readers(['r', 'none', 'live'], ana, 'other')).toEqual(['r', 'live'])
  })

  it('with a session needs no right to join', async () => {
    await addSession(app, 'r', ana, 'a')
    app.roles.take('r', 'member', 'user:ana')
    expect(await requireReader(app, 'r', 'a', ana)).toEqual({ roomId: 'r', logged: true })
  })

  it('needs more than an unconfirmed session', async () => {
    await addUnconfirmed()
    expect(await app.sessions.find('r', 'e')).toMatchObject({ user: 'eve', confirmed: false })
    expect(await refusal(requireReader(app, 'r', 'e', eve))).toMatchObject({ code: 'forbidden' })
    expect(await readers(['r'], eve, 'e')).toEqual([])
  })

  it('learns from the session or the category whether the room has history', async () => {
    await addSession(app, 'live', ana, 'a')
    expect(await requireReader(app, 'live', 'a', ana)).toEqual({ roomId: 'live', logged: false })
    expect(await requireReader(app, 'live', 'b', ana)).toEqual({ roomId: 'live', logged: false })
  })

  it('without a session and a right is refused, or omitted from a query of many rooms', async () => {
    expect(await refusal(requireReader(app, 'r', 'e', eve))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(requireReader(app, 'none', 'e', eve))).toMatchObject({ code: 'not_found' })
    expect(await readers(['r', 'none'], eve, 'e')).toEqual([])
  })

  it.each([new Refusal('unavailable', 'x'), new Error('x')])('is not omitted after an error: %p', async (fault) => {
    jest.spyOn(app.sessions, 'find').mockRejectedValue(fault)
    await expect(readers(['r'], eve, 'e')).rejects.toBe(fault)
  })
})

describe('a missing permission', () => {
  const refused = async (roomId: string, permission: 'manage' | 'join' | 'read' | 'view', caller = eve) =>
    refusal(loadAccess(app, roomId, caller).then((access) => requirePermission(access, permission)))

  it('is refused with a specific message only if the user may see the room', async () => {
    expect(await refused('r', 'manage')).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching('manager'),
    })
    expect(await refused('r', 'join')).toMatchObject({ code: 'forbidden', message: expect.stringMatching('join') })
    expect(await refused('r', 'read')).toMatchObject({ code: 'forbidden', message: expect.stringMatching('read') })
    await addRoom(app, 'secret', { privacy: 'secret' })
    expect(await refused('secret', 'manage')).toMatchObject({ code: 'not_found' })
  })

  it('in a disabled room is explained only to its members and managers', async () => {
    await addRoom(app, 'off', { disabled: true }, { 'user:ana': ['member'], 'user:kim': ['manager'] })
    expect(await refused('off', 'join', ana)).toMatchObject({ code: 'room_disabled' })
    expect(await refused('off', 'join', person('kim'))).toMatchObject({ code: 'room_disabled' })
    expect(await refused('off', 'view')).toMatchObject({ code: 'not_found' })
  })

  it('after the end of a session is explained by the disabled room', async () => {
    await addRoom(app, 'off', { disabled: true }, { 'user:ana': ['member'] })
    const gone = new Refusal('not_joined', 'x')
    expect(await explainRefusal(app, 'off', ana, gone)).toMatchObject({ code: 'room_disabled' })
    expect(await explainRefusal(app, 'off', eve, gone)).toBe(gone)
    expect(await explainRefusal(app, 'r', ana, gone)).toBe(gone)
    expect(await explainRefusal(app, 'none', ana, gone)).toBe(gone)
    const other = new Refusal('forbidden', 'x')
    expect(await explainRefusal(app, 'off', ana, other)).toBe(other)
  })
})
