import { storedCursorKey } from '../../lambdas/store/cursor-key.ts'
import { callOf, type Database, database } from '../support/dynamodb/dynamodb.ts'
import { refusal } from '../support/refusals.ts'

let db: Database

beforeAll(async () => {
  db = await database()
})

afterAll(() => db.stop())

const secret = (byte: number) => () => Buffer.alloc(32, byte)

test('all environments get the key that the first of them made', async () => {
  const call = callOf(db.client())
  const environments = [1, 2, 3].map((byte) => storedCursorKey(call, db.tables.budgets, secret(byte)))
  const [first, ...others] = await Promise.all(environments.map((key) => key()))
  expect(first).toHaveLength(32)
  expect([1, 2, 3].map((byte) => Buffer.alloc(32, byte))).toContainEqual(first)
  expect(others).toEqual([first, first])
  expect(await storedCursorKey(call, db.tables.budgets, secret(4))()).toEqual(first)
})

test('an environment asks once, and again after an error', async () => {
  let calls = 0
  const failing = async () => {
    if (++calls === 1) throw new Error('DynamoDB answered 500.')
    return { Attributes: { secret: { S: Buffer.alloc(32, 7).toString('base64') } } }
  }
  const key = storedCursorKey(failing, 'table', secret(1))
  expect((await refusal(key())).code).toBe('unavailable')
  expect(await key()).toEqual(Buffer.alloc(32, 7))
  await key()
  expect(calls).toBe(2)
})
