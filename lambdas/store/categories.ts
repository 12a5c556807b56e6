import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Category, CategoryStore } from '../domain/categories.ts'
import { categoryPartition, keys } from './keys.ts'
import { type Item, Table } from './table.ts'

const sortPrefix = 'category#'

export class DynamoCategories implements CategoryStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, tableName: string) {
    this.#table = new Table(client, tableName)
  }

  async find(categoryId: string): Promise<Category | undefined> {
    const item = await this.#table.get(keys.category(categoryId))
    return item && toCategory(item)
  }

  async list(): Promise<Category[]> {
    const categories: Category[] = []
    const all = { KeyConditionExpression: `${key.partition} = :all` }
    for await (const item of this.#table.query(all, { ':all': categoryPartition })) categories.push(toCategory(item))
    return categories
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
