import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { index, key } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { categoryPartition, principalKey } from './keys.ts'
import { Table } from './table.ts'

/** What was found serves for so long, in milliseconds: whoever connects again and again asks once. */
const serves = 10_000

/** Beyond so many answers all are forgotten. */
const most = 20_000

/**
 * Which groups any grant or category names. It is looked up where it stands already, in the index of grants and in the
 * categories, so there is no list that would have to be kept in step, or made for the grants that were there before.
 */
export class NamedGroups {
  readonly #table: Table
  readonly #clock: Pick<Clock, 'now'>
  readonly #known = new Map<string, { isNamed: boolean; until: number }>()

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
    this.#clock = clock
  }

  /** Those of the groups that are named; may lag by some seconds. */
  async among(groups: readonly string[]): Promise<Set<string>> {
    const now = this.#clock.now()
    if (this.#known.size > most) this.#known.clear()
    const open = groups.filter((group) => (this.#known.get(group)?.until ?? 0) <= now)
    if (open.length > 0) {
      const listed = await this.#listed()
      await forEachConcurrent(open, async (group) => {
        const isNamed = listed.has(`group:${group}`) || (await this.#isGranted(`group:${group}`))
        this.#known.set(group, { isNamed, until: now + serves })
      })
    }
    return new Set(groups.filter((group) => this.#known.get(group)?.isNamed))
  }

  /** Every principal that a category names. */
  async #listed(): Promise<Set<unknown>> {
    const listed = new Set<unknown>()
    const all = { KeyConditionExpression: `${key.partition} = :all` }
    for await (const { allowed, denied, creators } of this.#table.query(all, { ':all': categoryPartition })) {
      for (const principal of [allowed, denied, creators].flat()) listed.add(principal)
    }
    return listed
  }

  async #isGranted(principal: string): Promise<boolean> {
    const { name, partition } = index.byPrincipal
    const one = { IndexName: name, KeyConditionExpression: `${partition} = :principal`, Limit: 1 }
    for await (const _ of this.#table.query(one, { ':principal': principalKey(principal) })) return true
    return false
  }
}
