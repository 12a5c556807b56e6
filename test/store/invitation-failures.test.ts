import { connectionError, errorResponse, lostResponse } from '../support/dynamodb/faults.ts'
import { refusal } from '../support/refusals.ts'
import { faultyStores } from './faulty-stores.ts'
import { fresh } from './ports.ts'

const given = faultyStores()

const invite = (user: string, roomId: string) =>
  given().stores.roles.invite(roomId, { role: 'member', principal: `user:${user}`, createdAt: 1, createdBy: 'ana' })

const stateOf = async (user: string, roomId: string) => {
  given().faults.clear()
  const { roles } = await given().stores.roles.held(roomId, [`user:${user}`])
  const invitations = await given().stores.invitations.list(user, 0, 10)
  return { roles, invitations: invitations.map(({ invitationId }) => invitationId) }
}

const conflict = errorResponse(400, 'TransactionCanceledException', {
  CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict', Message: 'injected' }],
})

describe('an invitation', () => {
  it('is created once if its response is lost', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    given().faults.next('TransactWriteItems', lostResponse(connectionError('TimeoutError')))
    expect(await invite(user, roomId)).toMatchObject({ invitationId: 1 })
    expect(await stateOf(user, roomId)).toEqual({ roles: ['member'], invitations: [1] })
  })

  it('is stored together with its grant if all responses are lost, and a retry adds nothing', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    given().faults.always('TransactWriteItems', lostResponse(connectionError('TimeoutError')))
    expect((await refusal(invite(user, roomId))).code).toBe('unavailable')
    expect(await stateOf(user, roomId)).toEqual({ roles: ['member'], invitations: [1] })
    expect(await invite(user, roomId)).toBeUndefined()
    expect(await stateOf(user, roomId)).toEqual({ roles: ['member'], invitations: [1] })
  })

  it('waits for other writes to the same items', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    given().faults.next('TransactWriteItems', conflict, conflict, conflict)
    expect(await invite(user, roomId)).toMatchObject({ invitationId: 1 })
    expect(given().stores.clock.slept).toHaveLength(3)
  })

  it('fails as unavailable and stores nothing while the table is throttled', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    given().faults.always('TransactWriteItems', errorResponse(400, 'ThrottlingException'))
    expect((await refusal(invite(user, roomId))).code).toBe('unavailable')
    expect(await stateOf(user, roomId)).toEqual({ roles: [], invitations: [] })
  })

  it('is not created for a list of members that was replaced in the meantime', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    const grant = { role: 'member', principal: `user:${user}`, createdAt: 1, createdBy: 'ana' } as const
    expect(await given().stores.roles.invite(roomId, grant, 2)).toBeUndefined()
    expect(await stateOf(user, roomId)).toEqual({ roles: [], invitations: [] })
  })
})
