import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { index, key } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import { categoryPartition, principalKey } from './keys.ts'
import { Table } from './table.ts'

/** Results are kept for this many milliseconds, so a client that reconnects repeatedly causes one lookup. */
const keptMs = 10_000

/** With more results than this, all are dropped. */
const maxKept = 20_000

/**
 * Finds the groups that a grant or a category names. It reads the index of grants and the categories, so no separate
 * list has to be kept, and grants of earlier versions are found as well.
 */
export class NamedGroups {
  readonly #table: Table
  readonly #clock: Pick<Clock, 'now'>
  readonly #known = new Map<string, { isNamed: boolean; until: number }>()

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
    this.#clock = clock
  }

  /** The groups that are named. The result may be some seconds old. */
  async among(groups: readonly string[]): Promise<Set<string>> {
    const now = this.#clock.now()
    if (this.#known.size > maxKept) this.#known.clear()
    const open = groups.filter((group) => (this.#known.get(group)?.until ?? 0) <= now)
    if (open.length > 0) {
      const listed = await this.#listed()
      await forEachConcurrent(open, async (group) => {
        const isNamed = listed.has(`group:${group}`) || (await this.#isGranted(`group:${group}`))
        this.#known.set(group, { isNamed, until: now + keptMs })
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
