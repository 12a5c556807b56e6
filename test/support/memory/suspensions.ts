import type { Suspension, SuspensionStore } from '../../../lambdas/domain/people/suspensions.ts'

/** The suspensions of users in memory. */
export class MemorySuspensions implements SuspensionStore {
  readonly #suspensions = new Map<string, Suspension>()

  async find(user: string): Promise<Suspension | undefined> {
    return structuredClone(this.#suspensions.get(user))
  }

  async put(suspension: Suspension): Promise<void> {
    this.#suspensions.set(suspension.user, structuredClone(suspension))
  }

  async remove(user: string): Promise<boolean> {
    return this.#suspensions.delete(user)
  }

  async list(after: string, most: number): Promise<Suspension[]> {
    return [...this.#suspensions.values()]
      .filter(({ user }) => user > after)
      .sort((a, b) => (a.user < b.user ? -1 : 1))
      .slice(0, most)
      .map((suspension) => structuredClone(suspension))
  }
}
