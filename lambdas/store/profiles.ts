import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { key } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import type { Profile, ProfileStore } from '../domain/people/profiles.ts'
import { type Key, keys, userPartition } from './keys.ts'
import { type Item, Table } from './table.ts'

/** What is stored in the partition of a user, other than a suspension. */
const kinds = ['profile', 'preference#', 'invitation#', 'clientRoom#']

/** The profiles of all users who have connected, from their newest tokens. */
export class DynamoProfiles implements ProfileStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
  }

  async find(user: string): Promise<Profile | undefined> {
    const item = await this.#table.get(keys.profile(user))
    return item && toProfile(item)
  }

  async put({ user, ...attributes }: Profile): Promise<void> {
    await this.#table.put({ ...keys.profile(user), ...attributes })
  }

  async forget(user: string): Promise<void> {
    const own: Key[] = []
    const input = {
      KeyConditionExpression: `${key.partition} = :user`,
      ProjectionExpression: `${key.partition}, ${key.sort}`,
    }
    for await (const item of this.#table.query(input, { ':user': userPartition(user) })) {
      const sort = String(item[key.sort])
      if (kinds.some((kind) => sort.startsWith(kind)))
        own.push({ [key.partition]: userPartition(user), [key.sort]: sort })
    }
    await this.#table.deleteAll(own)
  }

  async groupsOf(users: readonly string[]): Promise<Map<string, string[]>> {
    const items = await this.#table.getAll([...new Set(users)].map(keys.profile))
    return new Map(items.map(toProfile).map(({ user, groups }) => [user, groups]))
  }
}

const toProfile = (item: Item): Profile => ({
  user: String(item[key.partition]).slice('user#'.length),
  name: String(item.name),
  groups: Array.isArray(item.groups) ? item.groups.map(String) : [],
  seenAt: Number(item.seenAt),
})
