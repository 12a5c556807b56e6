import type { Preference, PreferenceStore } from '../../../lambdas/domain/people/preferences.ts'

export class MemoryPreferences implements PreferenceStore {
  readonly #kept = new Map<string, Preference>()

  async find(user: string, label: string): Promise<Preference | undefined> {
    return structuredClone(this.#kept.get(keyOf(user, label)))
  }

  async set(user: string, label: string, data: string): Promise<number> {
    const version = (this.#kept.get(keyOf(user, label))?.version ?? 0) + 1
    this.#kept.set(keyOf(user, label), { data, version })
    return version
  }
}

const keyOf = (user: string, label: string) => JSON.stringify([user, label])
