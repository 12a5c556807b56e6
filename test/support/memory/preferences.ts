import type { Preference, PreferenceStore } from '../../../lambdas/domain/people/preferences.ts'

/** The preferences of every user in memory. */
export class MemoryPreferences implements PreferenceStore {
  readonly #preferences = new Map<string, Preference>()

  async find(user: string, label: string): Promise<Preference | undefined> {
    return structuredClone(this.#preferences.get(keyOf(user, label)))
  }

  async set(user: string, label: string, data: string): Promise<number> {
    const version = (this.#preferences.get(keyOf(user, label))?.version ?? 0) + 1
    this.#preferences.set(keyOf(user, label), { data, version })
    return version
  }
}

const keyOf = (user: string, label: string) => JSON.stringify([user, label])
