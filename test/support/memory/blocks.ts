import type { BlockStore } from '../../../lambdas/domain/access/blocks.ts'

/** Who blocks whom, in memory. */
export class MemoryBlocks implements BlockStore {
  readonly #byUser = new Map<string, Set<string>>()

  async blocking(users: readonly string[], other: string): Promise<Set<string>> {
    return new Set(users.filter((user) => this.#byUser.get(user)?.has(other)))
  }

  async list(user: string): Promise<string[]> {
    return [...(this.#byUser.get(user) ?? [])]
  }

  async add(user: string, other: string): Promise<void> {
    this.#byUser.set(user, new Set([...(this.#byUser.get(user) ?? []), other]))
  }

  async remove(user: string, other: string): Promise<void> {
    this.#byUser.get(user)?.delete(other)
  }
}
