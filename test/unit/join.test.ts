import type { Caller } from '../../lambdas/domain/access/principals.ts'
import type { Role } from '../../lambdas/domain/access/roles.ts'
import type { Crowd } from '../../lambdas/domain/sessions/crowd.ts'
import { join } from '../../lambdas/domain/sessions/join.ts'
import { requireSender } from '../../lambdas/domain/sessions/sessions.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { connect, furnish, person, seat } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp
const ana = person('ana')
const ben = person('ben')

beforeEach(async () => {
  app = memoryApp()
  await furnish(app, 'r', {}, { 'user:ana': ['member'], 'user:ben': ['member'] })
  await connect(app, ana, 'a1')
})

afterEach(() => {
  jest.restoreAllMocks()
})

type More = { joinedAt?: number; mostRooms?: number; roomId?: string; read?: () => Promise<unknown> }

function enter(caller: Caller, connectionId: string, more: More = {}) {
  const { joinedAt = app.clock.time++, mostRooms = 100, roomId = 'r', read = async () => 'view' } = more
  const place = { roomId, connectionId, joinedAt, expiresAt: Math.ceil(app.clock.now() / 1000) + 7200 }
  return join(app, caller, place, mostRooms, read)
}

/** Does something right after the roles of a room were read, so often. */
function afterReadings(change: (reading: number) => Promise<unknown>): void {
  const held = app.roles.held.bind(app.roles)
  let reading = 0
  jest.spyOn(app.roles, 'held').mockImplementation(async (roomId, principals) => {
    const found = await held(roomId, principals)
    await change(++reading)
    return found
  })
}

const grant = (role: Role, user = 'ana') =>
  app.roles.put('r', { role, principal: `user:${user}`, createdAt: 1, createdBy: '' })
const revoke = (role: Role) => app.roles.revoke('r', role, ['user:ana'])

it('lets a member in with the rights that they hold', async () => {
  grant('manager')
  const joined = await enter(ana, 'a1')
  expect(joined.session).toMatchObject({ user: 'ana', name: 'ANA', canChat: true, isManager: true, isPresenter: false })
  expect(joined.roster).toEqual([joined.session])
  expect(joined.view).toBe('view')
  expect(await app.sessions.find('r', 'a1')).toEqual(joined.session)
  expect(await app.sessions.roomsOf('a1')).toEqual(['r'])
})

it('reads the log only after the session stands', async () => {
  const seen = await enter(ana, 'a1', { read: () => app.sessions.find('r', 'a1') })
  expect(seen.view).toMatchObject({ connectionId: 'a1' })
})

describe('who is refused', () => {
  it.each<[string, Caller, string]>([
    ['a stranger', person('cem'), 'forbidden'],
    ['an administrator who is not a member', person('cem', { admin: true }), 'forbidden'],
    ['the manager who is not a member', person('maker'), 'forbidden'],
  ])('is %s, and leaves no session', async (_, caller, code) => {
    await connect(app, caller, 'c1')
    expect((await refusal(enter(caller, 'c1'))).code).toBe(code)
    expect(await app.sessions.roster('r')).toEqual([])
    expect(await app.sessions.roomsOf('c1')).toEqual([])
  })

  it('is anyone on a closed connection', async () => {
    await app.sessions.close('a1')
    expect((await refusal(enter(ana, 'a1'))).code).toBe('not_joined')
    expect(await app.sessions.roster('r')).toEqual([])
  })

  it('is whoever is in a hundred rooms already, until they leave one', async () => {
    for (let nr = 1; nr <= 100; nr++) {
      await furnish(app, `r${nr}`, {}, { 'user:ana': ['member'] })
      await enter(ana, 'a1', { roomId: `r${nr}` })
    }
    expect((await refusal(enter(ana, 'a1'))).code).toBe('limit_exceeded')
    expect(await app.sessions.roster('r')).toEqual([])
    expect((await enter(ana, 'a1', { roomId: 'r7' })).arrived).toBe(false)
    await app.sessions.end('r7', 'a1')
    expect((await enter(ana, 'a1')).arrived).toBe(true)
  })

  it('is whoever cannot be shown the log, and then leaves no session', async () => {
    const read = () => Promise.reject(new Error('unreadable'))
    await expect(enter(ana, 'a1', { read })).rejects.toThrow('unreadable')
    expect(await app.sessions.roster('r')).toEqual([])
  })
})

describe('a change of rights while someone joins', () => {
  it('that takes membership away refuses them and leaves no session', async () => {
    afterReadings(async (reading) => reading === 1 && revoke('member'))
    expect((await refusal(enter(ana, 'a1'))).code).toBe('forbidden')
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
    expect(await app.sessions.roomsOf('a1')).toEqual([])
  })

  it('that disables the room refuses them and leaves no session', async () => {
    afterReadings(async (reading) => reading === 1 && app.rooms.alter('r', { disabled: true }))
    expect((await refusal(enter(ana, 'a1'))).code).toBe('room_disabled')
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
  })

  it('leaves the newest rights in the session and in the answer', async () => {
    afterReadings(async (reading) => reading === 1 && grant('manager'))
    const { session, standing } = await enter(ana, 'a1')
    expect(session.isManager).toBe(true)
    expect(standing.roles).toEqual(['member', 'manager'])
    expect((await app.sessions.find('r', 'a1'))?.isManager).toBe(true)
  })

  it('that is decided elsewhere before the session gets its voice is not overruled', async () => {
    afterReadings(async (reading) => {
      const standing = reading === 2 && (await app.sessions.find('r', 'a1'))
      if (standing) await app.sessions.update({ ...standing, isManager: true })
    })
    const { session } = await enter(ana, 'a1')
    expect(session).toMatchObject({ isManager: true, canChat: false, confirmed: true })
    expect(await app.sessions.find('r', 'a1')).toEqual(session)
  })

  it('that ends the session before it gets its voice refuses the join', async () => {
    afterReadings(async (reading) => reading === 2 && app.sessions.end('r', 'a1'))
    expect((await refusal(enter(ana, 'a1'))).code).toBe('unavailable')
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
  })

  it('that takes the right away and the session with it says which right is missing', async () => {
    afterReadings(async (reading) => {
      if (reading !== 2) return
      await app.sessions.end('r', 'a1')
      await revoke('member')
    })
    expect((await refusal(enter(ana, 'a1'))).code).toBe('forbidden')
  })

  it('lets nothing be said before the rights were read again, and asks for joining until then', async () => {
    const reasons: string[] = []
    afterReadings(async (reading) => {
      if (reading === 2) reasons.push((await refusal(requireSender(app.sessions, 'r', 'a1'))).code)
    })
    await enter(ana, 'a1')
    expect(reasons).toEqual(['not_joined'])
    expect((await requireSender(app.sessions, 'r', 'a1')).canChat).toBe(true)
  })

  it('finds a session without a voice until the rights were read again', async () => {
    const voices: unknown[] = []
    afterReadings(async () => voices.push((await app.sessions.find('r', 'a1'))?.canChat))
    expect((await enter(ana, 'a1')).session.canChat).toBe(true)
    expect(voices).toEqual([undefined, false])
  })
})

describe('joining again on the same connection', () => {
  it('answers the same way and is no arrival', async () => {
    const first = await enter(ana, 'a1')
    const again = await enter(ana, 'a1')
    expect(again.arrived).toBe(false)
    expect(again.standing).toEqual(first.standing)
    expect(await app.sessions.roster('r')).toEqual([first.session])
  })

  it('leaves the rights to whoever changes grants', async () => {
    const { session } = await enter(ana, 'a1')
    await app.sessions.update({ ...session, isManager: true })
    expect((await enter(ana, 'a1')).session.isManager).toBe(true)
  })

  it('goes on where a join was cut off, and is the arrival that nobody was told of', async () => {
    const { session } = await enter(ana, 'a1')
    await app.sessions.end('r', 'a1')
    await app.sessions.join({ ...session, canChat: false, confirmed: false }, 100)
    const joined = await enter(ana, 'a1')
    expect(joined.arrived).toBe(true)
    expect(joined.session).toMatchObject({ canChat: true, confirmed: true })
  })
})

describe('an arrival', () => {
  it('is the first connection of a user, whoever else is there', async () => {
    await seat(app, 'r', ben, 'b1')
    expect((await enter(ana, 'a1')).arrived).toBe(true)
  })

  it('is no second connection of a user', async () => {
    await enter(ana, 'a1')
    await connect(app, ana, 'a2')
    expect((await enter(ana, 'a2')).arrived).toBe(false)
  })

  it('is a user who comes back', async () => {
    await enter(ana, 'a1')
    await app.sessions.end('r', 'a1')
    await connect(app, ana, 'a2')
    expect((await enter(ana, 'a2')).arrived).toBe(true)
  })

  it('is exactly one of two connections that join at once', async () => {
    await connect(app, ana, 'a2')
    const joinedAt = app.clock.now()
    const both = await Promise.all([enter(ana, 'a1', { joinedAt }), enter(ana, 'a2', { joinedAt })])
    expect(both.filter((joined) => joined.arrived)).toHaveLength(1)
  })

  it('is one of two connections at least, also when the clock of the later one is behind', async () => {
    await connect(app, ana, 'a2')
    const now = app.clock.now()
    const first = await enter(ana, 'a1', { joinedAt: now })
    const second = await enter(ana, 'a2', { joinedAt: now - 50 })
    expect([first, second].some((joined) => joined.arrived)).toBe(true)
  })
})

describe('a first reading of rights that lags', () => {
  /** What such a reading finds of the roles that ana has. */
  function lagging(roles: Role[]): void {
    const held = app.roles.held.bind(app.roles)
    jest.spyOn(app.roles, 'held').mockImplementation(async (roomId, principals, mayLag = false) => {
      const now = await held(roomId, principals)
      return mayLag ? { ...now, roles } : now
    })
  }

  it('refuses nobody who was granted just before', async () => {
    lagging([])
    expect((await enter(ana, 'a1')).session.canChat).toBe(true)
    await connect(app, person('cem'), 'c1')
    expect((await refusal(enter(person('cem'), 'c1'))).code).toBe('forbidden')
  })

  it('lets nobody in who was revoked just before', async () => {
    await revoke('member')
    lagging(['member'])
    expect((await refusal(enter(ana, 'a1'))).code).toBe('forbidden')
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
  })
})

describe('a large room', () => {
  const large: Crowd = {
    connections: 9000,
    participants: 8000,
    crowded: true,
    large: true,
    bounds: [],
    countedAt: 1_700_000_000_000,
  }

  it('is joined without a look at those who are there', async () => {
    await app.sessions.noteCrowd('r', large)
    await seat(app, 'r', ben, 'b1')
    const looked = jest.spyOn(app.sessions, 'roster')
    const counted = jest.spyOn(app.sessions, 'attendees')
    const joined = await enter(ana, 'a1')
    expect(joined).toMatchObject({ crowd: large, roster: [], arrived: false, view: 'view' })
    expect(joined.session).toMatchObject({ canChat: true, confirmed: true })
    expect(looked).not.toHaveBeenCalled()
    expect(counted).not.toHaveBeenCalled()
  })

  it('is counted once by two hundred who join together and find the count old, and looked at by none', async () => {
    for (let nr = 0; nr < 450; nr++) await seat(app, 'r', ben, `b${nr}`)
    await app.sessions.noteCrowd('r', large)
    app.clock.time += 10_001
    for (let nr = 0; nr < 200; nr++) await connect(app, ana, `n${nr}`)
    const looked = jest.spyOn(app.sessions, 'roster')
    const counted = jest.spyOn(app.sessions, 'attendees')
    const joins = Array.from({ length: 200 }, (_, nr) => enter(ana, `n${nr}`, { joinedAt: app.clock.now() }))
    expect((await Promise.all(joins)).filter(({ session }) => session.confirmed)).toHaveLength(200)
    expect(counted).toHaveBeenCalledTimes(1)
    expect(looked).not.toHaveBeenCalled()
  })

  it('that is none any more is an ordinary room for whoever counts it', async () => {
    await app.sessions.noteCrowd('r', large)
    app.clock.time += 10_001
    const joined = await enter(ana, 'a1')
    expect(joined.crowd).toMatchObject({ connections: 1, large: false, crowded: false })
    expect(joined.roster).toEqual([joined.session])
    expect(joined.arrived).toBe(true)
  })

  it('is one for the first who finds more than five hundred there', async () => {
    for (let nr = 0; nr < 500; nr++) await seat(app, 'r', ben, `b${nr}`)
    expect((await enter(ana, 'a1')).crowd).toMatchObject({ connections: 501, participants: 2, large: true })
    expect(await app.sessions.crowd('r')).toMatchObject({ connections: 501, large: true })
  })
})
