import { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** Tries of one call, the first included: the SDK's own backs off for up to a second each, far beyond a message's patience. */
const tries = 3

/**
 * What the SDK does to every request of a kind is put together once and not for each: it is a tenth of a send's
 * processor time. `requestTimeout` alone only logs a warning (@smithy/node-http-handler), so the throwing has to be asked for: a call
 * that hangs would hold a message until the function's own time is up.
 */
export const dynamo = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: tries,
    cacheMiddleware: true,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
  })
