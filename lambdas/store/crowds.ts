import type { Clock } from '../domain/clock.ts'
import type { Crowd } from '../domain/sessions/crowd.ts'
import { keys } from './keys.ts'
import type { Item, Table } from './table.ts'

/** No session lives longer than a connection, so neither does what is known of their number. */
const crowdSeconds = 3 * 60 * 60

/** The notes of how many are in a room, one item each, beside its sessions and not among them. */
export class CrowdItems {
  readonly #table: Table
  readonly #clock: Pick<Clock, 'now'>

  constructor(table: Table, clock: Pick<Clock, 'now'>) {
    this.#table = table
    this.#clock = clock
  }

  async read(roomId: string): Promise<Crowd | undefined> {
    const item = await this.#table.get(keys.crowd(roomId), false)
    // What an earlier version noted is no count.
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
