import { GuestRate, guestsPerMinute } from '../../lambdas/store/guest-rate.ts'
import { NamedGroups } from '../../lambdas/store/named-groups.ts'
import { type Database, database, dynamoStores, putCategory } from '../support/dynamodb/dynamodb.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { categoryOf, roomOf } from '../support/memory/fixtures.ts'
import { fresh } from './ports.ts'

let base: Database
beforeAll(async () => {
  base = await database()
})
afterAll(() => base.stop())

const grantTo = async (principal: string) => {
  const { roles, rooms } = dynamoStores(base.client(), base.tables)
  const roomId = fresh('room')
  await rooms.create(roomOf(roomId, { name: roomId }), undefined)
  await roles.grant(roomId, [{ role: 'member', principal, createdAt: 1, createdBy: 'ana' }])
  return roomId
}

describe('the named groups', () => {
  const store = (clock = new FakeClock()) => new NamedGroups(base.client(), clock, base.tables.rooms)

  it('are those of grants and of the three lists of categories, and no others', async () => {
    await grantTo('group:granted:twice')
    await grantTo('group:granted:twice')
    await grantTo('user:somebody')
    const category = categoryOf(fresh('category'), {
      allowed: ['everyone', 'group:allowed'],
      denied: ['group:denied'],
      creators: ['group:creators', 'user:creator'],
    })
    await putCategory(base.client(), base.tables, category)
    const asked = ['granted:twice', 'granted', 'somebody', 'allowed', 'denied', 'creators', 'creator', 'everyone', 'x']
    expect([...(await store().among(asked))]).toEqual(['granted:twice', 'allowed', 'denied', 'creators'])
  })

  it('are found among 500', async () => {
    await grantTo('group:needle')
    const asked = Array.from({ length: 500 }, (_, at) => `straw ${at}`).toSpliced(250, 0, 'needle')
    expect([...(await store().among(asked))]).toEqual(['needle'])
  })

  it('may lag by ten seconds, and no longer', async () => {
    const clock = new FakeClock()
    const groups = store(clock)
    expect(await groups.among(['late'])).toEqual(new Set())
    await grantTo('group:late')
    clock.time += 9999
    expect(await groups.among(['late'])).toEqual(new Set())
    clock.time += 1
    expect(await groups.among(['late'])).toEqual(new Set(['late']))
  })
})

describe('the rate of guests', () => {
  it('admits so many from one network in a minute, and again in the next', async () => {
    const clock = new FakeClock()
    clock.time = Math.ceil(clock.time / 60_000) * 60_000
    const rate = new GuestRate(base.client(), clock, base.tables.sessions)
    const admitted = async (network: string, times: number) => {
      const answers = await Promise.all(Array.from({ length: times }, () => rate.admits(network)))
      return answers.filter(Boolean).length
    }
    expect(await admitted('192.0.2.7', guestsPerMinute + 10)).toBe(guestsPerMinute)
    expect(await admitted('192.0.2.8', 1)).toBe(1)
    clock.time += 59_999
    expect(await admitted('192.0.2.7', 1)).toBe(0)
    clock.time += 1
    expect(await admitted('192.0.2.7', 1)).toBe(1)
  })
})
