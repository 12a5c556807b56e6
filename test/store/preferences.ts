import { fresh, type Stores } from './ports.ts'

/** The behaviour of every PreferenceStore. */
export function preferenceContract(stores: () => Stores): void {
  const preferences = () => stores().preferences

  it('returns the stored data with a version that counts up', async () => {
    const user = fresh('user')
    expect(await preferences().find(user, 'theme')).toBeUndefined()
    expect(await preferences().set(user, 'theme', 'dark 😀\n')).toBe(1)
    expect(await preferences().find(user, 'theme')).toEqual({ data: 'dark 😀\n', version: 1 })
    expect(await preferences().set(user, 'theme', '')).toBe(2)
    expect(await preferences().find(user, 'theme')).toEqual({ data: '', version: 2 })
  })

  it('gives each of twenty concurrent changes another version', async () => {
    const user = fresh('user')
    const versions = await Promise.all(Array.from({ length: 20 }, (_, at) => preferences().set(user, 'x', `${at}`)))
    expect([...versions].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    expect(await preferences().find(user, 'x')).toEqual({ data: String(versions.indexOf(20)), version: 20 })
  })

  it('knows how many labels a user has and how many bytes of data', async () => {
    const [user, other] = [fresh('user'), fresh('user')]
    expect(await preferences().use(user, 100)).toEqual({ labels: 0, bytes: 0 })
    await preferences().set(user, 'a', 'ä😀')
    await preferences().set(user, 'b', 'xyz')
    await preferences().set(user, 'b', 'xy')
    await preferences().set(other, 'a', 'z')
    expect(await preferences().use(user, 100)).toEqual({ labels: 2, bytes: 8 })
    expect((await preferences().use(user, 1)).bytes).toBeGreaterThan(1)
  })

  it('does not mix up users or labels', async () => {
    const [user, other] = [fresh('user'), fresh('user')]
    await preferences().set(user, 'a', '1')
    for (const label of ['b', 'A', 'a ', 'a#b']) expect(await preferences().find(user, label)).toBeUndefined()
    expect(await preferences().find(other, 'a')).toBeUndefined()
  })
}
