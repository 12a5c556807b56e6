import { isListening } from '../../lambdas/domain/sessions/connections.ts'
import { isArrival, participantOf, participantsOf } from '../../lambdas/domain/sessions/participants.ts'
import { leave, requireSender, type Session, sessionOn } from '../../lambdas/domain/sessions/sessions.ts'
import { leave as leaveRoute } from '../../lambdas/routes/leave.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, furnish, person, seat } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

const ana = person('ana')
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await furnish(app, 'r', { privacy: 'open' })
})

const session = (connectionId: string, user: string, joinedAt: number): Session => ({
  roomId: 'r',
  connectionId,
  user,
  name: `${user} by ${connectionId}`,
  isManager: true,
  isPresenter: false,
  canChat: true,
  logged: true,
  confirmed: true,
  joinedAt,
  expiresAt: 100,
})

describe('whoever leaves', () => {
  it('ends the session, with a line in the record, and cannot leave twice', async () => {
    await seat(app, 'r', ana, 'a')
    expect(await leave(app.sessions, 'r', 'a', 77)).toMatchObject({ user: 'ana', connectionId: 'a' })
    expect(await app.sessions.find('r', 'a')).toBeUndefined()
    expect(await app.records.read('r', { from: 77, to: 77 }, '', 9)).toMatchObject([
      { at: 77, event: 'left', by: 'ana', details: { how: 'left' } },
    ])
    expect(await refusal(leave(app.sessions, 'r', 'a', 78))).toMatchObject({ code: 'not_joined' })
    expect(await call(app, leaveRoute, { roomId: 'r' }, ana, 'a')).toMatchObject({ error: { code: 'not_joined' } })
  })

  it('is refused when another ends the session first', async () => {
    await seat(app, 'r', ana, 'a')
    jest.spyOn(app.sessions, 'end').mockResolvedValue(false)
    expect(await refusal(leave(app.sessions, 'r', 'a', 77))).toMatchObject({ code: 'not_joined' })
  })

  it('is looked up once more where an old view does not have the session', async () => {
    await seat(app, 'r', ana, 'a')
    const glimpsed = await app.sessions.findEventually('r', 'a')
    const found = jest.spyOn(app.sessions, 'find').mockResolvedValue(undefined)
    jest.spyOn(app.sessions, 'findEventually').mockResolvedValueOnce(glimpsed)
    expect(await sessionOn(app.sessions, 'r', 'a')).toMatchObject({ user: 'ana' })
    found.mockRestore()
    jest.spyOn(app.sessions, 'findEventually').mockResolvedValue(undefined)
    expect(await sessionOn(app.sessions, 'r', 'a')).toMatchObject({ user: 'ana' })
  })
})

describe('a voice', () => {
  it.each<[string, Partial<Session>, string]>([
    ['unconfirmed', { confirmed: false }, 'not_joined'],
    ['only listening', { canChat: false }, 'forbidden'],
  ])('is not had by a session that is %s', async (_, more, code) => {
    const seated = await seat(app, 'r', ana, 'a')
    jest.spyOn(app.sessions, 'find').mockResolvedValue({ ...seated, ...more })
    expect(await refusal(requireSender(app.sessions, 'r', 'a'))).toMatchObject({ code })
  })

  it('is had by every other, and by nobody without one', async () => {
    await seat(app, 'r', ana, 'a')
    expect(await requireSender(app.sessions, 'r', 'a')).toMatchObject({ user: 'ana' })
    expect(await refusal(requireSender(app.sessions, 'r', 'b'))).toMatchObject({ code: 'not_joined' })
  })
})

describe('a roster', () => {
  it('is of users, each once, in the order in which they came', () => {
    const roster = [session('d', 'ben', 3), session('c', 'ana', 2), session('b', 'ana', 1), session('a', 'cem', 3)]
    expect(participantsOf(roster).map(({ user, name }) => [user, name])).toEqual([
      ['ana', 'ana by b'],
      ['cem', 'cem by a'],
      ['ben', 'ben by d'],
    ])
    expect(roster[0]?.user).toBe('ben')
    expect(participantOf(session('a', 'ana', 1))).toEqual({
      user: 'ana',
      name: 'ana by a',
      isManager: true,
      isPresenter: false,
    })
  })

  it('knows who came first of the connections of one user', () => {
    const [first, second, twin] = [session('b', 'ana', 1), session('a', 'ana', 2), session('c', 'ana', 1)]
    const others = [session('x', 'ben', 0)]
    expect(isArrival(first, [first, second, ...others])).toBe(true)
    expect(isArrival(second, [first, second, ...others])).toBe(false)
    expect(isArrival(first, [twin, first])).toBe(true)
    expect(isArrival(twin, [twin, first])).toBe(false)
    expect(isArrival(first, [])).toBe(true)
  })

  it.each([
    [{ expiresAt: 10 }, 9999, true],
    [{ expiresAt: 10 }, 10_000, false],
    [{ expiresAt: 10, hearsUntil: 5 }, 4999, true],
    [{ expiresAt: 10, hearsUntil: 5 }, 5000, false],
  ])('holds %p at %i: %p', (ends, now, expected) => expect(isListening(ends, now)).toBe(expected))
})
