import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Database, database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { Faults } from '../support/dynamodb/faults.ts'

interface FaultyStores {
  db: Database
  client: DynamoDBClient
  faults: Faults
  stores: ReturnType<typeof dynamoStores>
}

/** Registers a database with jest and, for each test, stores whose calls can be made to fail. */
export function faultyStores(): () => FaultyStores {
  let db: Database
  let given: FaultyStores
  beforeAll(async () => {
    db = await database()
  })
  beforeEach(() => {
    // A client that has failed much tries less, so each test has its own.
    const client = db.client()
    given = { db, client, faults: new Faults(client), stores: dynamoStores(client, db.tables) }
    // The SDK waits a random while between its tries; this is the shortest.
    jest.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => jest.restoreAllMocks())
  afterAll(() => db.stop())
  return () => given
}
