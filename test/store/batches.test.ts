import { Table } from '../../lambdas/store/table.ts'
import { putAll } from '../../tools/load/put-all.ts'
import { type Fault, responseOf } from '../support/dynamodb/faults.ts'
import { FakeClock } from '../support/memory/clock.ts'
import { refusal } from '../support/refusals.ts'
import { faultyStores } from './faulty-stores.ts'
import { open } from './fixtures.ts'

const given = faultyStores()

describe('a batch read', () => {
  /** Reads only the first key and returns the others as unprocessed. */
  const partialRead: Fault = async (pass) => {
    const response = await pass()
    const { Responses } = JSON.parse(Buffer.from(response.body).toString())
    const items: Record<string, unknown>[] = Responses[given().db.tables.sessions]
    const keyOf = ({ pk, sk }: Record<string, unknown>) => ({ pk, sk })
    const left = { [given().db.tables.sessions]: { Keys: items.slice(1).map(keyOf), ConsistentRead: true } }
    return responseOf(200, { Responses: { [given().db.tables.sessions]: items.slice(0, 1) }, UnprocessedKeys: left })
  }

  it('retries keys that the database did not process', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => open(given().stores.sessions)))
    given().faults.clear()
    given().faults.next('BatchGetItem', partialRead, partialRead)
    given().stores.clock.chance = 0.5
    const found = await given().stores.sessions.connections(ids)
    expect(found.map((connection) => connection.connectionId).sort()).toEqual(ids.sort())
    expect(given().faults.tries).toHaveLength(3)
    // Half of the maximum wait, which doubles.
    expect(given().stores.clock.slept).toEqual([20, 40])
  })

  it('fails as unavailable if the database never processes the keys', async () => {
    let rounds = 0
    given().stores.clock.chance = 0.999
    given().faults.always('BatchGetItem', async () => {
      if (++rounds > 50) throw new Error('The retries do not end.')
      const Keys = [{ pk: { S: 'connection#c' }, sk: { S: 'connection' } }]
      return responseOf(200, { Responses: {}, UnprocessedKeys: { [given().db.tables.sessions]: { Keys } } })
    })
    expect((await refusal(given().stores.sessions.connections(['c']))).code).toBe('unavailable')
    expect(rounds).toBe(5)
    expect(given().stores.clock.slept.map(Math.round)).toEqual([40, 80, 160, 320])
  })
})

describe('a batch deletion', () => {
  /** Returns an item as unprocessed. */
  const partialWrite =
    (table: string): Fault =>
    async () =>
      responseOf(200, { UnprocessedItems: { [table]: unprocessed } })
  const unprocessed = [{ DeleteRequest: { Key: { pk: { S: 'connection#c' }, sk: { S: 'connection' } } } }]

  it('retries items that the database did not process, after a wait', async () => {
    const table = given().db.tables.sessions
    const clock = new FakeClock()
    clock.chance = 0.5
    given().faults.next('BatchWriteItem', partialWrite(table), partialWrite(table))
    await new Table(given().client, clock, table).deleteAll([{ pk: 'connection#c', sk: 'connection' }])
    expect([given().faults.tries.length, clock.slept]).toEqual([3, [20, 40]])
  })

  it('fails as unavailable if the database never processes the items', async () => {
    const table = given().db.tables.sessions
    given().faults.always('BatchWriteItem', partialWrite(table))
    const deletion = new Table(given().client, new FakeClock(), table).deleteAll([
      { pk: 'connection#c', sk: 'connection' },
    ])
    expect((await refusal(deletion)).code).toBe('unavailable')
    expect(given().faults.tries).toHaveLength(5)
  })
})

describe('a bulk load', () => {
  it('waits longer after each try and never gives up', async () => {
    const table = given().db.tables.sessions
    const requests = ['a', 'b'].map((pk) => ({ PutRequest: { Item: { pk: { S: `load#${pk}` }, sk: { S: 'x' } } } }))
    const unprocessed: Fault = async () => responseOf(200, { UnprocessedItems: { [table]: requests } })
    const clock = new FakeClock()
    clock.chance = 0.5
    given().faults.next('BatchWriteItem', ...Array<Fault>(10).fill(unprocessed))
    await putAll(given().client, clock, table, requests)
    expect(clock.slept).toEqual([20, 40, 80, 160, 320, 640, 1280, 2500, 2500, 2500])
    const read = new Table(given().client, clock, table)
    expect(await read.getAll(['a', 'b'].map((pk) => ({ pk: `load#${pk}`, sk: 'x' })))).toHaveLength(2)
  })
})
