import { fresh, type Stores } from './ports.ts'

/** The behaviour of every SuspensionStore. */
export function suspensionContract(stores: () => Stores): void {
  const suspensions = () => stores().suspensions

  it('returns the last suspension of a user', async () => {
    const user = fresh('user')
    await suspensions().put({ user, since: 1, by: 'root', until: 9, reason: 'Spam 😀' })
    expect(await suspensions().find(user)).toEqual({ user, since: 1, by: 'root', until: 9, reason: 'Spam 😀' })
    await suspensions().put({ user, since: 2, by: 'other' })
    expect(await suspensions().find(user)).toEqual({ user, since: 2, by: 'other' })
  })

  it('returns nothing for a user who was not suspended', async () => {
    expect(await suspensions().find(fresh('user'))).toBeUndefined()
    expect(await suspensions().remove(fresh('user'))).toBe(false)
  })

  it('removes a suspension once', async () => {
    const user = fresh('user')
    await suspensions().put({ user, since: 1, by: 'root' })
    expect([await suspensions().remove(user), await suspensions().remove(user)]).toEqual([true, false])
    expect(await suspensions().find(user)).toBeUndefined()
    expect((await suspensions().list('', 1000)).map((one) => one.user)).not.toContain(user)
  })

  it('lists the suspensions by user, in pages', async () => {
    const prefix = fresh('listed')
    const users = ['a', 'b', 'c'].map((letter) => `${prefix}#${letter}`)
    for (const user of users.toReversed()) await suspensions().put({ user, since: 1, by: 'root', reason: user })
    const first = await suspensions().list(prefix, 2)
    expect(first.map(({ user, reason }) => [user, reason])).toEqual(users.slice(0, 2).map((user) => [user, user]))
    const [next] = await suspensions().list(first[1]?.user ?? '', 1)
    expect(next).toEqual({ user: users[2], since: 1, by: 'root', reason: users[2] })
  })
}
