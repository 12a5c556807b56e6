import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoLog, firstItem } from '../../lambdas/store/log.ts'
import { Table } from '../../lambdas/store/table.ts'
import { calling } from '../tables/failures.ts'
import type { LambdaClock } from './erasures.ts'
import type { Logs } from './logs.ts'

/** The author and the remover of what stands where a message was lost. No user has this id. */
export const lost = 'lost-in-restore'

/**
 * Closes the holes that a restore has left. Clients wait for each number, so a room with a hole would not go on; there
 * each hole becomes a removed message, and a room without a log gets an empty one.
 */
export async function mend(
  database: DynamoDBClient,
  clock: LambdaClock,
  messages: string,
  { holes, withoutLog }: Logs,
): Promise<void> {
  const log = new DynamoLog(database, clock, messages)
  const table = new Table(database, clock, messages)
  const openings = [...withoutLog, ...holes.filter(({ seq }) => seq === 0).map(({ roomId }) => roomId)]
  await calling('PutItem', messages, async () => {
    for (const roomId of openings)
      await table.put(firstItem(roomId, 0), { ConditionExpression: 'attribute_not_exists(seq)' })
    for (const { roomId, seq, sentAt } of holes) {
      if (seq === 0) continue
      await log.put(roomId, {
        seq,
        sentAt,
        from: { user: lost, name: lost },
        removed: { by: lost, at: sentAt },
      })
    }
  })
}
