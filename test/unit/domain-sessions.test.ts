import { isListening } from '../../lambdas/domain/sessions/connections.ts'
import { isArrival, participantOf, participantsOf } from '../../lambdas/domain/sessions/participants.ts'
import { leave, requireSender, type Session, sessionOn } from '../../lambdas/domain/sessions/sessions.ts'
import { leave as leaveRoute } from '../../lambdas/routes/leave.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, person } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

const ana = person('ana')
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', { privacy: 'open' })
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

describe('a leave', () => {
  it('ends the session, is recorded and cannot be repeated', async () => {
    await addSession(app, 'r', ana, 'a')
    expect(await leave(app.sessions, 'r', 'a', 77)).toMatchObject({ user: 'ana', connectionId: 'a' })
    expect(await app.sessions.find('r', 'a')).toBeUndefined()
    expect(await app.records.read('r', { from: 77, to: 77 }, '', 9)).toMatchObject([
      { at: 77, event: 'left', by: 'ana', details: { how: 'left' } },
    ])
    expect(await refusal(leave(app.sessions, 'r', 'a', 78))).toMatchObject({ code: 'not_joined' })
    expect(await call(app, leaveRoute, { roomId: 'r' }, ana, 'a')).toMatchObject({ error: { code: 'not_joined' } })
  })

  it('is refused if another call ends the session first', async () => {
    await addSession(app, 'r', ana, 'a')
    jest.spyOn(app.sessions, 'end').mockResolvedValue(false)
    expect(await refusal(leave(app.sessions, 'r', 'a', 77))).toMatchObject({ code: 'not_joined' })
  })

  it('finds the session by a consistent read if the eventual one lags', async () => {
    await addSession(app, 'r', ana, 'a')
    const session = await app.sessions.findEventually('r', 'a')
    const found = jest.spyOn(app.sessions, 'find').mockResolvedValue(undefined)
    jest.spyOn(app.sessions, 'findEventually').mockResolvedValueOnce(session)
    expect(await sessionOn(app.sessions, 'r', 'a')).toMatchObject({ user: 'ana' })
    found.mockRestore()
    jest.spyOn(app.sessions, 'findEventually').mockResolvedValue(undefined)
    expect(await sessionOn(app.sessions, 'r', 'a')).toMatchObject({ user: 'ana' })
  })
})

describe('the right to send', () => {
  it.each<[string, Partial<Session>, string]>([
    ['unconfirmed', { confirmed: false }, 'not_joined'],
    ['read-only', { canChat: false }, 'forbidden'],
  ])('is refused to a session that is %s', async (_, more, code) => {
    const session = await addSession(app, 'r', ana, 'a')
    jest.spyOn(app.sessions, 'find').mockResolvedValue({ ...session, ...more })
    expect(await refusal(requireSender(app.sessions, 'r', 'a'))).toMatchObject({ code })
  })

  it('is granted to every other session and refused without a session', async () => {
    await addSession(app, 'r', ana, 'a')
    expect(await requireSender(app.sessions, 'r', 'a')).toMatchObject({ user: 'ana' })
    expect(await refusal(requireSender(app.sessions, 'r', 'b'))).toMatchObject({ code: 'not_joined' })
  })
})

describe('a roster', () => {
  it('lists each user once in the order of their joins', () => {
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

  it('shows which connection of a user came first', () => {
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
  ])('includes a session with %p at %i: %p', (ends, now, expected) => expect(isListening(ends, now)).toBe(expected))
})
