import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { useFastPath } from './fast-path.ts'

/**
 * Tries of one call, the first included. The SDK's own backs off for up to a second each, and a message cannot wait that
 * long. A call that began on the fast path has had one more.
 */
const tries = 3

const pool = { keepAlive: true, maxSockets: 50 }

/**
 * `requestTimeout` alone only logs a warning (@smithy/node-http-handler), so the throwing has to be asked for: a call
 * that hangs would hold a message until the function's own time is up.
 */
export function dynamoClient(): DynamoDBClient {
  const agents = { http: new Agent(pool), https: new SecureAgent(pool) }
  const client = new DynamoDBClient({
    maxAttempts: tries,
    // The middleware of a command is composed once and not for each call.
    cacheMiddleware: true,
    requestHandler: {
      httpAgent: agents.http,
      httpsAgent: agents.https,
      connectionTimeout: 500,
      requestTimeout: 1000,
      throwOnRequestTimeout: true,
    },
  })
  // It copies every request and response although no logger is set.
  client.middlewareStack.remove('loggerMiddleware')
  useFastPath(client, agents)
  return client
}
