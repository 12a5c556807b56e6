import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Preference, PreferenceStore, PreferenceUse } from '../domain/people/preferences.ts'
import { keys, preferencePrefix, userPartition } from './keys.ts'
import { Table } from './table.ts'

export class DynamoPreferences implements PreferenceStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
  }

  async find(user: string, label: string): Promise<Preference | undefined> {
    const item = await this.#table.get(keys.preference(user, label))
    return item && { data: String(item.data), version: Number(item.version) }
  }

  async use(user: string, most: number): Promise<PreferenceUse> {
    const used = { labels: 0, bytes: 0 }
    const input = { KeyConditionExpression: `${key.partition} = :user AND begins_with(${key.sort}, :kind)` }
    const values = { ':user': userPartition(user), ':kind': preferencePrefix }
    for await (const item of this.#table.query(input, values)) {
      used.labels++
      used.bytes += Buffer.byteLength(String(item.data))
      if (used.bytes > most) break
    }
    return used
  }

  async set(user: string, label: string, data: string): Promise<number> {
    const set = await this.#table.update(
      keys.preference(user, label),
      {
        UpdateExpression: 'SET #data = :data ADD #version :one',
        ExpressionAttributeNames: { '#data': 'data', '#version': 'version' },
      },
      { ':data': data, ':one': 1 },
    )
    return Number((set.done && set.old?.version) || 0) + 1
  }
}
