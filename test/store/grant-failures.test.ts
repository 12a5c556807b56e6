import type { Grant } from '../../lambdas/domain/access/roles.ts'
import { breaking, type Fault, losing, refusing } from '../support/dynamodb/faults.ts'
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
    ['the connection broke', breaking('Error', 'ECONNRESET')],
    ['the answer was an internal error', refusing(500, 'InternalServerError')],
    ['the answer took too long', breaking('TimeoutError')],
  ])('that was stored although %s is a change', async (_, fault) => {
    const roomId = fresh('room')
    given().faults.next('PutItem', losing(fault))
    expect(await given().stores.roles.grant(roomId, [grantOf('ana', 5)])).toEqual(['user:ana'])
    expect(given().faults.tries).toEqual(['PutItem', 'PutItem'])
    expect(await given().stores.roles.list(roomId, 'member', undefined)).toEqual({ grants: [grantOf('ana', 5)] })
  })

  it.each([
    ['earlier', grantOf('ana', 4)],
    ['by another', grantOf('ana', 5, 'chief')],
  ])('of what was granted %s is no change, whatever answer was lost', async (_, standing) => {
    const roomId = fresh('room')
    await given().stores.roles.grant(roomId, [standing])
    given().faults.next('PutItem', losing(breaking('Error', 'ECONNRESET')))
    expect(await given().stores.roles.grant(roomId, [grantOf('ana', 5)])).toEqual([])
  })
})

it.each([
  [
    'granting',
    'PutItem',
    (roomId: string) => given().stores.roles.grant(roomId, [grantOf('ana', 5), grantOf('ben', 5)]),
  ],
  [
    'revoking',
    'DeleteItem',
    (roomId: string) => given().stores.roles.revoke(roomId, 'member', ['user:ana', 'user:ben']),
  ],
])('%s fails only when nothing of it is under way any more', async (_, command, work) => {
  let arrived = false
  const late: Fault = async (pass) => {
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    arrived = true
    return pass()
  }
  given().faults.next(command, refusing(400, 'ValidationException'), late)
  await expect(work(fresh('room'))).rejects.toMatchObject({ name: 'ValidationException' })
  expect(arrived).toBe(true)
})
