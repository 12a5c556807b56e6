import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb'
import type { Clock, Random } from '../../lambdas/domain/clock.ts'
import { backOff } from '../../lambdas/store/back-off.ts'

/** A load may run for hours, so it may wait while the table scales up. */
const longestMs = 5000

/** Writes one batch of at most 25 items, and repeats the unprocessed ones until all are written. */
export async function putAll(
  client: DynamoDBClient,
  clock: Pick<Clock, 'sleep'> & Random,
  table: string,
  requests: WriteRequest[],
): Promise<void> {
  let left = requests
  for (let tries = 1; left.length > 0; tries++) {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }))
    left = UnprocessedItems?.[table] ?? []
    if (left.length > 0) await backOff(clock, tries, longestMs)
  }
}
