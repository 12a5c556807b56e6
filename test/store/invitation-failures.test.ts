import { breaking, losing, refusing } from '../support/dynamodb/faults.ts'
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

const conflict = refusing(400, 'TransactionCanceledException', {
  CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict', Message: 'injected' }],
})

describe('an invitation', () => {
  it('is made once although its answer was lost', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    given().faults.next('TransactWriteItems', losing(breaking('TimeoutError')))
    expect(await invite(user, roomId)).toMatchObject({ invitationId: 1 })
    expect(await stateOf(user, roomId)).toEqual({ roles: ['member'], invitations: [1] })
  })

  it('and its grant are both there or both not when no answer came at all, and a retry adds nothing', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    given().faults.always('TransactWriteItems', losing(breaking('TimeoutError')))
    expect((await refusal(invite(user, roomId))).code).toBe('unavailable')
    expect(await stateOf(user, roomId)).toEqual({ roles: ['member'], invitations: [1] })
    expect(await invite(user, roomId)).toBeUndefined()
    expect(await stateOf(user, roomId)).toEqual({ roles: ['member'], invitations: [1] })
  })

  it('waits while others write the same items', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    given().faults.next('TransactWriteItems', conflict, conflict, conflict)
    expect(await invite(user, roomId)).toMatchObject({ invitationId: 1 })
    expect(given().stores.clock.slept).toHaveLength(3)
  })

  it('is refused as unavailable, with nothing stored, while the table is throttled', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    given().faults.always('TransactWriteItems', refusing(400, 'ThrottlingException'))
    expect((await refusal(invite(user, roomId))).code).toBe('unavailable')
    expect(await stateOf(user, roomId)).toEqual({ roles: [], invitations: [] })
  })

  it('is not made for a list of members that was replaced since', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    const grant = { role: 'member', principal: `user:${user}`, createdAt: 1, createdBy: 'ana' } as const
    expect(await given().stores.roles.invite(roomId, grant, 2)).toBeUndefined()
    expect(await stateOf(user, roomId)).toEqual({ roles: [], invitations: [] })
  })
})
