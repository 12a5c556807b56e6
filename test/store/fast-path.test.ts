import { dynamoClient } from '../../lambdas/store/client.ts'
import { type Database, database, dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { roomOf } from '../support/memory/scene.ts'
import { type Heard, reply, startPeer } from '../support/socket/raw-peer.ts'
import { fresh } from './ports.ts'

let db: Database

beforeAll(async () => {
  db = await database()
})

afterAll(() => db.stop())

/** Has the database answer what somebody else was asked. */
async function answerTo({ headers, body }: Heard, endpoint: string): Promise<string> {
  const names = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target']
  const passed = Object.fromEntries(names.map((name) => [name, headers[name] ?? '']))
  const answer = await fetch(endpoint, { method: 'POST', headers: passed, body })
  return reply(answer.status, await answer.text())
}

test('a message whose put was answered to nobody on the short way is stored once, and that is no conflict', async () => {
  const { rooms, messages } = dynamoStores(db.client(), db.tables)
  const roomId = fresh('room')
  await rooms.create(roomOf(roomId, { name: roomId }), undefined)

  const endpoint = String(process.env.AWS_ENDPOINT_URL_DYNAMODB)
  let puts = 0
  const peer = await startPeer((request, socket) => {
    const isFirstPut = request.headers['x-amz-target']?.endsWith('.PutItem') && ++puts === 1
    void answerTo(request, endpoint).then((answer) => (isFirstPut ? socket.destroy() : socket.write(answer)))
  })
  process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${peer.port}`
  const client = dynamoClient()
  const log = dynamoStores(client, db.tables).messages

  const head = await log.head(roomId)
  const entry = { seq: 1, sentAt: 1, from: { user: 'ana', name: 'Ana' }, body: { text: 'hello' } }
  expect(head?.seq).toBe(0)
  expect(await log.put(roomId, entry)).toBe('stored')
  expect(peer.requests.map(({ headers }) => ('user-agent' in headers ? 'long' : 'short'))).toEqual([
    'long',
    'short',
    'long',
  ])
  expect(await messages.read(roomId, 1, 10)).toEqual([entry])
  client.destroy()
  await peer.close()
})
