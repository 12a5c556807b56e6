import { fresh, type Stores } from './ports.ts'

/** The behaviour of every ProfileStore. */
export function profileContract(stores: () => Stores): void {
  const profiles = () => stores().people

  it('returns the last profile of a user', async () => {
    const user = fresh('user')
    await profiles().put({ user, name: 'First 😀', groups: ['ops'], seenAt: 1 })
    const profile = { user, name: 'Second', groups: ['dev', 'a:b#c'], seenAt: 2 }
    await profiles().put(profile)
    expect(await profiles().find(user)).toEqual(profile)
  })

  it('returns nothing for an unknown user', async () => {
    expect(await profiles().find(fresh('user'))).toBeUndefined()
    expect(await profiles().groupsOf([fresh('user')])).toEqual(new Map())
    expect(await profiles().groupsOf([])).toEqual(new Map())
  })

  it('returns the groups of more users than fit in one batch, even if some are named twice', async () => {
    const users = Array.from({ length: 120 }, () => fresh('user'))
    await Promise.all(
      users.map((user) => profiles().put({ user, name: user, groups: [`group of ${user}`], seenAt: 1 })),
    )
    const withoutGroups = fresh('user')
    await profiles().put({ user: withoutGroups, name: withoutGroups, groups: [], seenAt: 1 })
    const groups = await profiles().groupsOf([...users, ...users, withoutGroups, fresh('unknown user')])
    expect(groups.size).toBe(121)
    for (const user of users) expect(groups.get(user)).toEqual([`group of ${user}`])
    expect(groups.get(withoutGroups)).toEqual([])
  })
}
