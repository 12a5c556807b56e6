import { explainRefusal, loadAccess, requirePermission } from '../../lambdas/domain/access/access.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { findReader, requireReader } from '../../lambdas/domain/sessions/reader.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { categoryOf, connect, furnish, person, seat } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

const ana = person('ana')
const eve = person('eve')
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await app.categories.create(categoryOf('live', { history: false }))
  await furnish(app, 'r', {}, { 'user:ana': ['member'] })
  await furnish(app, 'live', { categoryId: 'live', privacy: 'open' })
})

/** What a join leaves behind that was cut off before its rights were read again. */
async function leaveUnconfirmed(): Promise<void> {
  await connect(app, eve, 'e')
  const session = await seat(app, 'r', ana, 'a')
  await app.sessions.join({ ...session, user: 'eve', connectionId: 'e', confirmed: false }, 100)
}

describe('whoever reads a room', () => {
  it('has a session there, or the right to join it', async () => {
    await seat(app, 'r', ana, 'a')
    expect(await requireReader(app, 'r', 'a', ana)).toEqual({ roomId: 'r', logged: true })
    expect(await requireReader(app, 'r', 'elsewhere', ana)).toEqual({ roomId: 'r', logged: true })
    expect(await findReader(app, 'r', 'elsewhere', ana)).toEqual({ roomId: 'r', logged: true })
  })

  it('is asked for nothing but the session where there is one', async () => {
    await seat(app, 'r', ana, 'a')
    app.roles.take('r', 'member', 'user:ana')
    expect(await requireReader(app, 'r', 'a', ana)).toEqual({ roomId: 'r', logged: true })
  })

  it('has not with a session alone that was never confirmed', async () => {
    await leaveUnconfirmed()
    expect(await app.sessions.find('r', 'e')).toMatchObject({ user: 'eve', confirmed: false })
    expect(await refusal(requireReader(app, 'r', 'e', eve))).toMatchObject({ code: 'forbidden' })
    expect(await findReader(app, 'r', 'e', eve)).toBeUndefined()
  })

  it('is told whether anything is kept, by the session and by the category', async () => {
    await seat(app, 'live', ana, 'a')
    expect(await requireReader(app, 'live', 'a', ana)).toEqual({ roomId: 'live', logged: false })
    expect(await requireReader(app, 'live', 'b', ana)).toEqual({ roomId: 'live', logged: false })
  })

  it('is refused without either, and left out where many rooms are asked about', async () => {
    expect(await refusal(requireReader(app, 'r', 'e', eve))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(requireReader(app, 'none', 'e', eve))).toMatchObject({ code: 'not_found' })
    expect(await findReader(app, 'r', 'e', eve)).toBeUndefined()
    expect(await findReader(app, 'none', 'e', eve)).toBeUndefined()
  })

  it.each([new Refusal('unavailable', 'x'), new Error('x')])('is not left out for a fault: %p', async (fault) => {
    jest.spyOn(app.sessions, 'find').mockRejectedValue(fault)
    await expect(findReader(app, 'r', 'e', eve)).rejects.toBe(fault)
  })
})

describe('a permission that is missing', () => {
  const refused = async (roomId: string, permission: 'manage' | 'join' | 'read' | 'view', who = eve) =>
    refusal(loadAccess(app, roomId, who).then((standing) => requirePermission(standing, permission)))

  it('is told apart only to those who may see the room', async () => {
    expect(await refused('r', 'manage')).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching('manager'),
    })
    expect(await refused('r', 'join')).toMatchObject({ code: 'forbidden', message: expect.stringMatching('join') })
    expect(await refused('r', 'read')).toMatchObject({ code: 'forbidden', message: expect.stringMatching('read') })
    await furnish(app, 'secret', { privacy: 'secret' })
    expect(await refused('secret', 'manage')).toMatchObject({ code: 'not_found' })
  })

  it('of a disabled room is explained to those who belong to it or manage it, and to nobody else', async () => {
    await furnish(app, 'off', { disabled: true }, { 'user:ana': ['member'], 'user:kim': ['manager'] })
    expect(await refused('off', 'join', ana)).toMatchObject({ code: 'room_disabled' })
    expect(await refused('off', 'join', person('kim'))).toMatchObject({ code: 'room_disabled' })
    expect(await refused('off', 'view')).toMatchObject({ code: 'not_found' })
  })

  it('explains why a session is gone, where the room was disabled', async () => {
    await furnish(app, 'off', { disabled: true }, { 'user:ana': ['member'] })
    const gone = new Refusal('not_joined', 'x')
    expect(await explainRefusal(app, 'off', ana, gone)).toMatchObject({ code: 'room_disabled' })
    expect(await explainRefusal(app, 'off', eve, gone)).toBe(gone)
    expect(await explainRefusal(app, 'r', ana, gone)).toBe(gone)
    expect(await explainRefusal(app, 'none', ana, gone)).toBe(gone)
    const other = new Refusal('forbidden', 'x')
    expect(await explainRefusal(app, 'off', ana, other)).toBe(other)
  })
})
