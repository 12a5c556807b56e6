import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { timeToLive } from '../bindings.ts'
import type { Counted, QuotaStore } from '../domain/budget/quotas.ts'
import type { Clock, Random } from '../domain/clock.ts'
import { keys } from './keys.ts'
import { Table } from './table.ts'

const daySeconds = 24 * 60 * 60

/** An item is kept until the day after its own has ended: clocks differ. */
const endOf = (day: number): number => (day + 2) * daySeconds

/** What each user created on each day, in the table of budgets. */
export class DynamoQuotas implements QuotaStore {
  readonly #table: Table

  constructor(client: DynamoDBClient, clock: Clock & Random, tableName: string) {
    this.#table = new Table(client, clock, tableName)
  }

  async take(user: string, counted: Counted, day: number, more: number, most: number): Promise<boolean> {
    if (more > most) return false
    const { done } = await this.#table.update(
      keys.day(user, day),
      {
        UpdateExpression: `SET ${timeToLive} = :end ADD #counted :more`,
        ConditionExpression: 'attribute_not_exists(#counted) OR #counted <= :before',
        ExpressionAttributeNames: { '#counted': counted },
      },
      { ':end': endOf(day), ':more': more, ':before': most - more },
    )
    return done
  }
}
