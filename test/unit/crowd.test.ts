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

/** So many users, each on two connections. */
const roster = (users: number): RosterMember[] =>
  Array.from({ length: users * 2 }, (_, at) => ({ connectionId: `c${at}`, user: `user ${Math.floor(at / 2)}` }))

/** So many connections, each of a user of its own. */
const people = (connections: number): RosterMember[] =>
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

async function enter(attendee: RosterMember): Promise<void> {
  const { connectionId, user } = attendee
  await store.open({ connectionId, user, name: user, groups: [], connectedAt: 1, expiresAt: clock.now() / 1000 + 7200 })
  await store.join(sessionOf(attendee), 100)
}

const look = async (users: number) => noteIfChanged(store, clock, roomId, roster(users), await store.crowd(roomId))

describe('a room', () => {
  it('is crowded above 75 participants, not at 75', async () => {
    expect((await look(maxAnnounced)).crowded).toBe(false)
    expect((await look(maxAnnounced + 1)).crowded).toBe(true)
  })

  it('that was crowded stays so until it has fewer than 60', async () => {
    for (const users of [76, 75, 61, calmBelow]) {
      if (users < 76) expect(counted(roster(users), undefined, 0).crowded).toBe(false)
      expect((await look(users)).crowded).toBe(true)
    }
    expect((await look(calmBelow - 1)).crowded).toBe(false)
    expect((await look(maxAnnounced)).crowded).toBe(false)
  })

  it('is large above 500 connections, not at 500, and crowded then whoever they are', () => {
    expect(counted(people(inlineLimit), undefined, 0).large).toBe(false)
    expect(counted(people(inlineLimit + 1), undefined, 0).large).toBe(true)
    const twenty = people(inlineLimit + 1).map((each, at) => ({ ...each, user: `user ${at % 20}` }))
    expect(counted(twenty, undefined, 0)).toMatchObject({ participants: 20, crowded: true, large: true })
  })

  it('that was large stays so until it has fewer than 400', () => {
    let known: Crowd | undefined
    const sizes = [501, 499, 400, 399, 499].map((size) => {
      known = counted(people(size), known, 0)
      return known.large
    })
    expect(sizes).toEqual([true, true, true, false, false])
  })

  it('that changes nothing of note costs no write', async () => {
    const noted = jest.spyOn(store, 'noteCrowd')
    for (const users of [1, 20, 60, 75]) await look(users)
    expect(noted).not.toHaveBeenCalled()
  })

  it('is noted as crowded once, not with every arrival, and once as calm', async () => {
    const noted = jest.spyOn(store, 'noteCrowd')
    for (const users of [76, 77, 78, 200, 60]) await look(users)
    expect(noted).toHaveBeenCalledTimes(1)
    for (const users of [59, 58, 20]) await look(users)
    expect(noted).toHaveBeenCalledTimes(2)
  })

  it('is judged by what was seen, also by those whose note came too late', async () => {
    const known = await store.crowd(roomId)
    await look(76)
    expect(await noteIfChanged(store, clock, roomId, roster(80), known)).toMatchObject({
      participants: 80,
      crowded: true,
    })
    expect(await store.crowd(roomId)).toMatchObject({ participants: 76 })
  })
})

describe('a census', () => {
  it('counts connections and participants, and notes them with the time', async () => {
    for (const attendee of roster(3)) await enter(attendee)
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

  it('is taken by one of many who find the count old; the others use what they have', async () => {
    for (const attendee of people(7)) await enter(attendee)
    const known = counted(people(600), undefined, clock.now())
    await store.noteCrowd(roomId, known)
    clock.time += 10_001
    const read = jest.spyOn(store, 'attendees')
    const seen = await Promise.all(Array.from({ length: 50 }, () => currentCrowd(store, clock, roomId, known)))
    expect(read).toHaveBeenCalledTimes(1)
    expect(seen.filter((crowd) => crowd?.connections === 7)).toHaveLength(1)
    expect(seen.filter((crowd) => crowd === known)).toHaveLength(49)
    expect(await store.crowd(roomId)).toMatchObject({ connections: 7, large: false })
  })

  it('is taken by one of many who know of no count at all', async () => {
    for (const attendee of people(7)) await enter(attendee)
    const read = jest.spyOn(store, 'attendees')
    await Promise.all(Array.from({ length: 50 }, () => recount(store, clock, roomId)))
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('is not taken of a room that is small, nor while the count is young', async () => {
    const read = jest.spyOn(store, 'attendees')
    const small = counted(people(100), undefined, 0)
    const young = counted(people(600), undefined, clock.now() - 10_000)
    expect(await currentCrowd(store, clock, roomId, small)).toBe(small)
    expect(await currentCrowd(store, clock, roomId, young)).toBe(young)
    expect(await currentCrowd(store, clock, roomId)).toBeUndefined()
    expect(read).not.toHaveBeenCalled()
  })

  it('that was cut off after its claim is taken again when the claim is old', async () => {
    for (const attendee of people(7)) await enter(attendee)
    const known = counted(people(600), undefined, clock.now())
    await store.noteCrowd(roomId, known)
    clock.time += 10_001
    jest.spyOn(store, 'attendees').mockRejectedValueOnce(new Error('cut off'))
    await expect(currentCrowd(store, clock, roomId, known)).rejects.toThrow('cut off')
    expect(await currentCrowd(store, clock, roomId, await store.crowd(roomId))).toMatchObject({ connections: 600 })
    clock.time += 10_001
    expect(await currentCrowd(store, clock, roomId, await store.crowd(roomId))).toMatchObject({ connections: 7 })
  })

  it('claims with a time of its own, although no time has passed', async () => {
    const known = counted(people(600), undefined, clock.now())
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

  it('are one where one is enough', () => {
    expect(partsOf(counted(people(partSize), undefined, 0))).toEqual([{}])
    expect(partsOf(counted([], undefined, 0))).toEqual([{}])
  })

  it('are of about equal size, of 500 sessions as long as twenty suffice', () => {
    expect(sizesOf(people(partSize + 1)).sort()).toEqual([250, 251])
    expect(sizesOf(people(10_000))).toEqual(Array(maxParts).fill(500))
    expect(sizesOf(people(20_000))).toEqual(Array(maxParts).fill(1000))
  })

  it('have everyone exactly once, whoever comes, goes and counts in between', async () => {
    const id = fc.stringMatching(/^[A-Za-z0-9+/_-]{3,12}=$/)
    const step = fc.oneof(
      fc.record({ kind: fc.constant('join'), ids: fc.array(id, { minLength: 1, maxLength: 900 }) }),
      fc.record({ kind: fc.constant('leave'), ids: fc.array(fc.nat(), { maxLength: 300 }) }),
      fc.record({ kind: fc.constant('census'), ids: fc.constant([]) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        store = new MemorySessions(clock)
        for (const { kind, ids } of steps) {
          const here = await store.attendees(roomId)
          for (const each of ids) {
            if (kind === 'join') await enter({ connectionId: String(each), user: String(each) })
            else await store.end(roomId, here[Number(each) % (here.length || 1)]?.connectionId ?? '')
          }
          if (kind === 'census') await recount(store, clock, roomId, await store.crowd(roomId))
        }
        const parts = partsOf((await store.crowd(roomId)) ?? { bounds: [] })
        const covered = await Promise.all(parts.map((part) => store.part(roomId, part)))
        const idsOf = (sessions: readonly RosterMember[]) => sessions.map(({ connectionId }) => connectionId).sort()
        expect(idsOf(covered.flat())).toEqual(idsOf(await store.roster(roomId)))
        expect(parts.length).toBeLessThanOrEqual(maxParts)
      }),
      { numRuns: 30 },
    )
  })
})
