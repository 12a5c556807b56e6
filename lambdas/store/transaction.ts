import {
  type CancellationReason,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Clock, Random } from '../domain/clock.ts'
import { Refusal } from '../domain/errors.ts'
import { backOff } from './back-off.ts'
import { asUnavailable } from './errors.ts'
import type { Item } from './table.ts'

/**
 * The failed conditions of a transaction. Each action has the item that failed its condition, or undefined if its
 * condition held.
 */
export type FailedChecks = ({ found: Item | undefined } | undefined)[]

/** All joins of one connection change its item, and a client resumes all its rooms at once. */
const tries = 8

/**
 * Runs the actions in one transaction. Returns the failed conditions. If another transaction uses the same items, it
 * waits and tries again.
 */
export async function transact(
  client: DynamoDBClient,
  clock: Clock & Random,
  actions: TransactWriteItem[],
): Promise<'done' | FailedChecks> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const reasons = await tryOnce(client, actions)
    if (reasons === 'done') return 'done'
    if (reasons.some((reason) => reason.Code === 'ConditionalCheckFailed')) return reasons.map(failedCheck)
    await backOff(clock, attempt)
  }
  throw new Refusal('unavailable', 'Others are changing the same thing. Try again.', { retryAfterMs: 500 })
}

async function tryOnce(client: DynamoDBClient, actions: TransactWriteItem[]): Promise<'done' | CancellationReason[]> {
  try {
    await asUnavailable(() => client.send(new TransactWriteItemsCommand({ TransactItems: actions })))
    return 'done'
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? error.CancellationReasons : undefined
    if (!reasons || reasons.some((reason) => reason.Code === 'ValidationError')) throw error
    return reasons
  }
}

const failedCheck = (reason: CancellationReason) =>
  reason.Code === 'ConditionalCheckFailed' ? { found: reason.Item && unmarshall(reason.Item) } : undefined
