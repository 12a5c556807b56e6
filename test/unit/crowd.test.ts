import * as fc from 'fast-check'
import {
  type Attendee,
  type Crowd,
  calmBelow,
  census,
  counted,
  inlineLimit,
  mostAnnounced,
  mostParts,
  observed,
  partSize,
  partsOf,
  recent,
} from '../../lambdas/domain/sessions/crowd.ts'
import type { Session } from '../../lambdas/domain/sessions/sessions.ts'
import { FakePace } from '../support/memory/clock.ts'
import { MemorySessions } from '../support/memory/sessions.ts'

const roomId = 'room'

let pace: FakePace
let store: MemorySessions

beforeEach(() => {
  pace = new FakePace()
  store = new MemorySessions(pace)
})

afterEach(() => {
  jest.restoreAllMocks()
})

/** So many users, each on two connections. */
const roster = (users: number): Attendee[] =>
  Array.from({ length: users * 2 }, (_, at) => ({ connectionId: `c${at}`, user: `user ${Math.floor(at / 2)}` }))

/** So many connections, each of a user of its own. */
const people = (connections: number): Attendee[] =>
  Array.from({ length: connections }, (_, at) => ({ connectionId: `c${at}`, user: `user ${at}` }))

const sessionOf = ({ connectionId, user }: Attendee): Session => ({
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
  expiresAt: pace.now() / 1000 + 7200,
})

async function enter(attendee: Attendee): Promise<void> {
  const { connectionId, user } = attendee
  await store.open({ connectionId, user, name: user, groups: [], connectedAt: 1, expiresAt: pace.now() / 1000 + 7200 })
  await store.join(sessionOf(attendee), 100)
}

const look = async (users: number) => observed(store, pace, roomId, roster(users), await store.crowd(roomId))

describe('a room', () => {
  it('is crowded above 75 participants, not at 75', async () => {
    expect((await look(mostAnnounced)).crowded).toBe(false)
    expect((await look(mostAnnounced + 1)).crowded).toBe(true)
  })

  it('that was crowded stays so until it has fewer than 60', async () => {
    for (const users of [76, 75, 61, calmBelow]) {
      if (users < 76) expect(counted(roster(users), undefined, 0).crowded).toBe(false)
      expect((await look(users)).crowded).toBe(true)
    }
    expect((await look(calmBelow - 1)).crowded).toBe(false)
    expect((await look(mostAnnounced)).crowded).toBe(false)
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
    expect(await observed(store, pace, roomId, roster(80), known)).toMatchObject({ participants: 80, crowded: true })
    expect(await store.crowd(roomId)).toMatchObject({ participants: 76 })
  })
})

describe('a census', () => {
  it('counts connections and participants, and notes them with the time', async () => {
    for (const attendee of roster(3)) await enter(attendee)
    const crowd = await census(store, pace, roomId)
    expect(crowd).toEqual({
      connections: 6,
      participants: 3,
      crowded: false,
      large: false,
      bounds: [],
      countedAt: pace.now(),
    })
    expect(await store.crowd(roomId)).toEqual(crowd)
  })

  it('is taken by one of many who find the count old; the others use what they have', async () => {
    for (const attendee of people(7)) await enter(attendee)
    const known = counted(people(600), undefined, pace.now())
    await store.noteCrowd(roomId, known)
    pace.time += 10_001
    const read = jest.spyOn(store, 'attendees')
    const seen = await Promise.all(Array.from({ length: 50 }, () => recent(store, pace, roomId, known)))
    expect(read).toHaveBeenCalledTimes(1)
    expect(seen.filter((crowd) => crowd?.connections === 7)).toHaveLength(1)
    expect(seen.filter((crowd) => crowd === known)).toHaveLength(49)
    expect(await store.crowd(roomId)).toMatchObject({ connections: 7, large: false })
  })

  it('is taken by one of many who know of no count at all', async () => {
    for (const attendee of people(7)) await enter(attendee)
    const read = jest.spyOn(store, 'attendees')
    await Promise.all(Array.from({ length: 50 }, () => census(store, pace, roomId)))
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('is not taken of a room that is small, nor while the count is young', async () => {
    const read = jest.spyOn(store, 'attendees')
    const small = counted(people(100), undefined, 0)
    const young = counted(people(600), undefined, pace.now() - 10_000)
    expect(await recent(store, pace, roomId, small)).toBe(small)
    expect(await recent(store, pace, roomId, young)).toBe(young)
    expect(await recent(store, pace, roomId)).toBeUndefined()
    expect(read).not.toHaveBeenCalled()
  })

  it('that was cut off after its claim is taken again when the claim is old', async () => {
    for (const attendee of people(7)) await enter(attendee)
    const known = counted(people(600), undefined, pace.now())
    await store.noteCrowd(roomId, known)
    pace.time += 10_001
    jest.spyOn(store, 'attendees').mockRejectedValueOnce(new Error('cut off'))
    await expect(recent(store, pace, roomId, known)).rejects.toThrow('cut off')
    expect(await recent(store, pace, roomId, await store.crowd(roomId))).toMatchObject({ connections: 600 })
    pace.time += 10_001
    expect(await recent(store, pace, roomId, await store.crowd(roomId))).toMatchObject({ connections: 7 })
  })

  it('claims with a time of its own, although no time has passed', async () => {
    const known = counted(people(600), undefined, pace.now())
    await store.noteCrowd(roomId, known)
    const read = jest.spyOn(store, 'attendees')
    await Promise.all([census(store, pace, roomId, known), census(store, pace, roomId, known)])
    expect(read).toHaveBeenCalledTimes(1)
  })
})

describe('the parts of a roster', () => {
  const sizesOf = (everyone: readonly Attendee[]) => {
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
    expect(sizesOf(people(10_000))).toEqual(Array(mostParts).fill(500))
    expect(sizesOf(people(20_000))).toEqual(Array(mostParts).fill(1000))
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
        store = new MemorySessions(pace)
        for (const { kind, ids } of steps) {
          const here = await store.attendees(roomId)
          for (const each of ids) {
            if (kind === 'join') await enter({ connectionId: String(each), user: String(each) })
            else await store.end(roomId, here[Number(each) % (here.length || 1)]?.connectionId ?? '')
          }
          if (kind === 'census') await census(store, pace, roomId, await store.crowd(roomId))
        }
        const parts = partsOf((await store.crowd(roomId)) ?? { bounds: [] })
        const covered = await Promise.all(parts.map((part) => store.part(roomId, part)))
        const idsOf = (sessions: readonly Attendee[]) => sessions.map(({ connectionId }) => connectionId).sort()
        expect(idsOf(covered.flat())).toEqual(idsOf(await store.roster(roomId)))
        expect(parts.length).toBeLessThanOrEqual(mostParts)
      }),
      { numRuns: 30 },
    )
  })
})
