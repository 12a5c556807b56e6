import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Database, database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { Faults } from '../support/dynamodb/faults.ts'

interface FaultyStores {
  db: Database
  client: DynamoDBClient
  faults: Faults
  stores: ReturnType<typeof dynamoStores>
}

/** Starts a database for the test file and, for each test, makes stores whose calls can fail on demand. */
export function faultyStores(): () => FaultyStores {
  let db: Database
  let given: FaultyStores
  beforeAll(async () => {
    db = await database()
  })
  beforeEach(() => {
    // A client retries less after many failures, so each test has a new one.
    const client = db.client()
    given = { db, client, faults: new Faults(client), stores: dynamoStores(client, db.tables) }
    // Makes the random waits of the SDK as short as possible.
    jest.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => jest.restoreAllMocks())
  afterAll(() => db.stop())
  return () => given
}
