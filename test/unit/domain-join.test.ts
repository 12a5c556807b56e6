import { RateLimiter } from '../../lambdas/domain/budget/limiter.ts'
import { append } from '../../lambdas/domain/log/append.ts'
import { appendRemoval } from '../../lambdas/domain/log/removals.ts'
import { recount } from '../../lambdas/domain/sessions/crowd.ts'
import { join } from '../../lambdas/domain/sessions/join.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { connect, furnish, person, seat } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

const ana = person('ana')
let app: MemoryApp

beforeEach(async () => {
  app = memoryApp()
  await furnish(app, 'r', {}, { 'user:ana': ['member'] })
  await connect(app, ana, 'a')
})

const place = () => ({ roomId: 'r', connectionId: 'a', joinedAt: app.clock.now(), expiresAt: 2_000_000_000 })
const enter = (read: () => Promise<unknown> = async () => 'view') => join(app, ana, place(), 100, read)

describe('a join', () => {
  it('stands in the record with the name that was shown', async () => {
    await enter()
    const lines = await app.records.read('r', { from: 0, to: 1e15 }, '', 9)
    expect(lines.map(({ at, event, by, details }) => ({ at, event, by, details }))).toEqual([
      { at: app.clock.now(), event: 'joined', by: 'ana', details: { name: 'ANA' } },
    ])
  })

  it('reads rights twice, and the first time they may lag', async () => {
    const held = jest.spyOn(app.roles, 'held')
    await enter()
    expect(held.mock.calls.map(([, , mayLag]) => mayLag ?? false)).toEqual([true, false])
  })

  it('whom old news would refuse is read again, and not more often than that', async () => {
    const held = app.roles.held.bind(app.roles)
    jest
      .spyOn(app.roles, 'held')
      .mockImplementation(async (roomId, principals, mayLag) =>
        mayLag ? { room: undefined, roles: [] } : held(roomId, principals),
      )
    expect((await enter()).session).toMatchObject({ canChat: true })
  })

  it('that finds its session gone is told to come again in a moment', async () => {
    jest.spyOn(app.sessions, 'confirm').mockResolvedValue(false)
    jest.spyOn(app.sessions, 'find').mockResolvedValue(undefined)
    expect(await refusal(enter())).toMatchObject({ code: 'unavailable', retryAfterMs: 100 })
  })

  it('of a connection that is in the room already gives no voice and tells nobody', async () => {
    await enter()
    const confirm = jest.spyOn(app.sessions, 'confirm')
    expect(await enter()).toMatchObject({ arrived: false, session: { confirmed: true } })
    expect(confirm).not.toHaveBeenCalled()
  })

  it('that fails takes back the session that it began, and leaves one that stood', async () => {
    const failing = () => Promise.reject(new Error('no log'))
    await expect(enter(failing)).rejects.toThrow('no log')
    expect(await app.sessions.find('r', 'a')).toBeUndefined()
    await enter()
    await expect(enter(failing)).rejects.toThrow('no log')
    expect(await app.sessions.find('r', 'a')).toMatchObject({ confirmed: true })
  })
})

describe('a census', () => {
  it('of a room of which nothing is known begins with nobody', async () => {
    await seat(app, 'r', ana, 'a')
    const note = jest.spyOn(app.sessions, 'noteCrowd')
    expect(await recount(app.sessions, app.clock, 'r')).toMatchObject({ connections: 1, participants: 1 })
    expect(note.mock.calls[0]).toEqual([
      'r',
      { connections: 0, participants: 0, crowded: false, large: false, bounds: [], countedAt: app.clock.now() },
      undefined,
    ])
  })

  it('that another makes is left to them', async () => {
    const known = { connections: 9, participants: 9, crowded: true, large: true, bounds: [], countedAt: 1 }
    jest.spyOn(app.sessions, 'noteCrowd').mockResolvedValue(false)
    const attendees = jest.spyOn(app.sessions, 'attendees')
    expect(await recount(app.sessions, app.clock, 'r', known)).toBe(known)
    jest.spyOn(app.sessions, 'crowd').mockResolvedValue(known)
    expect(await recount(app.sessions, app.clock, 'r')).toBe(known)
    expect(attendees).not.toHaveBeenCalled()
  })
})

describe('what is appended', () => {
  const rate = { perSecond: 1, burst: 1 }

  it('has no fields that nothing was given for', async () => {
    const draft = { author: { user: 'ana', name: 'Ana' }, body: { text: 'x' } }
    await append(app.messages, app.clock, 'r', draft, { admit: async () => undefined })
    const [entry] = await app.messages.read('r', 1, 1)
    expect(Object.keys(entry ?? {}).sort()).toEqual(['body', 'digest', 'from', 'sentAt', 'seq'])
  })

  it('uses up what its author may say, and a removal nothing', async () => {
    const authors = new RateLimiter(rate, app.clock)
    const allowance = { rates: { room: { perSecond: 9, burst: 9 }, author: { perSecond: 9, burst: 9 } }, authors }
    const draft = { author: { user: 'ana', name: 'Ana' }, body: { text: 'x' } }
    await append(app.messages, app.clock, 'r', draft, { admit: async () => undefined, limits: allowance })
    const by = { user: 'root', name: 'Root' }
    await appendRemoval(app.messages, app.clock, 'r', { by, removes: [1] }, allowance)
    expect([authors.waitMs('ana'), authors.waitMs('root')]).toEqual([1000, 0])
  })
})
