import { fresh, type Stores } from './ports.ts'

/** What every PeopleStore promises. */
export function peopleContract(stores: () => Stores): void {
  const people = () => stores().people

  it('gives back somebody as they were seen last', async () => {
    const user = fresh('user')
    await people().put({ user, name: 'First 😀', groups: ['ops'], seenAt: 1 })
    const profile = { user, name: 'Second', groups: ['dev', 'a:b#c'], seenAt: 2 }
    await people().put(profile)
    expect(await people().find(user)).toEqual(profile)
  })

  it('knows nobody who was never seen', async () => {
    expect(await people().find(fresh('user'))).toBeUndefined()
    expect(await people().groupsOf([fresh('user')])).toEqual(new Map())
    expect(await people().groupsOf([])).toEqual(new Map())
  })

  it('tells the groups of more people than one batch of the database holds, some named twice', async () => {
    const users = Array.from({ length: 120 }, () => fresh('user'))
    await Promise.all(users.map((user) => people().put({ user, name: user, groups: [`group of ${user}`], seenAt: 1 })))
    const alone = fresh('user')
    await people().put({ user: alone, name: alone, groups: [], seenAt: 1 })
    const groups = await people().groupsOf([...users, ...users, alone, fresh('stranger')])
    expect(groups.size).toBe(121)
    for (const user of users) expect(groups.get(user)).toEqual([`group of ${user}`])
    expect(groups.get(alone)).toEqual([])
  })
}
