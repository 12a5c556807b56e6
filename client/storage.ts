/**
 * Where unsent messages outlive a reload: `get` answers what `set` was given last. Tabs, or clients of one program, may
 * share one; each draft belongs to one of them at a time. Where a storage fails, nothing is kept, and nothing else
 * happens.
 */
export interface Storage {
  get(key: string): string | null | undefined | Promise<string | null | undefined>
  set(key: string, value: string): void | Promise<void>
  remove(key: string): void | Promise<void>
}

/** Forgets everything. */
export const noStorage: Storage = { get: () => null, set: () => undefined, remove: () => undefined }

/** The part of the browser's `localStorage` and `sessionStorage` that is used. */
interface WebStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** A storage of the browser, as `webStorage(() => localStorage)`. Where it is blocked, nothing is kept. */
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

/** What a storage answers, or nothing where it fails. */
export async function attempt<Value>(access: () => Value | Promise<Value>): Promise<Value | undefined> {
  try {
    return await access()
  } catch {
    return undefined
  }
}
