import { addSpending, noSpending, type Spending } from '../../../lambdas/domain/budget/spending.ts'
import type { BudgetStore } from '../../../lambdas/domain/budget/user-budget.ts'

/** The budgets of users in memory. `adds` counts the writes. */
export class MemoryBudgets implements BudgetStore {
  adds = 0
  readonly #windows = new Map<string, Spending>()
  readonly #shutOut = new Map<string, number>()

  async add(user: string, window: number, spent: Spending): Promise<Spending> {
    this.adds++
    const sum = this.#sum(user, window)
    addSpending(sum, spent)
    this.#windows.set(`${user} ${window}`, sum)
    return { ...sum }
  }

  async spent(user: string, window: number): Promise<Spending> {
    return this.#sum(user, window)
  }

  #sum(user: string, window: number): Spending {
    return { ...(this.#windows.get(`${user} ${window}`) ?? noSpending) }
  }

  async shutOut(user: string, until: number): Promise<void> {
    this.#shutOut.set(user, until)
  }

  async shutOutUntil(user: string): Promise<number> {
    return this.#shutOut.get(user) ?? 0
  }
}
