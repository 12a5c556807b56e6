import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Category, CategoryStore } from '../domain/categories.ts'
import { keys } from './keys.ts'
import { Table } from './table.ts'

export class DynamoCategories implements CategoryStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, tableName: string) {
    this.#table = new Table(client, tableName)
  }

  async find(categoryId: string): Promise<Category | undefined> {
    const item = await this.#table.get(keys.category(categoryId))
    if (!item) return undefined
    const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
    const { name, allowed, denied, creators } = item
    return { categoryId, name: String(name), allowed: list(allowed), denied: list(denied), creators: list(creators) }
  }
}
