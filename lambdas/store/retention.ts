import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { HoldScope, RetentionScope, RetentionStore } from '../domain/rooms/retention.ts'
import { holdPartition, keys, retentionPartition, userPartition } from './keys.ts'
import { Table } from './table.ts'

/** The rules of retention, the legal holds, and the progress of the job that enforces them. */
export class DynamoRetention implements RetentionStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
  }

  async daysOf(scope: RetentionScope): Promise<number | undefined> {
    const item = await this.#table.get(keys.retention(scope))
    return item && Number(item.days)
  }

  async setDays(scope: RetentionScope, days: number | undefined): Promise<void> {
    if (days === undefined) await this.#table.delete(keys.retention(scope))
    else await this.#table.put({ ...keys.retention(scope), days })
  }

  async hasRules(): Promise<boolean> {
    const input = { KeyConditionExpression: `${key.partition} = :rules`, Limit: 1 }
    for await (const _ of this.#table.query(input, { ':rules': retentionPartition })) return true
    return false
  }

  async isHeld(scope: HoldScope): Promise<boolean> {
    return (await this.#table.get(keys.hold(scope))) !== undefined
  }

  async setHold(scope: HoldScope, hold: boolean): Promise<void> {
    if (hold) await this.#table.put(keys.hold(scope))
    else await this.#table.delete(keys.hold(scope))
  }

  async heldUsers(): Promise<Set<string>> {
    const users = new Set<string>()
    const prefix = userPartition('')
    const input = { KeyConditionExpression: `${key.partition} = :holds AND begins_with(${key.sort}, :user)` }
    for await (const item of this.#table.query(input, { ':holds': holdPartition, ':user': prefix })) {
      users.add(String(item[key.sort]).slice(prefix.length))
    }
    return users
  }

  async nextRoom(): Promise<string> {
    return String((await this.#table.get(keys.retentionProgress))?.roomId ?? '')
  }

  async setNextRoom(roomId: string): Promise<void> {
    await this.#table.put({ ...keys.retentionProgress, roomId })
  }
}
