import { createHmac, hash } from 'node:crypto'
import { type Agent, request as plain } from 'node:http'
import { type Agent as SecureAgent, request as secure } from 'node:https'
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type GetItemCommandOutput,
} from '@aws-sdk/client-dynamodb'

/*
 * What every message asks of DynamoDB, on the shortest way there: the SDK's own work on such a call takes as long as the
 * call, and between the look at a log's end and the put behind it others look as well. Only a plain answer comes this
 * way. Where there is none, the call goes the SDK's way, with its tries and its errors: a put may be carried out more than
 * once, as with the SDK alone, and whoever makes it under a condition has to know their own.
 */

const short = new Map([
  ['GetItemCommand', 'GetItem'],
  ['BatchGetItemCommand', 'BatchGetItem'],
  ['QueryCommand', 'Query'],
  ['PutItemCommand', 'PutItem'],
])

interface Endpoint {
  protocol: string
  hostname: string
  port?: number | undefined
}

/** What DynamoDB says, or nothing where it does not say so plainly. */
type DirectCall = (operation: string, input: object) => Promise<GetItemCommandOutput | undefined>

/** The lines of the client, which both ways use. */
export interface Agents {
  http: Agent
  https: SecureAgent
}

/** Shortens the way of a client's most frequent calls. Its first call goes the long one and tells where DynamoDB is. */
export function useFastPath(client: DynamoDBClient, lines: Agents, now = Date.now): void {
  let ask: DirectCall | undefined
  client.middlewareStack.add(
    (next) => async (args) => {
      if (!ask && isPlace(args.request)) ask = asking(client, args.request, lines, now)
      return next(args)
    },
    { step: 'build', name: 'learnPlace' },
  )
  client.middlewareStack.add(
    (next, { commandName = '' }) => {
      const operation = short.get(commandName)
      if (operation === undefined) return next
      return async (args) => {
        const output = await ask?.(operation, args.input)
        return output ? { output, response: undefined } : next(args)
      }
    },
    { step: 'initialize', priority: 'high', name: 'goShortWay' },
  )
}

const isPlace = (request: unknown): request is Endpoint =>
  typeof request === 'object' && request !== null && 'protocol' in request && 'hostname' in request

function asking({ config }: DynamoDBClient, place: Endpoint, lines: Agents, now: () => number): DirectCall {
  const { hostname, port } = place
  const sign = signing(port === undefined ? hostname : `${hostname}:${port}`, now)
  const exchange = exchanging(place, lines, now)
  return async (operation, input) => {
    const [credentials, region] = await Promise.all([config.credentials(), config.region()])
    const body = JSON.stringify(input)
    const reply = await exchange(sign(operation, body, credentials, region), body)
    if (reply?.status === 200) return { ...reply.said, $metadata: {} }
    if (reply?.status === 400 && /#ConditionalCheckFailedException$/.test(String(reply.said.__type))) {
      const { message = '', Item } = reply.said
      throw new ConditionalCheckFailedException({ message, $metadata: {}, ...(Item && { Item }) })
    }
    return undefined
  }
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

type Credentials = Awaited<ReturnType<DynamoDBClient['config']['credentials']>>

/** The headers of a call, Signature Version 4 among them, as the SDK signs. */
function signing(host: string, now: () => number) {
  let kept: { of: string; key: Buffer } | undefined
  return (operation: string, body: string, by: Credentials, region: string): Record<string, string> => {
    const time = new Date(now()).toISOString().replace(/[-:]|\.\d+/g, '')
    const scope = [time.slice(0, 8), region, 'dynamodb', 'aws4_request']
    const of = [by.secretAccessKey, ...scope].join(' ')
    if (kept?.of !== of) kept = { of, key: scope.reduce<Buffer>(hmac, Buffer.from(`AWS4${by.secretAccessKey}`)) }
    const digest = hash('sha256', body)
    const headers = {
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/x-amz-json-1.0',
      host,
      'x-amz-content-sha256': digest,
      'x-amz-date': time,
      ...(by.sessionToken && { 'x-amz-security-token': by.sessionToken }),
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    }
    const names = Object.keys(headers).join(';')
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
    const canonical = hash('sha256', `POST\n/\n\n${lines.join('')}\n${names}\n${digest}`)
    const signature = hmac(kept.key, `AWS4-HMAC-SHA256\n${time}\n${scope.join('/')}\n${canonical}`).toString('hex')
    const credential = `${by.accessKeyId}/${scope.join('/')}`
    return {
      ...headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
    }
  }
}

interface Reply {
  status: number | undefined
  said: { __type?: string; message?: string; Item?: NonNullable<GetItemCommandOutput['Item']> }
}

/** DynamoDB mostly answers within ten milliseconds. Whoever waits for a line waits within the same second. */
const longestMs = 1000

/** A function that thaws may find that its lines have died unheard. */
const longestIdleMs = 20_000

/** Makes the exchange. Nothing where there was no answer, or none in JSON. */
function exchanging({ protocol, hostname, port }: Endpoint, lines: Agents, now: () => number) {
  const [request, agent] = protocol === 'http:' ? [plain, lines.http] : [secure, lines.https]
  let usedAt = now()
  return (headers: Record<string, string>, body: string) =>
    new Promise<Reply | undefined>((resolve) => {
      if (now() - usedAt > longestIdleMs) hangUp(agent)
      usedAt = now()
      const none = () => resolve(undefined)
      const outgoing = request({ method: 'POST', hostname, port, agent, headers }, (incoming) => {
        let text = ''
        incoming.setEncoding('utf8').on('data', (part: string) => (text += part))
        incoming.on('error', none).on('end', () => resolve(replyIn(incoming.statusCode, text)))
      })
      const deadline = setTimeout(() => outgoing.destroy(), longestMs)
      // One that was cut off in the middle of its answer ends without an error.
      outgoing.on('error', none).on('close', () => {
        clearTimeout(deadline)
        none()
      })
      outgoing.end(body)
    })
}

function hangUp({ freeSockets }: Agent): void {
  for (const socket of Object.values(freeSockets).flat()) socket?.destroy()
}

function replyIn(status: number | undefined, text: string): Reply | undefined {
  try {
    const said: unknown = JSON.parse(text)
    return typeof said === 'object' && said && !Array.isArray(said) ? { status, said } : undefined
  } catch {
    return undefined
  }
}
