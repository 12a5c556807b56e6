import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { useFastPath } from './fast-path.ts'

/**
 * Tries of one call, the first included: the SDK's own backs off for up to a second each, far beyond a message's patience.
 * One that began on the short way has had one more.
 */
const tries = 3

const pool = { keepAlive: true, maxSockets: 50 }

/**
 * `requestTimeout` alone only logs a warning (@smithy/node-http-handler), so the throwing has to be asked for: a call
 * that hangs would hold a message until the function's own time is up.
 */
export function dynamoClient(): DynamoDBClient {
  const lines = { http: new Agent(pool), https: new SecureAgent(pool) }
  const client = new DynamoDBClient({
    maxAttempts: tries,
    // What is done to every request of a kind is put together once and not for each.
    cacheMiddleware: true,
    requestHandler: {
      httpAgent: lines.http,
      httpsAgent: lines.https,
      connectionTimeout: 500,
      requestTimeout: 1000,
      throwOnRequestTimeout: true,
    },
  })
  // Without a logger it still makes a copy of everything that was asked and answered, to show to nobody.
  client.middlewareStack.remove('loggerMiddleware')
  useFastPath(client, lines)
  return client
}
