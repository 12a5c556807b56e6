import { Table } from '../../lambdas/store/table.ts'
import { putAll } from '../../tools/load/put-all.ts'
import { answerOf, type Fault } from '../support/dynamodb/faults.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { refusal } from '../support/refusals.ts'
import { faultyStores } from './faulty-stores.ts'
import { open } from './visitors.ts'

const given = faultyStores()

describe('a reading of many keys', () => {
  /** Does the work for the first key only, and hands the others back. */
  const lazy: Fault = async (pass) => {
    const answer = await pass()
    const { Responses } = JSON.parse(Buffer.from(answer.body).toString())
    const items: Record<string, unknown>[] = Responses[given().db.tables.sessions]
    const keyOf = ({ pk, sk }: Record<string, unknown>) => ({ pk, sk })
    const left = { [given().db.tables.sessions]: { Keys: items.slice(1).map(keyOf), ConsistentRead: true } }
    return answerOf(200, { Responses: { [given().db.tables.sessions]: items.slice(0, 1) }, UnprocessedKeys: left })
  }

  it('asks again for keys that were left undone', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => open(given().stores.sessions)))
    given().faults.clear()
    given().faults.next('BatchGetItem', lazy, lazy)
    given().stores.clock.chance = 0.5
    const found = await given().stores.sessions.connections(ids)
    expect(found.map((connection) => connection.connectionId).sort()).toEqual(ids.sort())
    expect(given().faults.tries).toHaveLength(3)
    // Half of the longest wait, which doubles.
    expect(given().stores.clock.slept).toEqual([20, 40])
  })

  it('is refused as unavailable when its keys are left undone again and again', async () => {
    let rounds = 0
    given().stores.clock.chance = 0.999
    given().faults.always('BatchGetItem', async () => {
      if (++rounds > 50) throw new Error('It goes on for ever.')
      const Keys = [{ pk: { S: 'connection#c' }, sk: { S: 'connection' } }]
      return answerOf(200, { Responses: {}, UnprocessedKeys: { [given().db.tables.sessions]: { Keys } } })
    })
    expect((await refusal(given().stores.sessions.connections(['c']))).code).toBe('unavailable')
    expect(rounds).toBe(5)
    expect(given().stores.clock.slept.map(Math.round)).toEqual([40, 80, 160, 320])
  })
})

describe('a deletion of many keys', () => {
  /** Writes the first item only, and hands the others back. */
  const lazily =
    (table: string): Fault =>
    async () =>
      answerOf(200, { UnprocessedItems: { [table]: left } })
  const left = [{ DeleteRequest: { Key: { pk: { S: 'connection#c' }, sk: { S: 'connection' } } } }]

  it('asks again for items that were left undone, after a wait', async () => {
    const table = given().db.tables.sessions
    const clock = new FakeClock()
    clock.chance = 0.5
    given().faults.next('BatchWriteItem', lazily(table), lazily(table))
    await new Table(given().client, clock, table).deleteAll([{ pk: 'connection#c', sk: 'connection' }])
    expect([given().faults.tries.length, clock.slept]).toEqual([3, [20, 40]])
  })

  it('is refused as unavailable when it is left undone again and again', async () => {
    const table = given().db.tables.sessions
    given().faults.always('BatchWriteItem', lazily(table))
    const deletion = new Table(given().client, new FakeClock(), table).deleteAll([
      { pk: 'connection#c', sk: 'connection' },
    ])
    expect((await refusal(deletion)).code).toBe('unavailable')
    expect(given().faults.tries).toHaveLength(5)
  })
})

describe('a load of many items', () => {
  it('waits longer and longer, and never gives up', async () => {
    const table = given().db.tables.sessions
    const requests = ['a', 'b'].map((pk) => ({ PutRequest: { Item: { pk: { S: `load#${pk}` }, sk: { S: 'x' } } } }))
    const undone: Fault = async () => answerOf(200, { UnprocessedItems: { [table]: requests } })
    const clock = new FakeClock()
    clock.chance = 0.5
    given().faults.next('BatchWriteItem', ...Array<Fault>(10).fill(undone))
    await putAll(given().client, clock, table, requests)
    expect(clock.slept).toEqual([20, 40, 80, 160, 320, 640, 1280, 2500, 2500, 2500])
    const read = new Table(given().client, clock, table)
    expect(await read.getAll(['a', 'b'].map((pk) => ({ pk: `load#${pk}`, sk: 'x' })))).toHaveLength(2)
  })
})
