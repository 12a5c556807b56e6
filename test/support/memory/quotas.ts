import type { Counted, QuotaStore } from '../../../lambdas/domain/budget/quotas.ts'

/** The counts of each user and day in memory. */
export class MemoryQuotas implements QuotaStore {
  readonly #counts = new Map<string, number>()

  async take(user: string, counted: Counted, day: number, more: number, most: number): Promise<boolean> {
    const key = JSON.stringify([user, counted, day])
    const sum = (this.#counts.get(key) ?? 0) + more
    if (sum > most) return false
    this.#counts.set(key, sum)
    return true
  }
}
