import { fresh, type Stores } from './ports.ts'

/** The behaviour of every BlockStore. */
export function blockContract(stores: () => Stores): void {
  const blocks = () => stores().blocks

  it('lists the users whom a user blocks, each once', async () => {
    const user = fresh('user')
    expect(await blocks().list(user)).toEqual([])
    for (const other of ['eve', 'a#b:c', 'eve', '😀 mallory']) await blocks().add(user, other, 1)
    expect((await blocks().list(user)).sort()).toEqual(['a#b:c', 'eve', '😀 mallory'])
  })

  it('forgets a block that is taken back, also twice', async () => {
    const user = fresh('user')
    await blocks().add(user, 'eve', 1)
    await blocks().add(user, 'mallory', 1)
    await blocks().remove(user, 'eve')
    await blocks().remove(user, 'eve')
    expect(await blocks().list(user)).toEqual(['mallory'])
  })

  it('finds those of many users who block another user', async () => {
    const [ana, ben, cem, eve] = [fresh('user'), fresh('user'), fresh('user'), fresh('user')]
    await blocks().add(ana, eve, 1)
    await blocks().add(ben, `${eve}x`, 1)
    await blocks().add(eve, cem, 1)
    expect(await blocks().blocking([ana, ben, cem, ana], eve)).toEqual(new Set([ana]))
    expect(await blocks().blocking([], eve)).toEqual(new Set())
  })

  it('does not mix up blocks with other data of a user', async () => {
    const user = fresh('user')
    await stores().preferences.set(user, 'x', 'data')
    await blocks().add(user, 'eve', 1)
    expect(await blocks().list(user)).toEqual(['eve'])
    expect(await stores().preferences.use(user, 100)).toEqual({ labels: 1, bytes: 4 })
  })
}
