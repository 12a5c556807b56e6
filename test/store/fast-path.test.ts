import { dynamoClient } from '../../lambdas/store/client.ts'
import { type Database, database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { roomOf } from '../support/memory/fixtures.ts'
import { type RawRequest, reply, startRawServer } from '../support/socket/raw-server.ts'
import { fresh } from './ports.ts'

let db: Database

beforeAll(async () => {
  db = await database()
})

afterAll(() => db.stop())

/** Forwards a request to the database. */
async function forward({ headers, body }: RawRequest, endpoint: string): Promise<string> {
  const names = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target']
  const passed = Object.fromEntries(names.map((name) => [name, headers[name] ?? '']))
  const response = await fetch(endpoint, { method: 'POST', headers: passed, body })
  return reply(response.status, await response.text())
}

test('a put whose response is lost on the fast path stores the message once and succeeds', async () => {
  const { rooms, messages } = dynamoStores(db.client(), db.tables)
  const roomId = fresh('room')
  await rooms.create(roomOf(roomId, { name: roomId }), undefined)

  const endpoint = String(process.env.AWS_ENDPOINT_URL_DYNAMODB)
  let puts = 0
  const server = await startRawServer((request, socket) => {
    const isFirstPut = request.headers['x-amz-target']?.endsWith('.PutItem') && ++puts === 1
    void forward(request, endpoint).then((response) => (isFirstPut ? socket.destroy() : socket.write(response)))
  })
  process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${server.port}`
  const client = dynamoClient()
  const log = dynamoStores(client, db.tables).messages

  const head = await log.head(roomId)
  const entry = { seq: 1, sentAt: 1, from: { user: 'ana', name: 'Ana' }, body: { text: 'hello' } }
  expect(head?.seq).toBe(0)
  expect(await log.put(roomId, entry)).toBe('stored')
  expect(server.requests.map(({ headers }) => ('user-agent' in headers ? 'sdk' : 'fast path'))).toEqual([
    'sdk',
    'fast path',
    'sdk',
  ])
  expect(await messages.read(roomId, 1, 10)).toEqual([entry])
  client.destroy()
  await server.close()
})
