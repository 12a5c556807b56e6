import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { BlockStore } from '../domain/access/blocks.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { blockPrefix, keys, userPartition } from './keys.ts'
import { Table } from './table.ts'

/** One item for each block, in the partition of the user who blocks. */
export class DynamoBlocks implements BlockStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
  }

  async blocking(users: readonly string[], other: string): Promise<Set<string>> {
    const own = [...new Set(users)]
    const items = await this.#table.getAll(own.map((user) => keys.block(user, other)))
    const partitions = new Set(items.map((item) => item[key.partition]))
    return new Set(own.filter((user) => partitions.has(userPartition(user))))
  }

  async list(user: string): Promise<string[]> {
    const blocked: string[] = []
    const input = { KeyConditionExpression: `${key.partition} = :user AND begins_with(${key.sort}, :kind)` }
    for await (const item of this.#table.query(input, { ':user': userPartition(user), ':kind': blockPrefix })) {
      blocked.push(String(item[key.sort]).slice(blockPrefix.length))
    }
    return blocked
  }

  async add(user: string, other: string, now: number): Promise<void> {
    await this.#table.put({ ...keys.block(user, other), blockedAt: now })
  }

  async remove(user: string, other: string): Promise<void> {
    await this.#table.delete(keys.block(user, other))
  }
}
