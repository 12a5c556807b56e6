import type { Clock } from '../domain/clock.ts'
import type { Crowd } from '../domain/sessions/crowd.ts'
import { keys } from './keys.ts'
import type { Item, Table } from './table.ts'

/** A session never outlives a connection, so the count expires after this time. */
const crowdSeconds = 3 * 60 * 60

/** The noted counts of rooms: one item each, in a separate partition from the sessions. */
export class CrowdItems {
  readonly #table: Table
  readonly #clock: Pick<Clock, 'now'>

  constructor(table: Table, clock: Pick<Clock, 'now'>) {
    this.#table = table
    this.#clock = clock
  }

  async read(roomId: string): Promise<Crowd | undefined> {
    const item = await this.#table.get(keys.crowd(roomId), false)
    // Earlier versions stored notes without a count.
    return item?.countedAt === undefined ? undefined : toCrowd(item)
  }

  async note(roomId: string, crowd: Crowd, expected?: number): Promise<boolean> {
    const expiresAt = Math.ceil(this.#clock.now() / 1000) + crowdSeconds
    const attributes = Object.entries({ ...crowd, expiresAt })
    const { done } = await this.#table.update(
      keys.crowd(roomId),
      {
        UpdateExpression: `SET ${attributes.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: expected === undefined ? 'attribute_not_exists(#countedAt)' : '#countedAt = :expected',
        ExpressionAttributeNames: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
      },
      { ...Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])), ':expected': expected },
    )
    return done
  }
}

const toCrowd = (item: Item): Crowd => ({
  connections: Number(item.connections),
  participants: Number(item.participants),
  crowded: item.crowded === true,
  large: item.large === true,
  bounds: Array.isArray(item.bounds) ? item.bounds.map(String) : [],
  countedAt: Number(item.countedAt),
})
