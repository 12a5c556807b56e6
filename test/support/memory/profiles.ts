import type { Profile, ProfileStore } from '../../../lambdas/domain/people/profiles.ts'

/** Who has ever connected, in memory. */
export class MemoryPeople implements ProfileStore {
  readonly #profiles = new Map<string, Profile>()
  /** How often somebody was written, whether they were new or not. */
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
