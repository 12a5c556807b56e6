import { createServer, type Server } from 'node:http'
import type { Session } from '../../lambdas/domain/sessions/sessions.ts'
import { dynamoClient } from '../../lambdas/store/client.ts'
import { dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { answerOf, breaking, type Fault, losing, refusing } from '../support/dynamodb/faults.ts'
import { categoryOf, roomOf } from '../support/memory/scene.ts'
import { refusal } from '../support/refusals.ts'
import { faultyStores } from './faulty-stores.ts'
import { fresh } from './ports.ts'

const given = faultyStores()

const entryOf = (seq: number, text = 'hello') => ({
  seq,
  sentAt: 1,
  from: { user: 'ana', name: 'Ana' },
  body: { text },
})

async function openLog(): Promise<string> {
  const roomId = fresh('room')
  await given().stores.rooms.create(roomOf(roomId, { name: roomId }), undefined)
  given().faults.clear()
  return roomId
}

async function openSession(): Promise<Session> {
  const connectionId = fresh('connection')
  const person = { user: 'ana', name: 'Ana', expiresAt: 2e9 }
  await given().stores.sessions.open({ connectionId, ...person, groups: [], connectedAt: 1 })
  const rights = { canChat: true, isManager: false, isPresenter: false, logged: true, confirmed: true }
  return { roomId: fresh('room'), connectionId, ...person, ...rights, joinedAt: 2 }
}

async function joinedSession(): Promise<Session> {
  const session = await openSession()
  await given().stores.sessions.join(session, 100)
  given().faults.clear()
  return session
}

const passing: [string, Fault][] = [
  ['throttling', refusing(400, 'ThrottlingException')],
  ['too much for the table', refusing(400, 'ProvisionedThroughputExceededException')],
  ['too much for the account', refusing(400, 'RequestLimitExceeded')],
  ['an internal error', refusing(500, 'InternalServerError')],
  ['an error of a transaction elsewhere', refusing(400, 'TransactionConflictException')],
  ['unavailability', refusing(503, 'ServiceUnavailable')],
  ['a timeout', breaking('TimeoutError')],
  ['a reset connection', breaking('Error', 'ECONNRESET')],
  ['a refused connection', breaking('Error', 'ECONNREFUSED')],
  ['a broken pipe', breaking('Error', 'EPIPE')],
]

/** Passing as well, but taken for a defect of the program. */
const misjudged: [string, Fault][] = [
  ['a connection that timed out', breaking('Error', 'ETIMEDOUT')],
  ['a name that did not resolve for a moment', breaking('Error', 'EAI_AGAIN')],
  ['a 502 without words', async () => answerOf(502, '')],
  ['a 503 in the words of a proxy', async () => answerOf(503, '<html>Service Unavailable</html>')],
]

describe.each([
  ['Query', () => given().stores.messages.read('r', 0, 10)],
  ['PutItem', () => given().stores.messages.put(fresh('room'), entryOf(1))],
  ['GetItem', () => given().stores.sessions.find('r', 'c')],
  ['UpdateItem', () => given().stores.sessions.close(fresh('connection'), 1)],
  ['DeleteItem', () => given().stores.roles.revoke('r', 'member', ['everyone'])],
  ['BatchGetItem', () => given().stores.roles.held('r', ['everyone'])],
  ['TransactWriteItems', () => given().stores.rooms.create(roomOf(fresh('room'), { name: fresh('F') }), undefined)],
])('a %s', (command, work) => {
  it.each(passing)('that meets %s once gets through', async (_, fault) => {
    given().faults.next(command, fault)
    // A conflict with a transaction is not the SDK's to retry.
    if (fault === passing[4]?.[1]) expect((await refusal(work())).code).toBe('unavailable')
    else await work()
  })

  it.each(passing)('that meets nothing but %s is refused as unavailable after few tries', async (_, fault) => {
    given().faults.always(command, fault)
    const refused = await refusal(work())
    expect(refused).toMatchObject({ code: 'unavailable', retryAfterMs: 500 })
    expect(given().faults.tries.filter((tried) => tried === command).length).toBeLessThanOrEqual(5)
  })

  it.each(misjudged)('that meets nothing but %s is refused as unavailable', async (_, fault) => {
    given().faults.always(command, fault)
    expect((await refusal(work())).code).toBe('unavailable')
  })

  it('that is not understood is a defect, not a refusal', async () => {
    given().faults.always(command, refusing(400, 'ValidationException'))
    await expect(work()).rejects.toMatchObject({ name: 'ValidationException' })
    expect(given().faults.tries).toHaveLength(1)
  })
})

describe('a put of a message', () => {
  it.each([
    ['the connection broke', breaking('Error', 'ECONNRESET')],
    ['the answer was an internal error', refusing(500, 'InternalServerError')],
    ['the answer took too long', breaking('TimeoutError')],
  ])('that was stored although %s is stored, not a conflict', async (_, fault) => {
    const roomId = await openLog()
    given().faults.next('PutItem', losing(fault))
    expect(await given().stores.messages.put(roomId, entryOf(1))).toBe('stored')
    expect(given().faults.tries).toEqual(['PutItem', 'PutItem'])
    expect(await given().stores.messages.read(roomId, 1, 10)).toEqual([entryOf(1)])
  })

  it('whose first answer was lost after another was there before it answers the other', async () => {
    const roomId = await openLog()
    await given().stores.messages.put(roomId, entryOf(1, 'earlier'))
    given().faults.next('PutItem', losing(breaking('Error', 'ECONNRESET')))
    expect(await given().stores.messages.put(roomId, entryOf(1, 'later'))).toEqual(entryOf(1, 'earlier'))
  })

  it('none of whose answers arrive is refused, and is there', async () => {
    const roomId = await openLog()
    given().faults.always('PutItem', losing(breaking('Error', 'ECONNRESET')))
    expect((await refusal(given().stores.messages.put(roomId, entryOf(1)))).code).toBe('unavailable')
    expect(await given().stores.messages.read(roomId, 1, 10)).toEqual([entryOf(1)])
  })
})

describe('a transaction', () => {
  const conflict = refusing(400, 'TransactionCanceledException', {
    CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }, { Code: 'None' }, { Code: 'None' }],
  })

  it('waits until others are done with its items', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Conflict') })
    given().faults.next('TransactWriteItems', conflict, conflict, conflict)
    expect(await given().stores.rooms.create(room, undefined)).toBe('created')
    expect(given().stores.clock.slept).toHaveLength(3)
    expect(await given().stores.rooms.find(room.roomId)).toEqual(room)
  })

  it('gives up when others are never done, and leaves nothing', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Conflict') })
    given().faults.always('TransactWriteItems', conflict)
    expect((await refusal(given().stores.rooms.create(room, undefined))).code).toBe('unavailable')
    expect(given().faults.tries.length).toBeLessThanOrEqual(8)
    expect(await given().stores.rooms.find(room.roomId)).toBeUndefined()
    expect(await given().stores.rooms.named(room.name)).toBeUndefined()
  })

  it('that meets a conflict and a broken condition at once answers the condition', async () => {
    const session = await joinedSession()
    const reasons = [{ Code: 'TransactionConflict' }, { Code: 'ConditionalCheckFailed' }]
    given().faults.next(
      'TransactWriteItems',
      refusing(400, 'TransactionCanceledException', { CancellationReasons: reasons }),
    )
    expect(await given().stores.sessions.join(session, 100)).toBe('again')
  })

  it('whose answer was lost creates the room once and says so', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Lost') })
    given().faults.next('TransactWriteItems', losing(breaking('Error', 'ECONNRESET')))
    expect(await given().stores.rooms.create(room, undefined)).toBe('created')
    expect(await given().stores.rooms.find(room.roomId)).toEqual(room)
  })

  it('whose answer was lost changes the room once and says so', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Lost') })
    await given().stores.rooms.create(room, undefined)
    const after = { ...room, name: fresh('Found'), version: 2 }
    given().faults.next('TransactWriteItems', losing(breaking('Error', 'ECONNRESET')))
    expect(await given().stores.rooms.replace(room, after)).toBe('replaced')
    expect(await given().stores.rooms.find(room.roomId)).toEqual(after)
  })

  it('whose answer was lost counts a room once', async () => {
    const category = categoryOf(fresh('category'))
    expect(await given().stores.categories.create(category)).toBe('created')
    const room = roomOf(fresh('room'), { name: fresh('Lost'), categoryId: category.categoryId })
    given().faults.next('TransactWriteItems', losing(breaking('Error', 'ECONNRESET')))
    expect(await given().stores.rooms.create(room, undefined)).toBe('created')
    expect(await given().stores.categories.remove(category)).toBe('occupied')
    given().faults.next('TransactWriteItems', losing(refusing(500, 'InternalServerError')))
    expect(await given().stores.rooms.remove(room)).toBe('removed')
    given().faults.next('TransactWriteItems', losing(breaking('TimeoutError')))
    expect(await given().stores.categories.remove(category)).toBe('removed')
  })

  it('whose answer was lost joins once and says so', async () => {
    const session = await openSession()
    given().faults.next('TransactWriteItems', losing(breaking('Error', 'ECONNRESET')))
    expect(await given().stores.sessions.join(session, 100)).toBe('joined')
    expect(await given().stores.sessions.roster(session.roomId)).toEqual([session])
  })
})

describe('a session', () => {
  it('whose ending was done but not answered counts as ended by it, so that its leaving is told', async () => {
    const { roomId, connectionId } = await joinedSession()
    given().faults.next('TransactWriteItems', losing(breaking('Error', 'ECONNRESET')))
    expect(await given().stores.sessions.end(roomId, connectionId)).toBe(true)
  })

  it('whose ending was cut off is there as before, and is ended by the next closing', async () => {
    const session = await joinedSession()
    const { roomId, connectionId } = session
    given().faults.always('TransactWriteItems', breaking('Error', 'ECONNRESET'))
    await refusal(given().stores.sessions.end(roomId, connectionId))
    given().faults.clear()
    expect(await given().stores.sessions.find(roomId, connectionId)).toEqual(session)
    expect(await given().stores.sessions.close(connectionId, 1)).toEqual([roomId])
    expect(await given().stores.sessions.end(roomId, connectionId, undefined, 'closed')).toBe(true)
  })
})

describe('a database that takes calls and never answers', () => {
  let silent: Server

  beforeAll(async () => {
    silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  })

  afterAll(async () => {
    silent.closeAllConnections()
    await new Promise((resolve) => silent.close(resolve))
  })

  it('does not hold a call for ever', async () => {
    const address = silent.address()
    process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const hanging = dynamoClient()
    const { messages } = dynamoStores(hanging, given().db.tables)
    expect((await refusal(messages.put('r', entryOf(1)))).code).toBe('unavailable')
    hanging.destroy()
  })
})
