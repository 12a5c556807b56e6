import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { ErasureJob, ErasureStore } from '../domain/rooms/erasure.ts'
import { erasurePartition, keys } from './keys.ts'
import { type Item, Table } from './table.ts'

/** The erasures of users, all in one partition. */
export class DynamoErasures implements ErasureStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
  }

  async find(user: string): Promise<ErasureJob | undefined> {
    const item = await this.#table.get(keys.erasure(user))
    return item && toJob(item)
  }

  async put(job: ErasureJob): Promise<void> {
    await this.#table.put({ ...keys.erasure(job.user), ...job })
  }

  async running(): Promise<ErasureJob[]> {
    const jobs: ErasureJob[] = []
    const input = { KeyConditionExpression: `${key.partition} = :erasures` }
    for await (const item of this.#table.query(input, { ':erasures': erasurePartition })) jobs.push(toJob(item))
    return jobs.filter(({ done }) => !done)
  }
}

const toJob = (item: Item): ErasureJob => ({
  user: String(item.user),
  messages: item.messages === 'keep' ? 'keep' : 'remove',
  by: String(item.by),
  startedAt: Number(item.startedAt),
  runAt: Number(item.runAt),
  done: item.done === true,
  next: String(item.next),
  rooms: Number(item.rooms),
  changed: Number(item.changed),
  revoked: Number(item.revoked),
  held: Number(item.held),
})
