import type { Grant } from '../../lambdas/domain/access/roles.ts'
import { roomOf } from '../support/memory/fixtures.ts'
import { fresh, type Stores } from './ports.ts'

/** The behaviour of every InvitationStore and of the GrantStore that writes the invitations. */
export function invitationContract(stores: () => Stores): void {
  const membership = (user: string, createdAt = 12): Grant => ({
    role: 'member',
    principal: `user:${user}`,
    createdAt,
    createdBy: 'ana',
  })

  const invite = (user: string, roomId: string, createdAt?: number) =>
    stores().roles.invite(roomId, membership(user, createdAt))

  const numbersOf = async (user: string, after = 0, limit = 1000) =>
    (await stores().invitations.list(user, after, limit)).map(({ invitationId }) => invitationId)

  it('stores a grant and an invitation together', async () => {
    const user = fresh('user')
    const roomId = fresh('room')
    await stores().rooms.create(roomOf(roomId, { name: roomId }), undefined)
    expect(await invite(user, roomId)).toEqual({ invitationId: 1, user, roomId, createdAt: 12 })
    expect(await stores().invitations.list(user, 0, 10)).toEqual([{ invitationId: 1, user, roomId, createdAt: 12 }])
    expect((await stores().roles.held(roomId, [`user:${user}`])).roles).toEqual(['member'])
    expect((await stores().roles.list(roomId, 'member', undefined)).grants).toEqual([membership(user)])
  })

  it('does not invite a user who holds the role already', async () => {
    const [user, other, roomId] = [fresh('user'), fresh('user'), fresh('room')]
    await invite(user, roomId)
    expect(await invite(user, roomId, 99)).toBeUndefined()
    await stores().roles.grant(roomId, [membership(other)])
    expect(await invite(other, roomId)).toBeUndefined()
    const { grants } = await stores().roles.list(roomId, 'member', undefined)
    expect(grants).toHaveLength(2)
    expect(grants).toEqual(expect.arrayContaining([membership(user), membership(other)]))
    expect(await numbersOf(user)).toEqual([1])
    expect(await numbersOf(other)).toEqual([])
  })

  it('invites a user again after their membership was revoked', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    await invite(user, roomId)
    await stores().roles.revoke(roomId, 'member', [`user:${user}`])
    expect(await invite(user, roomId)).toMatchObject({ invitationId: 2, roomId })
  })

  it('numbers twenty concurrent invitations of one user without a gap', async () => {
    const user = fresh('user')
    const made = await Promise.all(Array.from({ length: 20 }, () => invite(user, fresh('room'))))
    const numbers = made.map((each) => each?.invitationId ?? 0).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    expect(await numbersOf(user)).toEqual(numbers)
  })

  it('creates one invitation for twenty concurrent requests with the same room', async () => {
    const [user, roomId] = [fresh('user'), fresh('room')]
    const made = await Promise.all(Array.from({ length: 20 }, () => invite(user, roomId)))
    expect(made.filter(Boolean)).toHaveLength(1)
    expect(await numbersOf(user)).toEqual([1])
  })

  it('lists the invitations after a number in numerical order, up to the limit', async () => {
    const user = fresh('user')
    for (let nr = 0; nr < 102; nr++) await invite(user, fresh('room'))
    expect(await numbersOf(user)).toEqual(Array.from({ length: 102 }, (_, at) => at + 1))
    expect(await numbersOf(user, 8, 4)).toEqual([9, 10, 11, 12])
    expect(await numbersOf(user, 98)).toEqual([99, 100, 101, 102])
    expect(await numbersOf(user, 102)).toEqual([])
    expect(await numbersOf(user, Number.MAX_SAFE_INTEGER)).toEqual([])
  })

  it('knows whether so many invitations of a user were made after a time', async () => {
    const user = fresh('user')
    const hasSince = (count: number, time: number) => stores().invitations.hasSince(user, count, time)
    expect(await hasSince(1, 0)).toBe(false)
    for (const createdAt of [10, 20, 30]) await invite(user, fresh('room'), createdAt)
    expect(await hasSince(3, 9)).toBe(true)
    expect(await hasSince(3, 10)).toBe(false)
    expect(await hasSince(2, 19)).toBe(true)
    expect(await hasSince(2, 20)).toBe(false)
    expect(await hasSince(4, 0)).toBe(false)
  })

  it('does not mix up users with similar ids, or invitations with other data of a user', async () => {
    const user = fresh('user')
    await invite(user, fresh('room'))
    await stores().preferences.set(user, 'x', 'data')
    expect(await numbersOf(`${user}#invitation`)).toEqual([])
    expect(await invite(`${user}:`, fresh('room'))).toMatchObject({ invitationId: 1 })
    expect(await invite(user, fresh('room'))).toMatchObject({ invitationId: 2 })
    expect(await numbersOf(user)).toEqual([1, 2])
  })
}
