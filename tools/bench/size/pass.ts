import { type DynamoDBClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb'
import { logKey } from '../../../lambdas/bindings.ts'

/** The read units of a query for all items of a log. */
export async function passOver(client: DynamoDBClient, table: string, log: string, strong: boolean): Promise<number> {
  let units = 0
  let from: QueryCommandOutput['LastEvaluatedKey']
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `${logKey.partition} = :log`,
        ExpressionAttributeValues: { ':log': { S: log } },
        ConsistentRead: strong,
        Select: 'COUNT',
        ReturnConsumedCapacity: 'TOTAL',
        ExclusiveStartKey: from,
      }),
    )
    units += page.ConsumedCapacity?.CapacityUnits ?? 0
    from = page.LastEvaluatedKey
  } while (from)
  return units
}
