import {
  DescribeTimeToLiveCommand,
  QueryCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'
import { logKey } from '../../lambdas/bindings.ts'
import { calling, nameOf } from '../tables/failures.ts'
import { kinds } from '../tables/kept.ts'
import type { Database, Plan } from './plan.ts'

/** An answer that only those get who may make the call. */
const absent = ['ResourceNotFoundException', 'TableNotFoundException']

/**
 * Tries what will be done with the new tables while they do not exist: DynamoDB looks at the rights of the caller
 * first. So a missing right is found before a restore that takes hours.
 */
export async function checkPermissions(database: Database, { tables }: Plan): Promise<void> {
  for (const kind of kinds) {
    const { target: TableName, exists } = tables[kind]
    if (exists) continue
    const attempts: [string, () => Promise<unknown>][] = [
      ['UpdateTable', () => database.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }))],
      [
        'UpdateContinuousBackups',
        () =>
          database.send(
            new UpdateContinuousBackupsCommand({
              TableName,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            }),
          ),
      ],
      ['DescribeTimeToLive', () => database.send(new DescribeTimeToLiveCommand({ TableName }))],
      ['Scan', () => database.send(new ScanCommand({ TableName, Limit: 1 }))],
      [
        'Query',
        () =>
          database.send(
            new QueryCommand({
              TableName,
              Limit: 1,
              KeyConditionExpression: `${logKey.partition} = :none`,
              ExpressionAttributeValues: { ':none': { S: 'none' } },
            }),
          ),
      ],
    ]
    for (const [action, send] of attempts) {
      await calling(action, TableName, async () => {
        try {
          await send()
        } catch (error) {
          if (!absent.includes(nameOf(error))) throw error
        }
      })
    }
  }
}
