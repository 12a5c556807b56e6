import { noSpending } from '../../lambdas/domain/budget/spending.ts'
import { fresh, type Stores } from './ports.ts'

/** The behaviour of every BudgetStore. */
export function budgetContract(stores: () => Stores): void {
  const budgets = () => stores().budgets
  const spending = { units: 100, messages: 2, bad: 3, refused: 4 }

  it('returns the sum of what was spent in a window', async () => {
    const user = fresh('user')
    expect(await budgets().spent(user, 7)).toEqual(noSpending)
    expect(await budgets().add(user, 7, spending)).toEqual(spending)
    expect(await budgets().add(user, 7, { ...spending, units: -30 })).toEqual({
      units: 70,
      messages: 4,
      bad: 6,
      refused: 8,
    })
    expect(await budgets().spent(user, 7)).toEqual({ units: 70, messages: 4, bad: 6, refused: 8 })
  })

  it('loses nothing of twenty concurrent additions', async () => {
    const user = fresh('user')
    await Promise.all(Array.from({ length: 20 }, () => budgets().add(user, 1, spending)))
    expect(await budgets().spent(user, 1)).toEqual({ units: 2000, messages: 40, bad: 60, refused: 80 })
  })

  it('does not mix up users or windows', async () => {
    const [user, other] = [fresh('user'), fresh('user')]
    await budgets().add(user, 1, spending)
    expect(await budgets().spent(user, 2)).toEqual(noSpending)
    expect(await budgets().spent(other, 1)).toEqual(noSpending)
  })

  it('knows until when a user is shut out', async () => {
    const [user, other] = [fresh('user'), fresh('user')]
    expect(await budgets().shutOutUntil(user)).toBe(0)
    await budgets().shutOut(user, 1_764_000_000_123)
    await budgets().shutOut(user, 1_764_000_060_123)
    expect(await budgets().shutOutUntil(user)).toBe(1_764_000_060_123)
    expect(await budgets().shutOutUntil(other)).toBe(0)
  })
}
