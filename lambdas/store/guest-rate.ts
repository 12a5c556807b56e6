import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { timeToLive } from '../bindings.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { keys } from './keys.ts'
import { Table } from './table.ts'

/** The most handshakes of guests from one network in a minute. */
export const guestsPerMinute = 60

const minuteMs = 60_000

/** Counts the handshakes of guests from each network: one item for each minute, deleted by its time to live. */
export class GuestRate {
  readonly #table: Table
  readonly #clock: Pick<Clock, 'now'>

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
    this.#clock = clock
  }

  /** Counts one handshake, unless the limit is reached. A refused one is not counted, so it succeeds a minute later. */
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
