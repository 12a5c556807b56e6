import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { useFastPath } from '../../lambdas/store/fast-path.ts'
import { beforeSigning, withoutSdkHeaders } from '../support/dynamodb/sdk-headers.ts'
import { selfSigned } from '../support/socket/certificate.ts'
import { type Behaviour, type RawServer, reply, startRawServer } from '../support/socket/raw-server.ts'

let mockAuthority: string | undefined
jest.mock('node:https', () => {
  const https = jest.requireActual('node:https')
  class Agent extends https.Agent {
    constructor(options: object) {
      super({ ...options, ca: mockAuthority })
    }
  }
  return { ...https, Agent }
})

const moment = Date.parse('2026-11-23T23:59:59.999Z')
const longTerm = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const temporary = { ...longTerm, sessionToken: `IQoJb3JpZ2lu${'aB3/+='.repeat(150)}` }

const found = { Item: { pk: { S: 'room#r' }, n: { N: '7' }, text: { S: 'Grüße 😀 \u2028' }, on: { BOOL: true } } }
const answering = (status: number, content: object | string): Behaviour => {
  const body = typeof content === 'string' ? content : JSON.stringify(content)
  return (_, socket) => socket.write(reply(status, body, 'content-type: application/x-amz-json-1.0\r\n'))
}
const success = answering(200, found)
const refusal = (status: number, type: string, more: object = {}) =>
  answering(status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'refused', ...more })

const Key = { pk: { S: 'room#r' }, sk: { S: 'Grüße 😀' } }
const get = () => new GetItemCommand({ TableName: 'Rooms', Key, ConsistentRead: true })
const put = () => new PutItemCommand({ TableName: 'Messages', Item: { ...Key, no: { NULL: true } } })

let server: RawServer
let client: DynamoDBClient
/** The behaviours of the server for the next requests, one each. The last one remains. */
let behaviours: Behaviour[]

async function connect(options: Partial<DynamoDBClientConfig> = {}, certificate?: { cert: string; key: string }) {
  behaviours = [success]
  const handle: Behaviour = (request, socket) => {
    const next = behaviours.length > 1 ? behaviours.shift() : behaviours[0]
    next?.(request, socket)
  }
  server = await startRawServer(handle, certificate)
  const endpoint = `${certificate ? 'https://localhost' : 'http://127.0.0.1'}:${server.port}`
  const pool = { keepAlive: true }
  const agents = { http: new Agent(pool), https: new SecureAgent(pool) }
  client = new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: temporary,
    maxAttempts: 2,
    cacheMiddleware: true,
    requestHandler: { httpAgent: agents.http, httpsAgent: agents.https },
    ...options,
  })
  client.middlewareStack.addRelativeTo(withoutSdkHeaders({ userAgent: false }), beforeSigning)
  useFastPath(client, agents, () => Date.now())
}

/** The path of each request. Only the SDK sends a user agent. */ const paths = () =>
  server.requests.map(({ headers }) => ('user-agent' in headers ? 'sdk' : 'fast'))

beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(moment)
  // Makes the random waits of the SDK as short as possible.
  jest.spyOn(Math, 'random').mockReturnValue(0)
})

afterEach(async () => {
  jest.restoreAllMocks()
  client.destroy()
  await server.close()
})

const frequent: [string, () => unknown, object][] = [
  ['a read of one key', get, found],
  [
    'a batch read',
    () => new BatchGetItemCommand({ RequestItems: { Rooms: { Keys: [Key], ConsistentRead: true } } }),
    { Responses: { Rooms: [found.Item] }, UnprocessedKeys: { Rooms: { Keys: [Key], ConsistentRead: true } } },
  ],
  [
    'a query',
    () =>
      new QueryCommand({
        TableName: 'Messages',
        Limit: 2,
        ScanIndexForward: false,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'room#r' } },
      }),
    { Items: [found.Item], Count: 1, ScannedCount: 1, LastEvaluatedKey: Key },
  ],
  ['a put', put, { Attributes: found.Item }],
]
const rare = {
  'an update': () => new UpdateItemCommand({ TableName: 'Rooms', Key }),
  'a deletion': () => new DeleteItemCommand({ TableName: 'Rooms', Key }),
  'a transaction': () => new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName: 'Rooms', Key } }] }),
}
const send = (command: () => unknown) => client.send(Object(command()))

describe.each([
  ['temporary credentials', temporary],
  ['long-term credentials', longTerm],
])('with %s', (_, credentials) => {
  test.each(frequent)('%s is sent exactly like by the SDK, including the signature', async (_, command, content) => {
    await connect({ credentials })
    behaviours = [answering(200, content)]
    const { $metadata: _sdk, ...bySdk } = await send(command)
    const { $metadata: _fast, ...byFastPath } = await send(command)
    expect(bySdk).toEqual(content)
    expect(byFastPath).toEqual(content)
    const [sdk, fast] = server.requests
    const { 'user-agent': userAgent, ...headers } = sdk?.headers ?? {}
    expect(userAgent).toContain('aws-sdk-js')
    expect(fast?.headers).toEqual(headers)
    expect([fast?.method, fast?.path, fast?.body]).toEqual([sdk?.method, sdk?.path, sdk?.body])
  })
})

test.each(Object.entries(rare))('%s is sent by the SDK', async (_, command) => {
  await connect()
  for (let count = 0; count < 2; count++) await send(command)
  expect(paths()).toEqual(['sdk', 'sdk'])
})

test('a signature uses the present day and key', async () => {
  let credentials: typeof longTerm = temporary
  await connect({ credentials: async () => ({ ...credentials, expiration: new Date(moment) }) })
  await client.send(get())
  const signedBy = async () => {
    await client.send(get())
    return /Credential=(.+?\/\d+)/.exec(server.requests.at(-1)?.headers.authorization ?? '')?.[1]
  }
  expect(await signedBy()).toBe('AKIDEXAMPLE/20261123')
  jest.spyOn(Date, 'now').mockReturnValue(moment + 1)
  expect(await signedBy()).toBe('AKIDEXAMPLE/20261124')
  credentials = { ...longTerm, accessKeyId: 'AKIDRENEWED' }
  expect(await signedBy()).toBe('AKIDRENEWED/20261124')
  expect(paths()).toEqual(['sdk', 'fast', 'fast', 'fast'])
})

test('a renewed secret of the same key changes the signature', async () => {
  let secretAccessKey = longTerm.secretAccessKey
  await connect({ credentials: async () => ({ ...longTerm, secretAccessKey, expiration: new Date(moment) }) })
  const signed = async () => {
    await client.send(get())
    return /Signature=(\w+)$/.exec(server.requests.at(-1)?.headers.authorization ?? '')?.[1]
  }
  const bySdk = await signed()
  expect(await signed()).toBe(bySdk)
  secretAccessKey = 'another/secret'
  const renewed = await signed()
  expect(renewed).toMatch(/^[0-9a-f]{64}$/)
  expect(renewed).not.toBe(bySdk)
  expect(paths()).toEqual(['sdk', 'fast', 'fast'])
})

test('a failed condition is reported like by the SDK, with the stored item and without a retry', async () => {
  await connect()
  await client.send(get())
  behaviours = [refusal(400, 'ConditionalCheckFailedException', found)]
  const error: unknown = await client.send(put()).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(ConditionalCheckFailedException)
  expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', message: 'refused', ...found })
  expect(paths()).toEqual(['sdk', 'fast'])
})

const failures: Record<string, Behaviour> = {
  throttling: refusal(400, 'ThrottlingException'),
  'an expired token': refusal(400, 'ExpiredTokenException'),
  'an internal error': refusal(500, 'InternalServerError'),
  'an error without a body': answering(502, ''),
  'the page of a proxy': answering(200, '<html>Welcome</html>'),
  'a null': answering(200, 'null'),
  'an error with a null': answering(400, 'null'),
  'a list': answering(200, '[]'),
  'a closed connection': (_, socket) => socket.destroy(),
  'an incomplete response': (_, socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"Item":{}}'),
  'an incomplete chunked response': (_, socket) =>
    socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\n{"Item":{}}\r\n'),
  'a response that is no HTTP': (_, socket) => socket.end('hello\r\n'),
  'a timeout': () => undefined,
}

test.each(Object.entries(failures))('%s makes the SDK repeat the call', async (_, behaviour) => {
  await connect()
  await client.send(get())
  behaviours = [behaviour, success]
  expect(await client.send(get())).toMatchObject(found)
  expect(await client.send(get())).toMatchObject(found)
  expect(paths()).toEqual(['sdk', 'fast', 'sdk', 'fast'])
})

test('an invalid call is reported by the SDK', async () => {
  await connect()
  await client.send(get())
  behaviours = [refusal(400, 'ValidationException')]
  await expect(client.send(get())).rejects.toMatchObject({ name: 'ValidationException', message: 'refused' })
  expect(paths()).toEqual(['sdk', 'fast', 'sdk'])
})

test('a response in several pieces is joined, even if a character is split', async () => {
  await connect()
  await client.send(get())
  const whole = Buffer.from(reply(200, JSON.stringify(found)))
  const middle = whole.indexOf('😀') + 2
  behaviours = [
    (_, socket) => {
      socket.write(whole.subarray(0, middle))
      setImmediate(() => socket.write(whole.subarray(middle)))
    },
  ]
  expect(await client.send(get())).toMatchObject(found)
  expect(paths()).toEqual(['sdk', 'fast'])
})

test('calls on both paths share one connection', async () => {
  await connect()
  for (const command of [get, get, rare['an update'], put]) await send(command)
  expect(paths()).toEqual(['sdk', 'fast', 'sdk', 'fast'])
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 1])
})

test('a connection that was idle for more than twenty seconds is not used again', async () => {
  await connect()
  await client.send(get())
  const connectionAfter = async (ms: number) => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + ms)
    await client.send(get())
    return server.requests.at(-1)?.connection
  }
  expect(await connectionAfter(20_000)).toBe(1)
  expect(await connectionAfter(20_000)).toBe(1)
  expect(await connectionAfter(20_001)).toBe(2)
  expect(await connectionAfter(0)).toBe(2)
})

test('the fast path is encrypted like the path of the SDK', async () => {
  const certificate = selfSigned('localhost')
  mockAuthority = certificate.cert
  await connect({}, certificate)
  for (let count = 0; count < 3; count++) expect(await client.send(get())).toMatchObject(found)
  expect(paths()).toEqual(['sdk', 'fast', 'fast'])
})
