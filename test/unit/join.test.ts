import type { Caller } from '../../lambdas/domain/access/principals.ts'
import type { Role } from '../../lambdas/domain/access/roles.ts'
import type { Crowd } from '../../lambdas/domain/sessions/crowd.ts'
import { join } from '../../lambdas/domain/sessions/join.ts'
import { requireSender } from '../../lambdas/domain/sessions/sessions.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, connect, person } from '../support/memory/fixtures.ts'
import { refusal } from '../support/refusals.ts'

let app: MemoryApp
const ana = person('ana')
const ben = person('ben')

beforeEach(async () => {
  app = memoryApp()
  await addRoom(app, 'r', {}, { 'user:ana': ['member'], 'user:ben': ['member'] })
  await connect(app, ana, 'a1')
})

afterEach(() => {
  jest.restoreAllMocks()
})

type JoinOptions = { joinedAt?: number; mostRooms?: number; roomId?: string; read?: () => Promise<unknown> }

function joinRoom(caller: Caller, connectionId: string, more: JoinOptions = {}) {
  const { joinedAt = app.clock.time++, mostRooms = 100, roomId = 'r', read = async () => 'view' } = more
  const request = { roomId, connectionId, joinedAt, expiresAt: Math.ceil(app.clock.now() / 1000) + 7200 }
  return join(app, caller, request, mostRooms, read)
}

/** Runs a change after each read of the roles. */
function afterReads(change: (reads: number) => Promise<unknown>): void {
  const held = app.roles.held.bind(app.roles)
  let reads = 0
  jest.spyOn(app.roles, 'held').mockImplementation(async (roomId, principals) => {
    const found = await held(roomId, principals)
    await change(++reads)
    return found
  })
}

const grant = (role: Role, user = 'ana') =>
  app.roles.put('r', { role, principal: `user:${user}`, createdAt: 1, createdBy: '' })
const revoke = (role: Role) => app.roles.revoke('r', role, ['user:ana'])

it('a member joins with their present rights', async () => {
  grant('manager')
  const joined = await joinRoom(ana, 'a1')
  expect(joined.session).toMatchObject({ user: 'ana', name: 'ANA', canChat: true, isManager: true, isPresenter: false })
  expect(joined.roster).toEqual([joined.session])
  expect(joined.view).toBe('view')
  expect(await app.sessions.find('r', 'a1')).toEqual(joined.session)
  expect(await app.sessions.roomsOf('a1')).toEqual(['r'])
})

it('the log is read after the session is stored', async () => {
  const joined = await joinRoom(ana, 'a1', { read: () => app.sessions.find('r', 'a1') })
  expect(joined.view).toMatchObject({ connectionId: 'a1' })
})

describe('a refused join', () => {
  it.each<[string, Caller, string]>([
    ['a user without a role', person('cem'), 'forbidden'],
    ['an administrator who is not a member', person('cem', { admin: true }), 'forbidden'],
    ['the manager who is not a member', person('maker'), 'forbidden'],
  ])('of %s leaves no session', async (_, caller, code) => {
    await connect(app, caller, 'c1')
    expect((await refusal(joinRoom(caller, 'c1'))).code).toBe(code)
    expect(await app.sessions.roster('r')).toEqual([])
    expect(await app.sessions.roomsOf('c1')).toEqual([])
  })

  it('on a closed connection leaves no session', async () => {
    await app.sessions.close('a1')
    expect((await refusal(joinRoom(ana, 'a1'))).code).toBe('not_joined')
    expect(await app.sessions.roster('r')).toEqual([])
  })

  it('on a connection with a hundred rooms succeeds after one of them has ended', async () => {
    for (let nr = 1; nr <= 100; nr++) {
      await addRoom(app, `r${nr}`, {}, { 'user:ana': ['member'] })
      await joinRoom(ana, 'a1', { roomId: `r${nr}` })
    }
    expect((await refusal(joinRoom(ana, 'a1'))).code).toBe('limit_exceeded')
    expect(await app.sessions.roster('r')).toEqual([])
    expect((await joinRoom(ana, 'a1', { roomId: 'r7' })).arrived).toBe(false)
    await app.sessions.end('r7', 'a1')
    expect((await joinRoom(ana, 'a1')).arrived).toBe(true)
  })

  it('whose read of the log fails leaves no session', async () => {
    const read = () => Promise.reject(new Error('unreadable'))
    await expect(joinRoom(ana, 'a1', { read })).rejects.toThrow('unreadable')
    expect(await app.sessions.roster('r')).toEqual([])
  })
})

describe('a change of rights during a join', () => {
  it('refuses a user who loses the membership and leaves no session', async () => {
    afterReads(async (reads) => reads === 1 && revoke('member'))
    expect((await refusal(joinRoom(ana, 'a1'))).code).toBe('forbidden')
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
    expect(await app.sessions.roomsOf('a1')).toEqual([])
  })

  it('refuses the join of a room that is disabled and leaves no session', async () => {
    afterReads(async (reads) => reads === 1 && app.rooms.alter('r', { disabled: true }))
    expect((await refusal(joinRoom(ana, 'a1'))).code).toBe('room_disabled')
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
  })

  it('is included in the session and in the result', async () => {
    afterReads(async (reads) => reads === 1 && grant('manager'))
    const { session, standing } = await joinRoom(ana, 'a1')
    expect(session.isManager).toBe(true)
    expect(standing.roles).toEqual(['member', 'manager'])
    expect((await app.sessions.find('r', 'a1'))?.isManager).toBe(true)
  })

  it('by a review before the confirmation is not overwritten', async () => {
    afterReads(async (reads) => {
      const session = reads === 2 && (await app.sessions.find('r', 'a1'))
      if (session) await app.sessions.update({ ...session, isManager: true })
    })
    const { session } = await joinRoom(ana, 'a1')
    expect(session).toMatchObject({ isManager: true, canChat: false, confirmed: true })
    expect(await app.sessions.find('r', 'a1')).toEqual(session)
  })

  it('that ends the session before the confirmation fails the join as unavailable', async () => {
    afterReads(async (reads) => reads === 2 && app.sessions.end('r', 'a1'))
    expect((await refusal(joinRoom(ana, 'a1'))).code).toBe('unavailable')
    expect(await app.sessions.find('r', 'a1')).toBeUndefined()
  })

  it('that revokes the membership and ends the session is refused as forbidden', async () => {
    afterReads(async (reads) => {
      if (reads !== 2) return
      await app.sessions.end('r', 'a1')
      await revoke('member')
    })
    expect((await refusal(joinRoom(ana, 'a1'))).code).toBe('forbidden')
  })

  it('is read before the session can send; until then a send is refused', async () => {
    const reasons: string[] = []
    afterReads(async (reads) => {
      if (reads === 2) reasons.push((await refusal(requireSender(app.sessions, 'r', 'a1'))).code)
    })
    await joinRoom(ana, 'a1')
    expect(reasons).toEqual(['not_joined'])
    expect((await requireSender(app.sessions, 'r', 'a1')).canChat).toBe(true)
  })

  it('is read before the session gets the right to send', async () => {
    const rights: unknown[] = []
    afterReads(async () => rights.push((await app.sessions.find('r', 'a1'))?.canChat))
    expect((await joinRoom(ana, 'a1')).session.canChat).toBe(true)
    expect(rights).toEqual([undefined, false])
  })
})

describe('a second join on the same connection', () => {
  it('returns the same access and is not an arrival', async () => {
    const first = await joinRoom(ana, 'a1')
    const again = await joinRoom(ana, 'a1')
    expect(again.arrived).toBe(false)
    expect(again.standing).toEqual(first.standing)
    expect(await app.sessions.roster('r')).toEqual([first.session])
  })

  it('does not change the rights of the session', async () => {
    const { session } = await joinRoom(ana, 'a1')
    await app.sessions.update({ ...session, isManager: true })
    expect((await joinRoom(ana, 'a1')).session.isManager).toBe(true)
  })

  it('completes an interrupted join and counts as the arrival', async () => {
    const { session } = await joinRoom(ana, 'a1')
    await app.sessions.end('r', 'a1')
    await app.sessions.join({ ...session, canChat: false, confirmed: false }, 100)
    const joined = await joinRoom(ana, 'a1')
    expect(joined.arrived).toBe(true)
    expect(joined.session).toMatchObject({ canChat: true, confirmed: true })
  })
})

describe('an arrival', () => {
  it('is the first connection of a user', async () => {
    await addSession(app, 'r', ben, 'b1')
    expect((await joinRoom(ana, 'a1')).arrived).toBe(true)
  })

  it('is not the second connection of a user', async () => {
    await joinRoom(ana, 'a1')
    await connect(app, ana, 'a2')
    expect((await joinRoom(ana, 'a2')).arrived).toBe(false)
  })

  it('is a connection of a user who has left before', async () => {
    await joinRoom(ana, 'a1')
    await app.sessions.end('r', 'a1')
    await connect(app, ana, 'a2')
    expect((await joinRoom(ana, 'a2')).arrived).toBe(true)
  })

  it('is exactly one of two connections that join at the same time', async () => {
    await connect(app, ana, 'a2')
    const joinedAt = app.clock.now()
    const both = await Promise.all([joinRoom(ana, 'a1', { joinedAt }), joinRoom(ana, 'a2', { joinedAt })])
    expect(both.filter((joined) => joined.arrived)).toHaveLength(1)
  })

  it('is at least one of two connections even if the clock of the second is behind', async () => {
    await connect(app, ana, 'a2')
    const now = app.clock.now()
    const first = await joinRoom(ana, 'a1', { joinedAt: now })
    const second = await joinRoom(ana, 'a2', { joinedAt: now - 50 })
    expect([first, second].some((joined) => joined.arrived)).toBe(true)
  })
})

describe('an eventual read of grants', () => {
  /** Makes eventual reads return these roles. */
  function lagging(roles: Role[]): void {
    const held = app.roles.held.bind(app.roles)
    jest.spyOn(app.roles, 'held').mockImplementation(async (roomId, principals, mayLag = false) => {
      const now = await held(roomId, principals)
      return mayLag ? { ...now, roles } : now
    })
  }

  it('does not refuse a user with a new grant', async () => {
    lagging([])
    expect((await joinRoom(ana, 'a1')).session.canChat).toBe(true)
    await connect(app, person('cem'), 'c1')
    expect((await refusal(joinRoom(person('cem'), 'c1'))).code).toBe('forbidden')
  })

  it('does not admit a user whose grant was just revoked', async () => {
    await revoke('member')
    lagging(['member'])
    expect((await refusal(joinRoom(ana, 'a1'))).code).toBe('forbidden')
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

  it('is joined without a read of its roster', async () => {
    await app.sessions.noteCrowd('r', large)
    await addSession(app, 'r', ben, 'b1')
    const rosterReads = jest.spyOn(app.sessions, 'roster')
    const counted = jest.spyOn(app.sessions, 'attendees')
    const joined = await joinRoom(ana, 'a1')
    expect(joined).toMatchObject({ crowd: large, roster: [], arrived: false, view: 'view' })
    expect(joined.session).toMatchObject({ canChat: true, confirmed: true })
    expect(rosterReads).not.toHaveBeenCalled()
    expect(counted).not.toHaveBeenCalled()
  })

  it('with an old count is counted once during two hundred concurrent joins', async () => {
    for (let nr = 0; nr < 450; nr++) await addSession(app, 'r', ben, `b${nr}`)
    await app.sessions.noteCrowd('r', large)
    app.clock.time += 10_001
    for (let nr = 0; nr < 200; nr++) await connect(app, ana, `n${nr}`)
    const rosterReads = jest.spyOn(app.sessions, 'roster')
    const counted = jest.spyOn(app.sessions, 'attendees')
    const joins = Array.from({ length: 200 }, (_, nr) => joinRoom(ana, `n${nr}`, { joinedAt: app.clock.now() }))
    expect((await Promise.all(joins)).filter(({ session }) => session.confirmed)).toHaveLength(200)
    expect(counted).toHaveBeenCalledTimes(1)
    expect(rosterReads).not.toHaveBeenCalled()
  })

  it('is a small room again after a count of few connections', async () => {
    await app.sessions.noteCrowd('r', large)
    app.clock.time += 10_001
    const joined = await joinRoom(ana, 'a1')
    expect(joined.crowd).toMatchObject({ connections: 1, large: false, crowded: false })
    expect(joined.roster).toEqual([joined.session])
    expect(joined.arrived).toBe(true)
  })

  it('is detected by the first join that reads more than five hundred sessions', async () => {
    for (let nr = 0; nr < 500; nr++) await addSession(app, 'r', ben, `b${nr}`)
    expect((await joinRoom(ana, 'a1')).crowd).toMatchObject({ connections: 501, participants: 2, large: true })
    expect(await app.sessions.crowd('r')).toMatchObject({ connections: 501, large: true })
  })
})
