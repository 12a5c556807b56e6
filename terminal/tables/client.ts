import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'

/** Loads run for hours, so that a table has the time to scale up behind throttled calls. */
const tries = 12

/** The DynamoDB of the environment's account, or that of a local run, which lets the key `operator` do everything. */
export function dynamoAt(local: string | undefined): DynamoDBClient {
  // The SDK would print a warning about the version of Node.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const common: DynamoDBClientConfig = { maxAttempts: tries, requestHandler: { connectionTimeout: 4000 } }
  if (local === undefined) return new DynamoDBClient(common)
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' }
  return new DynamoDBClient({ ...common, endpoint: local, region: 'us-east-1', credentials })
}
