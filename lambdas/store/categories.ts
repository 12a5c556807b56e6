import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import { builtInCategory, type Category, type CategoryStore } from '../domain/access/categories.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { administration, type RecordEvent } from '../domain/record/record.ts'
import { categoryPartition, keys } from './keys.ts'
import { NameItems } from './name-items.ts'
import { recordSteps } from './record.ts'
import { type Item, Table } from './table.ts'
import { transact } from './transaction.ts'
import { putNew, removeEmptyAt, setAtVersion } from './transaction-steps.ts'

const sortPrefix = 'category#'

/**
 * The number of rooms in a category: an attribute of its item, changed in the transactions that create and move rooms.
 */
export const roomCount = 'rooms'

/**
 * Every user may create rooms in the built-in category, and it cannot be deleted. A count would only serialize the
 * creation of its rooms.
 */
export const isCounted = (categoryId: string): boolean => categoryId !== builtInCategory.categoryId

export class DynamoCategories implements CategoryStore {
  readonly #client: DynamoDBClient
  readonly #clock: Clock & Random
  readonly #table: Table
  readonly #names: NameItems
  readonly #recordTable: string

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string, recordTable: string) {
    this.#client = client
    this.#clock = clock
    this.#table = new Table(client, clock, tableName)
    this.#recordTable = recordTable
    this.#names = new NameItems(this.#table, 'category')
  }

  async find(categoryId: string): Promise<Category | undefined> {
    const item = await this.#table.get(keys.category(categoryId))
    return item && toCategory(item)
  }

  async findAll(categoryIds: readonly string[]): Promise<Category[]> {
    return (await this.#table.getAll(categoryIds.map(keys.category))).map(toCategory)
  }

  async list(): Promise<Category[]> {
    const categories: Category[] = []
    const all = { KeyConditionExpression: `${key.partition} = :all` }
    for await (const item of this.#table.query(all, { ':all': categoryPartition })) categories.push(toCategory(item))
    return categories
  }

  async create(category: Category, lines: readonly RecordEvent[] = []): Promise<'created' | 'name_taken'> {
    const { categoryId, ...attributes } = category
    const outcome = await transact(this.#client, this.#clock, [
      ...this.#names.take(category.name, categoryId),
      putNew(this.#table.name, keys.category(categoryId), attributes),
      ...recordSteps(this.#recordTable, administration, lines),
    ])
    return outcome === 'done' ? 'created' : 'name_taken'
  }

  async replace(
    before: Category,
    after: Category,
    lines: readonly RecordEvent[] = [],
  ): Promise<'replaced' | 'name_taken' | 'stale'> {
    const { categoryId, ...attributes } = after
    const table = this.#table.name
    // The built-in category has an item only after its first change.
    const unstored = !isCounted(categoryId) && before.version === builtInCategory.version
    const outcome = await transact(this.#client, this.#clock, [
      setAtVersion(table, keys.category(categoryId), before.version, attributes, unstored),
      ...(await this.#names.change(before.name, after.name, categoryId)),
      ...recordSteps(this.#recordTable, administration, lines),
    ])
    if (outcome === 'done') return 'replaced'
    return outcome[0] ? 'stale' : 'name_taken'
  }

  async remove(
    { categoryId, version, name }: Category,
    lines: readonly RecordEvent[] = [],
  ): Promise<'removed' | 'occupied' | 'stale'> {
    const table = this.#table.name
    const outcome = await transact(this.#client, this.#clock, [
      removeEmptyAt(table, keys.category(categoryId), version, roomCount),
      ...(await this.#names.free(name, categoryId)),
      ...recordSteps(this.#recordTable, administration, lines),
    ])
    if (outcome === 'done') return 'removed'
    return Number(outcome[0]?.found?.[roomCount] ?? 0) > 0 ? 'occupied' : 'stale'
  }
}

const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])

const toCategory = (item: Item): Category => ({
  categoryId: String(item[key.sort]).slice(sortPrefix.length),
  name: String(item.name),
  description: String(item.description),
  allowed: list(item.allowed),
  denied: list(item.denied),
  creators: list(item.creators),
  invitations: item.invitations === true,
  history: item.history === true,
  files: item.files === true,
  version: Number(item.version),
  createdAt: Number(item.createdAt),
  createdBy: String(item.createdBy),
  updatedAt: Number(item.updatedAt),
  updatedBy: String(item.updatedBy),
})
