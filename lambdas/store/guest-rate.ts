import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { timeToLive } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { keys } from './keys.ts'
import { Table } from './table.ts'

/** Guests may come from one network so many times in a minute, whoever they are. */
export const guestsPerMinute = 60

const minuteMs = 60_000

/** Counts how often guests come from a network, in one item for each minute, which time to live takes away. */
export class GuestRate {
  readonly #table: Table
  readonly #clock: Pick<Clock, 'now'>

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
    this.#clock = clock
  }

  /** Whether one more may come now. Whoever may not is not counted, so waiting for the next minute helps. */
  async admits(network: string): Promise<boolean> {
    const minute = Math.floor(this.#clock.now() / minuteMs)
    const { done } = await this.#table.update(
      keys.guestMinute(network, minute),
      {
        UpdateExpression: 'ADD #count :one SET #end = :end',
        ConditionExpression: 'attribute_not_exists(#count) OR #count < :most',
        ExpressionAttributeNames: { '#count': 'guests', '#end': timeToLive },
      },
      { ':one': 1, ':most': guestsPerMinute, ':end': ((minute + 2) * minuteMs) / 1000 },
    )
    return done
  }
}
