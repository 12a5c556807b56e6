import type { Profile, ProfileStore } from '../../../lambdas/domain/people/profiles.ts'

/** The profile of every user in memory. */
export class MemoryProfiles implements ProfileStore {
  readonly #profiles = new Map<string, Profile>()
  /** Number of writes, of new and of known users. */
  writes = 0

  async find(user: string): Promise<Profile | undefined> {
    return structuredClone(this.#profiles.get(user))
  }

  async put(profile: Profile): Promise<void> {
    this.writes++
    this.#profiles.set(profile.user, structuredClone(profile))
  }

  async groupsOf(users: readonly string[]): Promise<Map<string, string[]>> {
    const known = users.flatMap((user) => this.#profiles.get(user) ?? [])
    return new Map(known.map(({ user, groups }) => [user, [...groups]]))
  }
}
