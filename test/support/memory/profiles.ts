import type { Profile, ProfileStore } from '../../../lambdas/domain/people/profiles.ts'

/** The profile of every user in memory. */
export class MemoryProfiles implements ProfileStore {
  readonly #profiles = new Map<string, Profile>()
  /** What else is stored of users. */
  readonly #others: readonly { forget(user: string): void }[]
  /** Number of writes, of new and of known users. */
  writes = 0

  constructor(others: readonly { forget(user: string): void }[] = []) {
    this.#others = others
  }

  async find(user: string): Promise<Profile | undefined> {
    return structuredClone(this.#profiles.get(user))
  }

  async put(profile: Profile): Promise<void> {
    this.writes++
    this.#profiles.set(profile.user, structuredClone(profile))
  }

  async forget(user: string): Promise<void> {
    this.#profiles.delete(user)
    for (const kept of this.#others) kept.forget(user)
  }

  async groupsOf(users: readonly string[]): Promise<Map<string, string[]>> {
    const known = users.flatMap((user) => this.#profiles.get(user) ?? [])
    return new Map(known.map(({ user, groups }) => [user, [...groups]]))
  }
}
