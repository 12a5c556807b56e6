import type { Storage } from '../../client/index.ts'

/** A storage that a test can look into. */
export function memoryStorage(): Storage & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
    remove: async (key) => void kept.delete(key),
  }
}
