import { RateLimiter } from '../../lambdas/domain/budget/limiter.ts'
import { append } from '../../lambdas/domain/log/append.ts'
import { appendRemoval } from '../../lambdas/domain/log/removals.ts'
import { recount } from '../../lambdas/domain/sessions/crowd.ts'
import { join } from '../../lambdas/domain/sessions/join.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, connect, person } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

const ana = person('ana')
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', {}, { 'user:ana': ['member'] })
  await connect(app, ana, 'a')
})

const request = () => ({ roomId: 'r', connectionId: 'a', joinedAt: app.clock.now(), expiresAt: 2_000_000_000 })
const joinRoom = (read: () => Promise<unknown> = async () => 'view') => join(app, ana, request(), 100, read)

describe('a join', () => {
  it('is recorded with the name of the user', async () => {
    await joinRoom()
    const lines = await app.records.read('r', { from: 0, to: 1e15 }, '', 9)
    expect(lines.map(({ at, event, by, details }) => ({ at, event, by, details }))).toEqual([
      { at: app.clock.now(), event: 'joined', by: 'ana', details: { name: 'ANA' } },
    ])
  })

  it('reads grants twice, first eventually and then consistently', async () => {
    const held = jest.spyOn(app.roles, 'held')
    await joinRoom()
    expect(held.mock.calls.map(([, , mayLag]) => mayLag ?? false)).toEqual([true, false])
  })

  it('reads grants again if the first read would refuse it', async () => {
    const held = app.roles.held.bind(app.roles)
    jest
      .spyOn(app.roles, 'held')
      .mockImplementation(async (roomId, principals, mayLag) =>
        mayLag ? { room: undefined, roles: [] } : held(roomId, principals),
      )
    expect((await joinRoom()).session).toMatchObject({ canChat: true })
  })

  it('fails as unavailable if its session has ended in the meantime', async () => {
    jest.spyOn(app.sessions, 'confirm').mockResolvedValue(false)
    jest.spyOn(app.sessions, 'find').mockResolvedValue(undefined)
    expect(await refusal(joinRoom())).toMatchObject({ code: 'unavailable', retryAfterMs: 100 })
  })

  it('of a joined connection confirms nothing and is not announced', async () => {
    await joinRoom()
    const confirm = jest.spyOn(app.sessions, 'confirm')
    expect(await joinRoom()).toMatchObject({ arrived: false, session: { confirmed: true } })
    expect(confirm).not.toHaveBeenCalled()
  })

  it('that fails ends the session that it started, but not an earlier one', async () => {
    const failing = () => Promise.reject(new Error('no log'))
    await expect(joinRoom(failing)).rejects.toThrow('no log')
    expect(await app.sessions.find('r', 'a')).toBeUndefined()
    await joinRoom()
    await expect(joinRoom(failing)).rejects.toThrow('no log')
    expect(await app.sessions.find('r', 'a')).toMatchObject({ confirmed: true })
  })
})

describe('a recount', () => {
  it('of a room without a count claims it with zero participants', async () => {
    await addSession(app, 'r', ana, 'a')
    const note = jest.spyOn(app.sessions, 'noteCrowd')
    expect(await recount(app.sessions, app.clock, 'r')).toMatchObject({ connections: 1, participants: 1 })
    expect(note.mock.calls[0]).toEqual([
      'r',
      { connections: 0, participants: 0, crowded: false, large: false, bounds: [], countedAt: app.clock.now() },
      undefined,
    ])
  })

  it('is not made if another caller makes it', async () => {
    const known = { connections: 9, participants: 9, crowded: true, large: true, bounds: [], countedAt: 1 }
    jest.spyOn(app.sessions, 'noteCrowd').mockResolvedValue(false)
    const attendees = jest.spyOn(app.sessions, 'attendees')
    expect(await recount(app.sessions, app.clock, 'r', known)).toBe(known)
    jest.spyOn(app.sessions, 'crowd').mockResolvedValue(known)
    expect(await recount(app.sessions, app.clock, 'r')).toBe(known)
    expect(attendees).not.toHaveBeenCalled()
  })
})

describe('an appended entry', () => {
  const rate = { perSecond: 1, burst: 1 }

  it('has no fields without a value', async () => {
    const draft = { author: { user: 'ana', name: 'Ana' }, body: { text: 'x' } }
    await append(app.messages, app.clock, 'r', draft, { admit: async () => undefined })
    const [entry] = await app.messages.read('r', 1, 1)
    expect(Object.keys(entry ?? {}).sort()).toEqual(['body', 'digest', 'from', 'sentAt', 'seq'])
  })

  it('counts against the rate of its author, but a removal does not', async () => {
    const authors = new RateLimiter(rate, app.clock)
    const rateLimits = { rates: { room: { perSecond: 9, burst: 9 }, author: { perSecond: 9, burst: 9 } }, authors }
    const draft = { author: { user: 'ana', name: 'Ana' }, body: { text: 'x' } }
    await append(app.messages, app.clock, 'r', draft, { admit: async () => undefined, limits: rateLimits })
    const by = { user: 'root', name: 'Root' }
    await appendRemoval(app.messages, app.clock, 'r', { by, removes: [1] }, rateLimits)
    expect([authors.waitMs('ana'), authors.waitMs('root')]).toEqual([1000, 0])
  })
})
