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
import { beforeSigning, modest } from '../support/dynamodb/slow-store.ts'
import { selfSigned } from '../support/socket/certificate.ts'
import { type Behaviour, type Peer, reply, startPeer } from '../support/socket/raw-peer.ts'

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
const lasting = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const passing = { ...lasting, sessionToken: `IQoJb3JpZ2lu${'aB3/+='.repeat(150)}` }

const found = { Item: { pk: { S: 'room#r' }, n: { N: '7' }, text: { S: 'Grüße 😀 \u2028' }, on: { BOOL: true } } }
const answering = (status: number, said: object | string): Behaviour => {
  const body = typeof said === 'string' ? said : JSON.stringify(said)
  return (_, socket) => socket.write(reply(status, body, 'content-type: application/x-amz-json-1.0\r\n'))
}
const plainly = answering(200, found)
const refusing = (status: number, type: string, more: object = {}) =>
  answering(status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'said so', ...more })

const Key = { pk: { S: 'room#r' }, sk: { S: 'Grüße 😀' } }
const get = () => new GetItemCommand({ TableName: 'Rooms', Key, ConsistentRead: true })
const put = () => new PutItemCommand({ TableName: 'Messages', Item: { ...Key, no: { NULL: true } } })

let peer: Peer
let client: DynamoDBClient
/** What the peer does with the requests to come, one each; the last of them with all others. */
let behaviours: Behaviour[]

async function connect(options: Partial<DynamoDBClientConfig> = {}, certificate?: { cert: string; key: string }) {
  behaviours = [plainly]
  const behave: Behaviour = (request, socket) => {
    const next = behaviours.length > 1 ? behaviours.shift() : behaviours[0]
    next?.(request, socket)
  }
  peer = await startPeer(behave, certificate)
  const endpoint = `${certificate ? 'https://localhost' : 'http://127.0.0.1'}:${peer.port}`
  const pool = { keepAlive: true }
  const lines = { http: new Agent(pool), https: new SecureAgent(pool) }
  client = new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: passing,
    maxAttempts: 2,
    cacheMiddleware: true,
    requestHandler: { httpAgent: lines.http, httpsAgent: lines.https },
    ...options,
  })
  client.middlewareStack.addRelativeTo(modest({ nameless: false }), beforeSigning)
  useFastPath(client, lines, () => Date.now())
}

/** The way that each request took: only the SDK names itself. */
const ways = () => peer.requests.map(({ headers }) => ('user-agent' in headers ? 'long' : 'short'))

beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(moment)
  // The SDK waits a random while between its tries; this is the shortest.
  jest.spyOn(Math, 'random').mockReturnValue(0)
})

afterEach(async () => {
  jest.restoreAllMocks()
  client.destroy()
  await peer.close()
})

const frequent: [string, () => unknown, object][] = [
  ['a reading of one key', get, found],
  [
    'a reading of many keys',
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
  ['credentials of a role', passing],
  ['lasting credentials', lasting],
])('with %s', (_, credentials) => {
  test.each(frequent)('%s is sent as the SDK sends it, signature included', async (_, command, said) => {
    await connect({ credentials })
    behaviours = [answering(200, said)]
    const { $metadata: _long, ...bySdk } = await send(command)
    const { $metadata: _short, ...shortly } = await send(command)
    expect(bySdk).toEqual(said)
    expect(shortly).toEqual(said)
    const [long, short] = peer.requests
    const { 'user-agent': itself, ...headers } = long?.headers ?? {}
    expect(itself).toContain('aws-sdk-js')
    expect(short?.headers).toEqual(headers)
    expect([short?.method, short?.path, short?.body]).toEqual([long?.method, long?.path, long?.body])
  })
})

test.each(Object.entries(rare))('%s goes the way of the SDK', async (_, command) => {
  await connect()
  for (let count = 0; count < 2; count++) await send(command)
  expect(ways()).toEqual(['long', 'long'])
})

test('day and key are those of the moment', async () => {
  let credentials: typeof lasting = passing
  await connect({ credentials: async () => ({ ...credentials, expiration: new Date(moment) }) })
  await client.send(get())
  const signedBy = async () => {
    await client.send(get())
    return /Credential=(.+?\/\d+)/.exec(peer.requests.at(-1)?.headers.authorization ?? '')?.[1]
  }
  expect(await signedBy()).toBe('AKIDEXAMPLE/20261123')
  jest.spyOn(Date, 'now').mockReturnValue(moment + 1)
  expect(await signedBy()).toBe('AKIDEXAMPLE/20261124')
  credentials = { ...lasting, accessKeyId: 'AKIDRENEWED' }
  expect(await signedBy()).toBe('AKIDRENEWED/20261124')
  expect(ways()).toEqual(['long', 'short', 'short', 'short'])
})

test('a secret that is renewed under the same name signs anew', async () => {
  let secretAccessKey = lasting.secretAccessKey
  await connect({ credentials: async () => ({ ...lasting, secretAccessKey, expiration: new Date(moment) }) })
  const signed = async () => {
    await client.send(get())
    return /Signature=(\w+)$/.exec(peer.requests.at(-1)?.headers.authorization ?? '')?.[1]
  }
  const bySdk = await signed()
  expect(await signed()).toBe(bySdk)
  secretAccessKey = 'another/secret'
  const renewed = await signed()
  expect(renewed).toMatch(/^[0-9a-f]{64}$/)
  expect(renewed).not.toBe(bySdk)
  expect(ways()).toEqual(['long', 'short', 'short'])
})

test('a broken condition is told as the SDK tells it, with what is there, and is not tried again', async () => {
  await connect()
  await client.send(get())
  behaviours = [refusing(400, 'ConditionalCheckFailedException', found)]
  const error: unknown = await client.send(put()).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(ConditionalCheckFailedException)
  expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', message: 'said so', ...found })
  expect(ways()).toEqual(['long', 'short'])
})

const unplain: Record<string, Behaviour> = {
  throttling: refusing(400, 'ThrottlingException'),
  'an expired token': refusing(400, 'ExpiredTokenException'),
  'an internal error': refusing(500, 'InternalServerError'),
  'an error without words': answering(502, ''),
  'the words of a proxy': answering(200, '<html>Welcome</html>'),
  nothing: answering(200, 'null'),
  'an error that says nothing': answering(400, 'null'),
  'a list': answering(200, '[]'),
  'somebody who hangs up': (_, socket) => socket.destroy(),
  'an answer that is cut off': (_, socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"Item":{}}'),
  'an answer in pieces that is cut off': (_, socket) =>
    socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\n{"Item":{}}\r\n'),
  'what is no HTTP': (_, socket) => socket.end('hello\r\n'),
  silence: () => undefined,
}

test.each(Object.entries(unplain))('%s sends a call the way of the SDK', async (_, behaviour) => {
  await connect()
  await client.send(get())
  behaviours = [behaviour, plainly]
  expect(await client.send(get())).toMatchObject(found)
  expect(await client.send(get())).toMatchObject(found)
  expect(ways()).toEqual(['long', 'short', 'long', 'short'])
})

test('what is not understood is told by the SDK', async () => {
  await connect()
  await client.send(get())
  behaviours = [refusing(400, 'ValidationException')]
  await expect(client.send(get())).rejects.toMatchObject({ name: 'ValidationException', message: 'said so' })
  expect(ways()).toEqual(['long', 'short', 'long'])
})

test('answers in several pieces are put together, wherever they were cut', async () => {
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
  expect(ways()).toEqual(['long', 'short'])
})

test('calls one after the other share a line, whichever way they go', async () => {
  await connect()
  for (const command of [get, get, rare['an update'], put]) await send(command)
  expect(ways()).toEqual(['long', 'short', 'long', 'short'])
  expect(peer.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 1])
})

test('a line that nobody has used for twenty seconds is not used again', async () => {
  await connect()
  await client.send(get())
  const lineAfter = async (ms: number) => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + ms)
    await client.send(get())
    return peer.requests.at(-1)?.connection
  }
  expect(await lineAfter(20_000)).toBe(1)
  expect(await lineAfter(20_000)).toBe(1)
  expect(await lineAfter(20_001)).toBe(2)
  expect(await lineAfter(0)).toBe(2)
})

test('the way is encrypted where that of the SDK is', async () => {
  const certificate = selfSigned('localhost')
  mockAuthority = certificate.cert
  await connect({}, certificate)
  for (let count = 0; count < 3; count++) expect(await client.send(get())).toMatchObject(found)
  expect(ways()).toEqual(['long', 'short', 'short'])
})
