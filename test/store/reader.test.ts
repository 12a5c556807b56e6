import { database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { memoryStores } from '../support/memory/stores.ts'
import { historyContract } from './history.ts'
import type { Logs } from './logs.ts'
import { moderationContract } from './removals.ts'

type Opened = Logs & { end(): Promise<void> }

const inMemory = (lag: number) => async (): Promise<Opened> => {
  const stores = memoryStores()
  stores.messages.lag = lag
  return { ...stores, end: async () => undefined }
}

async function inDynamoDB(): Promise<Opened> {
  const { client, tables, stop } = await database()
  return { ...dynamoStores(client(), tables), end: stop }
}

describe.each([
  ['in memory', inMemory(0)],
  ['in memory, whose cheap reads lag behind by three', inMemory(3)],
  ['in DynamoDB', inDynamoDB],
])('a log %s', (_, open) => {
  let opened: Opened | undefined

  beforeAll(async () => {
    opened = await open()
  })

  afterAll(() => opened?.end())

  const logs = (): Logs => {
    if (opened) return opened
    throw new Error('The log is not open yet.')
  }

  describe('as readers see it', () => historyContract(logs))
  describe('as moderators change it', () => moderationContract(logs))
})
