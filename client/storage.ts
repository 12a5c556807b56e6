/**
 * Where unsent messages outlive a reload: `get` answers what `set` was given last. One tab, one storage: in a browser
 * wrap `sessionStorage`, or put something that names the tab into the keys of a shared one.
 */
export interface Storage {
  get(key: string): string | null | undefined | Promise<string | null | undefined>
  set(key: string, value: string): void | Promise<void>
  remove(key: string): void | Promise<void>
}

/** Forgets everything. */
export const noStorage: Storage = { get: () => null, set: () => undefined, remove: () => undefined }
