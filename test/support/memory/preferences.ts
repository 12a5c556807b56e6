import type { Preference, PreferenceStore, PreferenceUse } from '../../../lambdas/domain/people/preferences.ts'

/** The preferences of every user in memory. */
export class MemoryPreferences implements PreferenceStore {
  readonly #preferences = new Map<string, Preference>()

  async find(user: string, label: string): Promise<Preference | undefined> {
    return structuredClone(this.#preferences.get(keyOf(user, label)))
  }

  async use(user: string, _most: number): Promise<PreferenceUse> {
    const own = [...this.#preferences].filter(([key]) => JSON.parse(key)[0] === user).map(([, { data }]) => data)
    return { labels: own.length, bytes: own.reduce((sum, data) => sum + Buffer.byteLength(data), 0) }
  }

  forget(user: string): void {
    for (const key of [...this.#preferences.keys()]) {
      const [owner]: unknown[] = JSON.parse(key)
      if (owner === user) this.#preferences.delete(key)
    }
  }

  async set(user: string, label: string, data: string): Promise<number> {
    const version = (this.#preferences.get(keyOf(user, label))?.version ?? 0) + 1
    this.#preferences.set(keyOf(user, label), { data, version })
    return version
  }
}

const keyOf = (user: string, label: string) => JSON.stringify([user, label])
