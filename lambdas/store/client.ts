import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { Meter } from '../domain/budget/meter.ts'
import { useFastPath } from './fast-path.ts'
import { meterCalls } from './metering.ts'

/**
 * The tries of one call, the first one included. The SDK waits for up to a second before each further try, which is too
 * long for a message. A call that began on the fast path has had one try more.
 */
const tries = 3

const pool = { keepAlive: true, maxSockets: 50 }

/**
 * `requestTimeout` alone only logs a warning (@smithy/node-http-handler). Without `throwOnRequestTimeout`, a slow call
 * would hold a message until the function times out.
 */
export function dynamoClient(meter = new Meter()): DynamoDBClient {
  const agents = { http: new Agent(pool), https: new SecureAgent(pool) }
  const client = new DynamoDBClient({
    maxAttempts: tries,
    // The middleware of a command is composed once instead of for each call.
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
  meterCalls(client, meter)
  useFastPath(client, agents)
  return client
}
