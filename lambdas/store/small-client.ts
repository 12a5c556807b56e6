import { type Credentials, cachedCredentials } from '../aws/credentials.ts'
import { ofCall } from '../domain/failed-calls.ts'
import { dynamoSigner } from './dynamo-signer.ts'
import type { Key } from './keys.ts'

/** The budget of a user is asked before the work of a request: it must not hold the request up for long. */
const deadlineMs = 500

export interface SmallClientOptions {
  /** Base URL of DynamoDB. */
  endpoint: string
  region: string
  credentials: () => Promise<Credentials>
  now: () => number
}

/** One operation of DynamoDB: input and output in its JSON. */
export type DynamoCall = (operation: string, input: object) => Promise<Record<string, unknown>>

/**
 * Calls DynamoDB without its SDK, for functions that have no other use for it: each call is made once, and fails after
 * half a second.
 */
export function smallClient({ endpoint, region, credentials, now }: SmallClientOptions): DynamoCall {
  const sign = dynamoSigner(new URL(endpoint), now)
  const current = cachedCredentials(credentials, now)
  const attempt = async (operation: string, input: object) => {
    const body = JSON.stringify(input)
    const headers = sign(operation, body, await current(), region)
    const response = await fetch(endpoint, { method: 'POST', headers, body, signal: AbortSignal.timeout(deadlineMs) })
    const text = await response.text()
    const { status } = response
    if (!response.ok)
      throw ofCall(new Error(`DynamoDB answered ${status} to ${operation}.`), {
        action: operation,
        target: tableOf(input),
        status,
      })
    const output: unknown = JSON.parse(text)
    return typeof output === 'object' && output !== null ? { ...output } : {}
  }
  return (operation, input) =>
    attempt(operation, input).catch((error: unknown) => {
      throw ofCall(error, { action: operation, target: tableOf(input) })
    })
}

const tableOf = (input: object): string => ('TableName' in input ? String(input.TableName) : '')

/** A key in the JSON of DynamoDB. */
export const jsonKey = (itemKey: Key): Record<string, { S: string }> =>
  Object.fromEntries(Object.entries(itemKey).map(([name, value]) => [name, { S: String(value) }]))

/** The address of DynamoDB, which the local run sets. */
export const dynamoEndpoint = (region: string): string =>
  process.env.AWS_ENDPOINT_URL_DYNAMODB ??
  process.env.AWS_ENDPOINT_URL ??
  `https://dynamodb.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
