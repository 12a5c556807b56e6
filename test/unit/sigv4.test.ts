import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import type { Credentials } from '../../lambdas/aws/credentials.ts'
import { postClient } from '../../lambdas/aws/post-to-connection.ts'
import { aboutItself, beforeSigning, modest as withoutItself } from '../support/dynamodb/slow-store.ts'
import { answering, type Peer, startPeer } from '../support/socket/raw-peer.ts'

/** Whatever host a request is meant for, it goes to the peer of this test, and in the clear: signatures do not differ. */
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

const lasting: Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const passing: Credentials = {
  ...lasting,
  accessKeyId: 'ASIAEXAMPLE',
  sessionToken: `IQoJb3JpZ2lu${'aB3/+='.repeat(150)}`,
}

interface Situation {
  endpoint: string
  connectionId: string
  frame: string
  credentials: Credentials
  region: string
}
const usual: Situation = {
  endpoint: 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/chat',
  connectionId: 'L0SM9cOFvHcCIhw=',
  frame: '{"type":"message","text":"hello"}',
  credentials: passing,
  region: 'eu-west-1',
}
const situations: Record<string, Situation> = {
  'credentials of a role': usual,
  'lasting credentials': { ...usual, credentials: lasting },
  'another region': { ...usual, region: 'us-gov-east-1' },
  'an id with everything that base64 knows': { ...usual, connectionId: 'a+b/c+/d==' },
  'an id with what no escaping agrees on': { ...usual, connectionId: "it's (a) *test*!~-._ %2F" },
  'an id beyond ASCII': { ...usual, connectionId: 'é😀' },
  'an empty frame': { ...usual, frame: '' },
  'a frame beyond ASCII': { ...usual, frame: '{"text":"Grüße 😀 \u2028"}' },
  'a frame of 32 KiB': { ...usual, frame: 'x'.repeat(32 * 1024) },
  'no stage in the path': { ...usual, endpoint: 'https://chat.example.com' },
  'a slash for a path': { ...usual, endpoint: 'https://chat.example.com/' },
  'a path that ends with a slash': { ...usual, endpoint: 'https://chat.example.com/chat/' },
  'a path of several parts': { ...usual, endpoint: 'https://chat.example.com/one//two/x y~' },
  'a host in capitals': { ...usual, endpoint: 'https://Chat.Example.COM/chat' },
  'a port of its own': { ...usual, endpoint: 'https://chat.example.com:8443/chat' },
  'the usual port, named': { ...usual, endpoint: 'https://chat.example.com:443/chat' },
  'no TLS': { ...usual, endpoint: 'http://127.0.0.1:3000/chat' },
  'an IPv6 address': { ...usual, endpoint: 'http://[::1]:3000/chat' },
}

interface Signed {
  method: string
  path: string
  headers: Record<string, string>
}

/** What the SDK would send. Without what it says of itself, it has the same to sign as the poster. */
async function bySdk(situation: Situation, { modest }: { modest: boolean }): Promise<Signed> {
  const { endpoint, region, credentials, connectionId, frame } = situation
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
  if (modest) client.middlewareStack.addRelativeTo(withoutItself({ nameless: true }), beforeSigning)
  await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from(frame) }))
  if (!sent) throw new Error('The SDK sent nothing.')
  return { method: sent.method, path: sent.path, headers: sorted(sent.headers) }
}

const sorted = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1)))

let peer: Peer
beforeAll(async () => {
  peer = await startPeer(answering(200))
  mockPort = peer.port
  jest.spyOn(Date, 'now').mockReturnValue(moment)
})
afterAll(() => peer.close())

async function byPoster({ connectionId, frame, credentials, ...where }: Situation): Promise<Signed> {
  const post = postClient({ ...where, credentials: async () => credentials, now: () => moment, deadlineMs: 1500 })
  expect(await post(connectionId, frame)).toBe(200)
  const last = peer.requests.at(-1)
  if (!last) throw new Error('Nothing was sent.')
  expect(last.body.toString()).toBe(frame)
  return { method: last.method, path: last.path, headers: sorted(last.headers) }
}

test.each(Object.entries(situations))('%s: sent as the SDK sends it, signature included', async (_, situation) => {
  expect(await byPoster(situation)).toEqual(await bySdk(situation, { modest: true }))
})

test('the signatures are those that were captured; UPDATE_GOLDEN=1 captures what the SDK signs now', async () => {
  if (process.env.UPDATE_GOLDEN === '1') {
    const captured: Record<string, Signed> = {}
    for (const [name, situation] of Object.entries(situations))
      captured[name] = await bySdk(situation, { modest: true })
    writeFileSync(goldenFile, `${JSON.stringify(captured, null, 2)}\n`)
  }
  const now: Record<string, Signed> = {}
  for (const [name, situation] of Object.entries(situations)) now[name] = await byPoster(situation)
  expect(now).toEqual(existsSync(goldenFile) ? JSON.parse(readFileSync(goldenFile, 'utf8')) : {})
})

test('besides, the SDK sends only what it says of itself', async () => {
  const [ours, theirs] = [await byPoster(usual), await bySdk(usual, { modest: false })]
  expect(Object.keys(theirs.headers)).toEqual([...Object.keys(ours.headers), ...aboutItself].sort())
})

test('one poster signs each frame, connection, second, day and key for itself', async () => {
  let now = moment
  let credentials: Credentials = passing
  // They outlast the first day, and no more.
  const provide = async () => ({ ...credentials, expiration: new Date(moment + 90_000_000) })
  const { endpoint, region } = usual
  const post = postClient({ endpoint, region, credentials: provide, now: () => now, deadlineMs: 1500 })
  const sendBoth = async (situation: Partial<Situation>) => {
    const { connectionId, frame } = { ...usual, ...situation }
    await post(connectionId, frame)
    const { method, path, headers } = peer.requests.at(-1) ?? {}
    jest.spyOn(Date, 'now').mockReturnValue(now)
    expect({ method, path, headers }).toEqual(await bySdk({ ...usual, ...situation, credentials }, { modest: true }))
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
  credentials = lasting
  await sendBoth({ frame: 'yetmore' })
  await sendBoth({})
})
