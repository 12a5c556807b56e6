import { type Agent, request as plain } from 'node:http'
import { type Agent as SecureAgent, request as secure } from 'node:https'
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type GetItemCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { dynamoSigner } from './dynamo-signer.ts'

/*
 * The calls of every message, without the layers of the SDK. These layers take as long as the call itself, and while a
 * message waits between the read of the end of a log and its put, other writers read the same end. The fast path
 * handles only plain responses. In all other cases the SDK makes the call again, with its retries and errors. So a put
 * may be carried out more than once, as with the SDK, and a caller that sets a condition must recognise an item that it
 * wrote itself.
 */

/** The operations that take the fast path. */
const operations = new Set(['GetItem', 'BatchGetItem', 'Query', 'PutItem'])

interface Endpoint {
  protocol: string
  hostname: string
  port?: number | undefined
}

/** Returns undefined if the response is not plain, so that the SDK makes the call. */
type DirectCall = (operation: string, input: object) => Promise<GetItemCommandOutput | undefined>

/** The socket pools of the client, which the fast path shares. */
export interface Agents {
  http: Agent
  https: SecureAgent
}

/**
 * Sends a client's most frequent calls by the fast path. The SDK makes the first call, because it resolves the
 * endpoint.
 */
export function useFastPath(client: DynamoDBClient, agents: Agents, now = Date.now): void {
  let call: DirectCall | undefined
  client.middlewareStack.add(
    (next) => async (args) => {
      if (!call && isEndpoint(args.request)) call = directCall(client, args.request, agents, now)
      return next(args)
    },
    { step: 'build', name: 'learnEndpoint' },
  )
  client.middlewareStack.add(
    (next, { commandName = '' }) => {
      const operation = commandName.replace(/Command$/, '')
      if (!operations.has(operation)) return next
      return async (args) => {
        const output = await call?.(operation, args.input)
        return output ? { output, response: undefined } : next(args)
      }
    },
    { step: 'initialize', priority: 'high', name: 'fastPath' },
  )
}

const isEndpoint = (request: unknown): request is Endpoint =>
  typeof request === 'object' && request !== null && 'protocol' in request && 'hostname' in request

function directCall({ config }: DynamoDBClient, endpoint: Endpoint, agents: Agents, now: () => number): DirectCall {
  const sign = dynamoSigner(endpoint, now)
  const exchange = dynamoExchange(endpoint, agents, now)
  return async (operation, input) => {
    const [credentials, region] = await Promise.all([config.credentials(), config.region()])
    const body = JSON.stringify(input)
    const response = await exchange(sign(operation, body, credentials, region), body)
    if (response?.status === 200) return { ...response.body, $metadata: {} }
    if (response?.status === 400 && /#ConditionalCheckFailedException$/.test(String(response.body.__type))) {
      const { message = '', Item } = response.body
      throw new ConditionalCheckFailedException({ message, $metadata: {}, ...(Item && { Item }) })
    }
    return undefined
  }
}

interface DynamoResponse {
  status: number | undefined
  body: { __type?: string; message?: string; Item?: NonNullable<GetItemCommandOutput['Item']> }
}

/** DynamoDB usually responds within ten milliseconds. The time for a free socket is included. */
const deadlineMs = 1000

/** After a freeze, idle sockets may be closed without notice. */
const maxIdleMs = 20_000

/** Sends a request. Returns undefined if there is no response, or if its body is not JSON. */
function dynamoExchange({ protocol, hostname, port }: Endpoint, agents: Agents, now: () => number) {
  const [request, agent] = protocol === 'http:' ? [plain, agents.http] : [secure, agents.https]
  let usedAt = now()
  return (headers: Record<string, string>, body: string) =>
    new Promise<DynamoResponse | undefined>((resolve) => {
      if (now() - usedAt > maxIdleMs) closeIdleSockets(agent)
      usedAt = now()
      const fail = () => resolve(undefined)
      const outgoing = request({ method: 'POST', hostname, port, agent, headers }, (incoming) => {
        let text = ''
        incoming.setEncoding('utf8').on('data', (part: string) => (text += part))
        incoming.on('error', fail).on('end', () => resolve(parseBody(incoming.statusCode, text)))
      })
      const deadline = setTimeout(() => outgoing.destroy(), deadlineMs)
      // A response that breaks off closes the request without an error.
      outgoing.on('error', fail).on('close', () => {
        clearTimeout(deadline)
        fail()
      })
      outgoing.end(body)
    })
}

function closeIdleSockets({ freeSockets }: Agent): void {
  for (const socket of Object.values(freeSockets).flat()) socket?.destroy()
}

function parseBody(status: number | undefined, text: string): DynamoResponse | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body && !Array.isArray(body) ? { status, body } : undefined
  } catch {
    return undefined
  }
}
