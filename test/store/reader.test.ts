import { database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { memoryStores } from '../support/memory/stores.ts'
import { historyContract } from './history.ts'
import type { LogStores } from './log-stores.ts'
import { removalContract } from './removals.ts'

type OpenStores = LogStores & { end(): Promise<void> }

const inMemory = (lag: number) => async (): Promise<OpenStores> => {
  const stores = memoryStores()
  stores.messages.lag = lag
  return { ...stores, end: async () => undefined }
}

async function inDynamoDB(): Promise<OpenStores> {
  const { client, tables, stop } = await database()
  return { ...dynamoStores(client(), tables), end: stop }
}

describe.each([
  ['in memory', inMemory(0)],
  ['in memory whose eventual reads lag by three entries', inMemory(3)],
  ['in DynamoDB', inDynamoDB],
])('a log %s', (_, open) => {
  let opened: OpenStores | undefined

  beforeAll(async () => {
    opened = await open()
  })

  afterAll(() => opened?.end())

  const stores = (): LogStores => {
    if (opened) return opened
    throw new Error('The stores are not open yet.')
  }

  describe('for readers', () => historyContract(stores))
  describe('for moderators', () => removalContract(stores))
})
