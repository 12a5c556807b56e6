import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Suspension, SuspensionStore } from '../domain/people/suspensions.ts'
import { keys, suspensionPartition } from './keys.ts'
import { type Item, Table } from './table.ts'
import { transact } from './transaction.ts'
import { put, remove, removeExisting } from './transaction-steps.ts'

/** Each suspension is stored twice in one transaction: in the user's partition, and in one that lists all. */
export class DynamoSuspensions implements SuspensionStore {
  readonly #client: DynamoDBClient
  readonly #clock: Clock & Random
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#client = client
    this.#clock = clock
    this.#table = new Table(client, clock, tableName)
  }

  async find(user: string): Promise<Suspension | undefined> {
    const item = await this.#table.get(keys.suspension(user))
    return item && toSuspension(item)
  }

  async put(suspension: Suspension): Promise<void> {
    const { name } = this.#table
    const { user } = suspension
    await transact(this.#client, this.#clock, [
      put(name, keys.suspension(user), { ...suspension }),
      put(name, keys.suspended(user), { ...suspension }),
    ])
  }

  async remove(user: string): Promise<boolean> {
    const { name } = this.#table
    const outcome = await transact(this.#client, this.#clock, [
      removeExisting(name, keys.suspension(user)),
      remove(name, keys.suspended(user)),
    ])
    return outcome === 'done'
  }

  async list(after: string, most: number): Promise<Suspension[]> {
    const suspensions: Suspension[] = []
    const input = { KeyConditionExpression: '#list = :list AND #user > :after', Limit: most }
    const names = { ExpressionAttributeNames: { '#list': key.partition, '#user': key.sort } }
    const values = { ':list': suspensionPartition, ':after': keys.suspended(after)[key.sort] }
    for await (const item of this.#table.query({ ...input, ...names }, values)) {
      suspensions.push(toSuspension(item))
      if (suspensions.length === most) break
    }
    return suspensions
  }
}

const toSuspension = ({ user, since, by, until, reason }: Item): Suspension => ({
  user: String(user),
  since: Number(since),
  by: String(by),
  ...(until !== undefined && { until: Number(until) }),
  ...(reason !== undefined && { reason: String(reason) }),
})
