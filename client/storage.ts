/**
 * Keeps unsent messages after the program ends: `get` returns the value of the last `set`. Tabs, or clients of one
 * program, may share a storage; each message belongs to one of them at a time. If an access fails, or takes longer than
 * 5 seconds, the client works without the storage for that time.
 */
export interface Storage {
  get(key: string): string | null | undefined | Promise<string | null | undefined>
  set(key: string, value: string): void | Promise<void>
  remove(key: string): void | Promise<void>
}

/** Keeps nothing. */
export const noStorage: Storage = { get: () => null, set: () => undefined, remove: () => undefined }

/** The part of the browser's `localStorage` and `sessionStorage` that is used. */
interface WebStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** A storage of the browser: `webStorage(() => localStorage)`. If the browser blocks it, nothing is kept. */
export function webStorage(open: () => WebStorage): Storage {
  let storage: WebStorage
  try {
    storage = open()
  } catch {
    return noStorage
  }
  return {
    get: (key) => storage.getItem(key),
    set: (key, value) => storage.setItem(key, value),
    remove: (key) => storage.removeItem(key),
  }
}

/** The result of an access, or undefined if it fails. */
export async function attempt<Value>(access: () => Value | Promise<Value>): Promise<Value | undefined> {
  try {
    return await access()
  } catch {
    return undefined
  }
}
