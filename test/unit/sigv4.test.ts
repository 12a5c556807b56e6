import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import type { Credentials } from '../../lambdas/aws/credentials.ts'
import { postClient } from '../../lambdas/aws/post-to-connection.ts'
import { beforeSigning, sdkHeaders, withoutSdkHeaders } from '../support/dynamodb/sdk-headers.ts'
import { answering, type RawServer, startRawServer } from '../support/socket/raw-server.ts'

/** Requests to any host go to the server of this test, without encryption; this does not change the signature. */
let mockPort = 0
jest.mock('node:net', () => {
  const net = jest.requireActual('node:net')
  return { ...net, connect: () => net.connect(mockPort, '127.0.0.1') }
})
jest.mock('node:tls', () => ({
  ...jest.requireActual('node:tls'),
  connect: () => jest.requireActual('node:net').connect(mockPort, '127.0.0.1'),
}))

const goldenFile = join('test', 'unit', 'sigv4-signatures.golden.json')
const moment = Date.parse('2026-11-23T23:59:59.999Z')

const longTerm: Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const temporary: Credentials = {
  ...longTerm,
  accessKeyId: 'ASIAEXAMPLE',
  sessionToken: `IQoJb3JpZ2lu${'aB3/+='.repeat(150)}`,
}

interface Post {
  endpoint: string
  connectionId: string
  frame: string
  credentials: Credentials
  region: string
}
const usual: Post = {
  endpoint: 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/chat',
  connectionId: 'L0SM9cOFvHcCIhw=',
  frame: '{"type":"message","text":"hello"}',
  credentials: temporary,
  region: 'eu-west-1',
}
const posts: Record<string, Post> = {
  'temporary credentials': usual,
  'long-term credentials': { ...usual, credentials: longTerm },
  'another region': { ...usual, region: 'us-gov-east-1' },
  'an id with every kind of base64 character': { ...usual, connectionId: 'a+b/c+/d==' },
  'an id with characters that escaping functions treat differently': {
    ...usual,
    connectionId: "it's (a) *test*!~-._ %2F",
  },
  'an id beyond ASCII': { ...usual, connectionId: 'é😀' },
  'an empty frame': { ...usual, frame: '' },
  'a frame beyond ASCII': { ...usual, frame: '{"text":"Grüße 😀 \u2028"}' },
  'a frame of 32 KiB': { ...usual, frame: 'x'.repeat(32 * 1024) },
  'no stage in the path': { ...usual, endpoint: 'https://chat.example.com' },
  'a slash as the path': { ...usual, endpoint: 'https://chat.example.com/' },
  'a path that ends with a slash': { ...usual, endpoint: 'https://chat.example.com/chat/' },
  'a path of several parts': { ...usual, endpoint: 'https://chat.example.com/one//two/x y~' },
  'a host in capitals': { ...usual, endpoint: 'https://Chat.Example.COM/chat' },
  'another port': { ...usual, endpoint: 'https://chat.example.com:8443/chat' },
  'the explicit standard port': { ...usual, endpoint: 'https://chat.example.com:443/chat' },
  'no TLS': { ...usual, endpoint: 'http://127.0.0.1:3000/chat' },
  'an IPv6 address': { ...usual, endpoint: 'http://[::1]:3000/chat' },
}

interface Signed {
  method: string
  path: string
  headers: Record<string, string>
}

/** The request that the SDK would send. Without the SDK's own headers, it signs the same headers as the poster. */
async function bySdk(sample: Post, { sdkHeaders: keepsSdkHeaders }: { sdkHeaders: boolean }): Promise<Signed> {
  const { endpoint, region, credentials, connectionId, frame } = sample
  let sent: Signed | undefined
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    region,
    credentials,
    requestHandler: {
      handle: async ({ method, path, headers }: Signed) => {
        sent = { method, path, headers }
        return { response: { statusCode: 200, headers: {} } }
      },
    },
  })
  if (!keepsSdkHeaders) client.middlewareStack.addRelativeTo(withoutSdkHeaders({ userAgent: true }), beforeSigning)
  await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from(frame) }))
  if (!sent) throw new Error('The SDK sent nothing.')
  return { method: sent.method, path: sent.path, headers: sorted(sent.headers) }
}

const sorted = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1)))

let server: RawServer
beforeAll(async () => {
  server = await startRawServer(answering(200))
  mockPort = server.port
  jest.spyOn(Date, 'now').mockReturnValue(moment)
})
afterAll(() => server.close())

async function byPoster({ connectionId, frame, credentials, ...where }: Post): Promise<Signed> {
  const post = postClient({ ...where, credentials: async () => credentials, now: () => moment, deadlineMs: 1500 })
  expect(await post(connectionId, frame)).toBe(200)
  const last = server.requests.at(-1)
  if (!last) throw new Error('Nothing was sent.')
  expect(last.body.toString()).toBe(frame)
  return { method: last.method, path: last.path, headers: sorted(last.headers) }
}

test.each(Object.entries(posts))(
  'a post with %s is sent exactly like by the SDK, including the signature',
  async (_, sample) => {
    expect(await byPoster(sample)).toEqual(await bySdk(sample, { sdkHeaders: false }))
  },
)

test('the signatures equal the stored ones; UPDATE_GOLDEN=1 stores those of the SDK', async () => {
  if (process.env.UPDATE_GOLDEN === '1') {
    const stored: Record<string, Signed> = {}
    for (const [name, sample] of Object.entries(posts)) stored[name] = await bySdk(sample, { sdkHeaders: false })
    writeFileSync(goldenFile, `${JSON.stringify(stored, null, 2)}\n`)
  }
  const now: Record<string, Signed> = {}
  for (const [name, sample] of Object.entries(posts)) now[name] = await byPoster(sample)
  expect(now).toEqual(existsSync(goldenFile) ? JSON.parse(readFileSync(goldenFile, 'utf8')) : {})
})

test('the SDK adds only headers that describe itself', async () => {
  const [ours, theirs] = [await byPoster(usual), await bySdk(usual, { sdkHeaders: true })]
  expect(Object.keys(theirs.headers)).toEqual([...Object.keys(ours.headers), ...sdkHeaders].sort())
})

test('a poster signs correctly after a change of frame, connection, second, day or key', async () => {
  let now = moment
  let credentials: Credentials = temporary
  // Valid for a little more than a day.
  const provide = async () => ({ ...credentials, expiration: new Date(moment + 90_000_000) })
  const { endpoint, region } = usual
  const post = postClient({ endpoint, region, credentials: provide, now: () => now, deadlineMs: 1500 })
  const sendBoth = async (sample: Partial<Post>) => {
    const { connectionId, frame } = { ...usual, ...sample }
    await post(connectionId, frame)
    const { method, path, headers } = server.requests.at(-1) ?? {}
    jest.spyOn(Date, 'now').mockReturnValue(now)
    expect({ method, path, headers }).toEqual(await bySdk({ ...usual, ...sample, credentials }, { sdkHeaders: false }))
  }
  await sendBoth({})
  await sendBoth({ connectionId: 'another=' })
  await sendBoth({ frame: 'another' })
  await sendBoth({ frame: 'yetmore' })
  now += 1000
  await sendBoth({ frame: 'yetmore' })
  now += 86_400_000
  await sendBoth({ frame: 'yetmore' })
  now += 86_400_000
  credentials = longTerm
  await sendBoth({ frame: 'yetmore' })
  await sendBoth({})
})
