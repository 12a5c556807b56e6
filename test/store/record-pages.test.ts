import type { CategoryStore } from '../../lambdas/domain/access/categories.ts'
import { forEachConcurrent } from '../../lambdas/domain/concurrency.ts'
import type { Log } from '../../lambdas/domain/log/log.ts'
import type { RecordStore } from '../../lambdas/domain/record/record.ts'
import type { DirectoryStore } from '../../lambdas/domain/rooms/directory.ts'
import { recordPage } from '../../lambdas/replies/record.ts'
import { database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { pagingAt } from '../support/memory/paging.ts'
import { memoryStores } from '../support/memory/stores.ts'
import { fresh } from './ports.ts'

interface RecordStores {
  messages: Log
  records: RecordStore
  directory: DirectoryStore
  categories: CategoryStore
  end(): Promise<void>
}

const inMemory = async (): Promise<RecordStores> => ({ ...memoryStores(), end: async () => undefined })

async function inDynamoDB(): Promise<RecordStores> {
  const { client, tables, stop } = await database()
  return { ...dynamoStores(client(), tables), end: stop }
}

const moment = 1_700_000_000_000

/** More than two pages of events and of messages at the same time. Every fifth text fills half a frame. */
const many = 250

describe.each([
  ['in memory', inMemory],
  ['in DynamoDB', inDynamoDB],
])('the record of a room %s', (_, open) => {
  let stores: RecordStores
  beforeAll(async () => {
    stores = await open()
  })
  afterAll(() => stores?.end())

  async function pages(roomId: string, range: { from?: string; to?: string } = {}): Promise<string[][]> {
    const found: string[][] = []
    let cursor: string | undefined
    do {
      const { entries, cursor: next } = await recordPage(stores, { roomId, ...range }, await pagingAt(cursor))
      found.push(entries.map(({ at, by, event }) => `${at} ${event} ${by}`))
      cursor = next
    } while (cursor !== undefined)
    return found
  }

  test('returns every entry once, even if many have the same time', async () => {
    const roomId = fresh('room')
    const at = (nr: number) => (nr < 5 ? moment - 1 : nr < many - 5 ? moment : moment + 1)
    const numbers = Array.from({ length: many }, (_, nr) => nr)
    await forEachConcurrent(numbers, (nr) =>
      stores.records.add(roomId, { at: at(nr), event: 'searched', by: `reader ${nr}` }),
    )
    for (const nr of numbers) {
      const text = nr % 5 === 0 ? 'x'.repeat(16_000) : 'short'
      const from = { user: `author ${nr}`, name: 'Author' }
      await stores.messages.put(roomId, { seq: nr + 1, sentAt: at(nr), from, body: { text } })
    }
    const line = (event: string, by: string) => (nr: number) => `${new Date(at(nr)).toISOString()} ${event} ${by} ${nr}`
    const all = [...numbers.map(line('searched', 'reader')), ...numbers.map(line('said', 'author'))]
    const found = await pages(roomId)
    expect(found.flat().sort()).toEqual(all.sort())
    expect(found.length).toBeGreaterThan(4)
    expect(found.flat().map((entry) => entry.slice(0, 24))).toEqual(all.map((entry) => entry.slice(0, 24)).sort())
    const exact = { from: new Date(moment).toISOString(), to: new Date(moment).toISOString() }
    expect((await pages(roomId, exact)).flat()).toHaveLength(2 * (many - 10))
  })
})
