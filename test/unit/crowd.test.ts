import * as fc from 'fast-check'
import {
  type Crowd,
  calmBelow,
  counted,
  currentCrowd,
  inlineLimit,
  maxAnnounced,
  maxParts,
  noteIfChanged,
  partSize,
  partsOf,
  type RosterMember,
  recount,
} from '../../lambdas/domain/sessions/crowd.ts'
import type { Session } from '../../lambdas/domain/sessions/sessions.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { MemorySessions } from '../support/memory/sessions.ts'

const roomId = 'room'

let clock: FakeClock
let store: MemorySessions

beforeEach(() => {
  clock = new FakeClock()
  store = new MemorySessions(clock)
})

afterEach(() => {
  jest.restoreAllMocks()
})

/** A roster of this number of users, each with two connections. */
const roster = (users: number): RosterMember[] =>
  Array.from({ length: users * 2 }, (_, at) => ({ connectionId: `c${at}`, user: `user ${Math.floor(at / 2)}` }))

/** A roster of this number of connections, each of another user. */
const rosterOfConnections = (connections: number): RosterMember[] =>
  Array.from({ length: connections }, (_, at) => ({ connectionId: `c${at}`, user: `user ${at}` }))

const sessionOf = ({ connectionId, user }: RosterMember): Session => ({
  roomId,
  connectionId,
  user,
  name: user,
  canChat: true,
  isManager: false,
  isPresenter: false,
  logged: true,
  confirmed: true,
  joinedAt: 1,
  expiresAt: clock.now() / 1000 + 7200,
})

async function addSession(member: RosterMember): Promise<void> {
  const { connectionId, user } = member
  await store.open({ connectionId, user, name: user, groups: [], connectedAt: 1, expiresAt: clock.now() / 1000 + 7200 })
  await store.join(sessionOf(member), 100)
}

const readRoster = async (users: number) =>
  noteIfChanged(store, clock, roomId, roster(users), await store.crowd(roomId))

describe('a room', () => {
  it('is crowded with more than 75 participants', async () => {
    expect((await readRoster(maxAnnounced)).crowded).toBe(false)
    expect((await readRoster(maxAnnounced + 1)).crowded).toBe(true)
  })

  it('remains crowded until it has fewer than 60 participants', async () => {
    for (const users of [76, 75, 61, calmBelow]) {
      if (users < 76) expect(counted(roster(users), undefined, 0).crowded).toBe(false)
      expect((await readRoster(users)).crowded).toBe(true)
    }
    expect((await readRoster(calmBelow - 1)).crowded).toBe(false)
    expect((await readRoster(maxAnnounced)).crowded).toBe(false)
  })

  it('is large and crowded with more than 500 connections, even of few users', () => {
    expect(counted(rosterOfConnections(inlineLimit), undefined, 0).large).toBe(false)
    expect(counted(rosterOfConnections(inlineLimit + 1), undefined, 0).large).toBe(true)
    const twenty = rosterOfConnections(inlineLimit + 1).map((each, at) => ({ ...each, user: `user ${at % 20}` }))
    expect(counted(twenty, undefined, 0)).toMatchObject({ participants: 20, crowded: true, large: true })
  })

  it('remains large until it has fewer than 400 connections', () => {
    let known: Crowd | undefined
    const sizes = [501, 499, 400, 399, 499].map((size) => {
      known = counted(rosterOfConnections(size), known, 0)
      return known.large
    })
    expect(sizes).toEqual([true, true, true, false, false])
  })

  it('causes no write if its state does not change', async () => {
    const writes = jest.spyOn(store, 'noteCrowd')
    for (const users of [1, 20, 60, 75]) await readRoster(users)
    expect(writes).not.toHaveBeenCalled()
  })

  it('is stored once when it becomes crowded and once when it no longer is', async () => {
    const writes = jest.spyOn(store, 'noteCrowd')
    for (const users of [76, 77, 78, 200, 60]) await readRoster(users)
    expect(writes).toHaveBeenCalledTimes(1)
    for (const users of [59, 58, 20]) await readRoster(users)
    expect(writes).toHaveBeenCalledTimes(2)
  })

  it('is crowded for a caller that has read the roster, even if its write comes too late', async () => {
    const known = await store.crowd(roomId)
    await readRoster(76)
    expect(await noteIfChanged(store, clock, roomId, roster(80), known)).toMatchObject({
      participants: 80,
      crowded: true,
    })
    expect(await store.crowd(roomId)).toMatchObject({ participants: 76 })
  })
})

describe('a recount', () => {
  it('counts connections and participants, and stores them with the time', async () => {
    for (const member of roster(3)) await addSession(member)
    const crowd = await recount(store, clock, roomId)
    expect(crowd).toEqual({
      connections: 6,
      participants: 3,
      crowded: false,
      large: false,
      bounds: [],
      countedAt: clock.now(),
    })
    expect(await store.crowd(roomId)).toEqual(crowd)
  })

  it('is made by one of many callers with an old count, while the others use that count', async () => {
    for (const member of rosterOfConnections(7)) await addSession(member)
    const known = counted(rosterOfConnections(600), undefined, clock.now())
    await store.noteCrowd(roomId, known)
    clock.time += 10_001
    const read = jest.spyOn(store, 'attendees')
    const crowds = await Promise.all(Array.from({ length: 50 }, () => currentCrowd(store, clock, roomId, known)))
    expect(read).toHaveBeenCalledTimes(1)
    expect(crowds.filter((crowd) => crowd?.connections === 7)).toHaveLength(1)
    expect(crowds.filter((crowd) => crowd === known)).toHaveLength(49)
    expect(await store.crowd(roomId)).toMatchObject({ connections: 7, large: false })
  })

  it('is made by one of many callers without a count', async () => {
    for (const member of rosterOfConnections(7)) await addSession(member)
    const read = jest.spyOn(store, 'attendees')
    await Promise.all(Array.from({ length: 50 }, () => recount(store, clock, roomId)))
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('is not made for a small room or while the count is recent', async () => {
    const read = jest.spyOn(store, 'attendees')
    const small = counted(rosterOfConnections(100), undefined, 0)
    const recent = counted(rosterOfConnections(600), undefined, clock.now() - 10_000)
    expect(await currentCrowd(store, clock, roomId, small)).toBe(small)
    expect(await currentCrowd(store, clock, roomId, recent)).toBe(recent)
    expect(await currentCrowd(store, clock, roomId)).toBeUndefined()
    expect(read).not.toHaveBeenCalled()
  })

  it('that was interrupted after its claim is repeated when the claim is old', async () => {
    for (const member of rosterOfConnections(7)) await addSession(member)
    const known = counted(rosterOfConnections(600), undefined, clock.now())
    await store.noteCrowd(roomId, known)
    clock.time += 10_001
    jest.spyOn(store, 'attendees').mockRejectedValueOnce(new Error('interrupted'))
    await expect(currentCrowd(store, clock, roomId, known)).rejects.toThrow('interrupted')
    expect(await currentCrowd(store, clock, roomId, await store.crowd(roomId))).toMatchObject({ connections: 600 })
    clock.time += 10_001
    expect(await currentCrowd(store, clock, roomId, await store.crowd(roomId))).toMatchObject({ connections: 7 })
  })

  it('makes a claim with a later time even if the clock has not advanced', async () => {
    const known = counted(rosterOfConnections(600), undefined, clock.now())
    await store.noteCrowd(roomId, known)
    const read = jest.spyOn(store, 'attendees')
    await Promise.all([recount(store, clock, roomId, known), recount(store, clock, roomId, known)])
    expect(read).toHaveBeenCalledTimes(1)
  })
})

describe('the parts of a roster', () => {
  const sizesOf = (everyone: readonly RosterMember[]) => {
    const ids = everyone.map(({ connectionId }) => connectionId)
    return partsOf(counted(everyone, undefined, 0)).map(
      ({ from = '', below }) => ids.filter((id) => id >= from && (below === undefined || id < below)).length,
    )
  }

  it('are a single one if it is enough', () => {
    expect(partsOf(counted(rosterOfConnections(partSize), undefined, 0))).toEqual([{}])
    expect(partsOf(counted([], undefined, 0))).toEqual([{}])
  })

  it('have about equal size, and at most 500 sessions unless there are more than twenty parts', () => {
    expect(sizesOf(rosterOfConnections(partSize + 1)).sort()).toEqual([250, 251])
    expect(sizesOf(rosterOfConnections(10_000))).toEqual(Array(maxParts).fill(500))
    expect(sizesOf(rosterOfConnections(20_000))).toEqual(Array(maxParts).fill(1000))
  })

  it('contain every session exactly once after any joins, leaves and recounts', async () => {
    const id = fc.stringMatching(/^[A-Za-z0-9+/_-]{3,12}=$/)
    const step = fc.oneof(
      fc.record({ kind: fc.constant('join'), ids: fc.array(id, { minLength: 1, maxLength: 900 }) }),
      fc.record({ kind: fc.constant('leave'), ids: fc.array(fc.nat(), { maxLength: 300 }) }),
      fc.record({ kind: fc.constant('recount'), ids: fc.constant([]) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        store = new MemorySessions(clock)
        for (const { kind, ids } of steps) {
          const roster = await store.attendees(roomId)
          for (const each of ids) {
            if (kind === 'join') await addSession({ connectionId: String(each), user: String(each) })
            else await store.end(roomId, roster[Number(each) % (roster.length || 1)]?.connectionId ?? '')
          }
          if (kind === 'recount') await recount(store, clock, roomId, await store.crowd(roomId))
        }
        const parts = partsOf((await store.crowd(roomId)) ?? { bounds: [] })
        const members = await Promise.all(parts.map((part) => store.part(roomId, part)))
        const idsOf = (sessions: readonly RosterMember[]) => sessions.map(({ connectionId }) => connectionId).sort()
        expect(idsOf(members.flat())).toEqual(idsOf(await store.roster(roomId)))
        expect(parts.length).toBeLessThanOrEqual(maxParts)
      }),
      { numRuns: 30 },
    )
  })
})
