import type { Grant } from '../../lambdas/domain/access/roles.ts'
import { connectionError, errorResponse, type Fault, lostResponse } from '../support/dynamodb/faults.ts'
import { faultyStores } from './faulty-stores.ts'
import { fresh } from './ports.ts'

const given = faultyStores()

const grantOf = (user: string, createdAt: number, createdBy = 'boss'): Grant => ({
  role: 'member',
  principal: `user:${user}`,
  createdAt,
  createdBy,
})

describe('a grant', () => {
  it.each([
    ['a broken connection', connectionError('Error', 'ECONNRESET')],
    ['an internal error', errorResponse(500, 'InternalServerError')],
    ['a timeout', connectionError('TimeoutError')],
  ])('counts as a change if it was stored before %s', async (_, fault) => {
    const roomId = fresh('room')
    given().faults.next('PutItem', lostResponse(fault))
    expect(await given().stores.roles.grant(roomId, [grantOf('ana', 5)])).toEqual(['user:ana'])
    expect(given().faults.tries).toEqual(['PutItem', 'PutItem'])
    expect(await given().stores.roles.list(roomId, 'member', undefined)).toEqual({ grants: [grantOf('ana', 5)] })
  })

  it.each([
    ['at an earlier time', grantOf('ana', 4)],
    ['by another user', grantOf('ana', 5, 'chief')],
  ])('does not count as a change if the role was granted %s, even if a response is lost', async (_, earlier) => {
    const roomId = fresh('room')
    await given().stores.roles.grant(roomId, [earlier])
    given().faults.next('PutItem', lostResponse(connectionError('Error', 'ECONNRESET')))
    expect(await given().stores.roles.grant(roomId, [grantOf('ana', 5)])).toEqual([])
  })
})

it.each([
  [
    'a grant',
    'PutItem',
    (roomId: string) => given().stores.roles.grant(roomId, [grantOf('ana', 5), grantOf('ben', 5)]),
  ],
  [
    'a revocation',
    'DeleteItem',
    (roomId: string) => given().stores.roles.revoke(roomId, 'member', ['user:ana', 'user:ben']),
  ],
])('%s of many roles fails only after all its calls have ended', async (_, command, work) => {
  let ended = false
  const late: Fault = async (pass) => {
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    ended = true
    return pass()
  }
  given().faults.next(command, errorResponse(400, 'ValidationException'), late)
  await expect(work(fresh('room'))).rejects.toMatchObject({ name: 'ValidationException' })
  expect(ended).toBe(true)
})
