import { fresh, type Stores } from './ports.ts'

/** The behaviour of every QuotaStore. */
export function quotaContract(stores: () => Stores): void {
  const take = (user: string, more: number, most: number, day = 7) =>
    stores().quotas.take(user, 'invitations', day, more, most)

  it('counts up to the limit, all of a call or nothing of it', async () => {
    const user = fresh('user')
    expect(await take(user, 3, 5)).toBe(true)
    expect(await take(user, 3, 5)).toBe(false)
    expect(await take(user, 2, 5)).toBe(true)
    expect(await take(user, 1, 5)).toBe(false)
    expect(await take(user, 1, 6)).toBe(true)
  })

  it('refuses at once what is more than the limit', async () => {
    const user = fresh('user')
    expect(await take(user, 6, 5)).toBe(false)
    expect(await take(user, 5, 5)).toBe(true)
  })

  it('admits exactly the limit of twenty concurrent calls', async () => {
    const user = fresh('user')
    const taken = await Promise.all(Array.from({ length: 20 }, () => take(user, 1, 12)))
    expect(taken.filter(Boolean)).toHaveLength(12)
  })

  it('does not mix up users, days or what is counted', async () => {
    const [user, other] = [fresh('user'), fresh('user')]
    expect(await take(user, 1, 1)).toBe(true)
    expect(await take(other, 1, 1)).toBe(true)
    expect(await take(user, 1, 1, 8)).toBe(true)
    expect(await stores().quotas.take(user, 'rooms', 7, 1, 1)).toBe(true)
    expect(await take(user, 1, 1)).toBe(false)
  })

  it('does not mix up counts and budgets', async () => {
    const user = fresh('user')
    await stores().budgets.add(user, 7, { units: 1, messages: 1, bad: 1, refused: 1 })
    expect(await take(user, 1, 1)).toBe(true)
    expect(await stores().budgets.spent(user, 7)).toMatchObject({ units: 1 })
  })
}
