import { createServer, type Server } from 'node:http'
import type { Session } from '../../lambdas/domain/sessions/sessions.ts'
import { dynamoClient } from '../../lambdas/store/client.ts'
import { dynamoStores } from '../support/dynamodb/dynamodb.ts'
import { connectionError, errorResponse, type Fault, lostResponse, responseOf } from '../support/dynamodb/faults.ts'
import { categoryOf, roomOf } from '../support/memory/fixtures.ts'
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

const transient: [string, Fault][] = [
  ['throttling', errorResponse(400, 'ThrottlingException')],
  ['too many requests for the table', errorResponse(400, 'ProvisionedThroughputExceededException')],
  ['too many requests for the account', errorResponse(400, 'RequestLimitExceeded')],
  ['an internal error', errorResponse(500, 'InternalServerError')],
  ['a conflict with a transaction', errorResponse(400, 'TransactionConflictException')],
  ['an unavailable service', errorResponse(503, 'ServiceUnavailable')],
  ['a timeout', connectionError('TimeoutError')],
  ['a reset connection', connectionError('Error', 'ECONNRESET')],
  ['a refused connection', connectionError('Error', 'ECONNREFUSED')],
  ['a broken pipe', connectionError('Error', 'EPIPE')],
]

/** Transient errors that look like a defect of the program. */
const disguised: [string, Fault][] = [
  ['a timed-out connection', connectionError('Error', 'ETIMEDOUT')],
  ['a failed look-up of the host name', connectionError('Error', 'EAI_AGAIN')],
  ['a 502 without a body', async () => responseOf(502, '')],
  ['a 503 of a proxy', async () => responseOf(503, '<html>Service Unavailable</html>')],
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
  it.each(transient)('succeeds after %s', async (_, fault) => {
    given().faults.next(command, fault)
    // The SDK does not retry a conflict with a transaction.
    if (fault === transient[4]?.[1]) expect((await refusal(work())).code).toBe('unavailable')
    else await work()
  })

  it.each(transient)('fails as unavailable after few tries if each one meets %s', async (_, fault) => {
    given().faults.always(command, fault)
    const refused = await refusal(work())
    expect(refused).toMatchObject({ code: 'unavailable', retryAfterMs: 500 })
    expect(given().faults.tries.filter((tried) => tried === command).length).toBeLessThanOrEqual(5)
  })

  it.each(disguised)('fails as unavailable if each try meets %s', async (_, fault) => {
    given().faults.always(command, fault)
    expect((await refusal(work())).code).toBe('unavailable')
  })

  it('reports an invalid call as a defect and not as a refusal', async () => {
    given().faults.always(command, errorResponse(400, 'ValidationException'))
    await expect(work()).rejects.toMatchObject({ name: 'ValidationException' })
    expect(given().faults.tries).toHaveLength(1)
  })
})

describe('a put of a message', () => {
  it.each([
    ['a broken connection', connectionError('Error', 'ECONNRESET')],
    ['an internal error', errorResponse(500, 'InternalServerError')],
    ['a timeout', connectionError('TimeoutError')],
  ])('succeeds on retry if it was stored before %s', async (_, fault) => {
    const roomId = await openLog()
    given().faults.next('PutItem', lostResponse(fault))
    expect(await given().stores.messages.put(roomId, entryOf(1))).toBe('stored')
    expect(given().faults.tries).toEqual(['PutItem', 'PutItem'])
    expect(await given().stores.messages.read(roomId, 1, 10)).toEqual([entryOf(1)])
  })

  it('returns the entry that was there before if its first response is lost', async () => {
    const roomId = await openLog()
    await given().stores.messages.put(roomId, entryOf(1, 'earlier'))
    given().faults.next('PutItem', lostResponse(connectionError('Error', 'ECONNRESET')))
    expect(await given().stores.messages.put(roomId, entryOf(1, 'later'))).toEqual(entryOf(1, 'earlier'))
  })

  it('fails as unavailable if all responses are lost, although the entry is stored', async () => {
    const roomId = await openLog()
    given().faults.always('PutItem', lostResponse(connectionError('Error', 'ECONNRESET')))
    expect((await refusal(given().stores.messages.put(roomId, entryOf(1)))).code).toBe('unavailable')
    expect(await given().stores.messages.read(roomId, 1, 10)).toEqual([entryOf(1)])
  })
})

describe('a transaction', () => {
  const conflict = errorResponse(400, 'TransactionCanceledException', {
    CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }, { Code: 'None' }, { Code: 'None' }],
  })

  it('waits for other transactions on the same items', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Conflict') })
    given().faults.next('TransactWriteItems', conflict, conflict, conflict)
    expect(await given().stores.rooms.create(room, undefined)).toBe('created')
    expect(given().stores.clock.slept).toHaveLength(3)
    expect(await given().stores.rooms.find(room.roomId)).toEqual(room)
  })

  it('fails after some conflicts and stores nothing', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Conflict') })
    given().faults.always('TransactWriteItems', conflict)
    expect((await refusal(given().stores.rooms.create(room, undefined))).code).toBe('unavailable')
    expect(given().faults.tries.length).toBeLessThanOrEqual(8)
    expect(await given().stores.rooms.find(room.roomId)).toBeUndefined()
    expect(await given().stores.rooms.named(room.name)).toBeUndefined()
  })

  it('reports a failed condition rather than a conflict', async () => {
    const session = await joinedSession()
    const reasons = [{ Code: 'TransactionConflict' }, { Code: 'ConditionalCheckFailed' }]
    given().faults.next(
      'TransactWriteItems',
      errorResponse(400, 'TransactionCanceledException', { CancellationReasons: reasons }),
    )
    expect(await given().stores.sessions.join(session, 100)).toBe('again')
  })

  it('creates a room once and reports success if its response is lost', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Lost') })
    given().faults.next('TransactWriteItems', lostResponse(connectionError('Error', 'ECONNRESET')))
    expect(await given().stores.rooms.create(room, undefined)).toBe('created')
    expect(await given().stores.rooms.find(room.roomId)).toEqual(room)
  })

  it('changes a room once and reports success if its response is lost', async () => {
    const room = roomOf(fresh('room'), { name: fresh('Lost') })
    await given().stores.rooms.create(room, undefined)
    const after = { ...room, name: fresh('Found'), version: 2 }
    given().faults.next('TransactWriteItems', lostResponse(connectionError('Error', 'ECONNRESET')))
    expect(await given().stores.rooms.replace(room, after)).toBe('replaced')
    expect(await given().stores.rooms.find(room.roomId)).toEqual(after)
  })

  it('counts a room once if its response is lost', async () => {
    const category = categoryOf(fresh('category'))
    expect(await given().stores.categories.create(category)).toBe('created')
    const room = roomOf(fresh('room'), { name: fresh('Lost'), categoryId: category.categoryId })
    given().faults.next('TransactWriteItems', lostResponse(connectionError('Error', 'ECONNRESET')))
    expect(await given().stores.rooms.create(room, undefined)).toBe('created')
    expect(await given().stores.categories.remove(category)).toBe('occupied')
    given().faults.next('TransactWriteItems', lostResponse(errorResponse(500, 'InternalServerError')))
    expect(await given().stores.rooms.remove(room)).toBe('removed')
    given().faults.next('TransactWriteItems', lostResponse(connectionError('TimeoutError')))
    expect(await given().stores.categories.remove(category)).toBe('removed')
  })

  it('joins once and reports success if its response is lost', async () => {
    const session = await openSession()
    given().faults.next('TransactWriteItems', lostResponse(connectionError('Error', 'ECONNRESET')))
    expect(await given().stores.sessions.join(session, 100)).toBe('joined')
    expect(await given().stores.sessions.roster(session.roomId)).toEqual([session])
  })
})

describe('the end of a session', () => {
  it('succeeds if its response is lost, so that the caller announces it', async () => {
    const { roomId, connectionId } = await joinedSession()
    given().faults.next('TransactWriteItems', lostResponse(connectionError('Error', 'ECONNRESET')))
    expect(await given().stores.sessions.end(roomId, connectionId)).toBe(true)
  })

  it('changes nothing if it fails, and the next close ends the session', async () => {
    const session = await joinedSession()
    const { roomId, connectionId } = session
    given().faults.always('TransactWriteItems', connectionError('Error', 'ECONNRESET'))
    await refusal(given().stores.sessions.end(roomId, connectionId))
    given().faults.clear()
    expect(await given().stores.sessions.find(roomId, connectionId)).toEqual(session)
    expect(await given().stores.sessions.close(connectionId, 1)).toEqual([roomId])
    expect(await given().stores.sessions.end(roomId, connectionId, undefined, 'closed')).toBe(true)
  })
})

describe('a database that accepts calls but never responds', () => {
  let silent: Server

  beforeAll(async () => {
    silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  })

  afterAll(async () => {
    silent.closeAllConnections()
    await new Promise((resolve) => silent.close(resolve))
  })

  it('causes a timeout', async () => {
    const address = silent.address()
    process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const hanging = dynamoClient()
    const { messages } = dynamoStores(hanging, given().db.tables)
    expect((await refusal(messages.put('r', entryOf(1)))).code).toBe('unavailable')
    hanging.destroy()
  })
})
