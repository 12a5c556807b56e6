/** Values by key. If the storage of the browser is blocked or full, they are kept until the page is closed. */
export class PageStorage {
  readonly #open: () => Storage
  readonly #unsaved = new Map<string, string>()

  /** `open` may throw, as the browser does if storage is blocked. */
  constructor(open: () => Storage) {
    this.#open = open
  }

  /** The value, or undefined if there is none or it cannot be read. */
  read<Value>(key: string): Value | undefined {
    try {
      const value: Value | null = JSON.parse(this.#unsaved.get(key) ?? this.#open().getItem(key) ?? 'null')
      return value ?? undefined
    } catch {
      return undefined
    }
  }

  /** Returns whether the browser has stored the value. */
  write(key: string, value: unknown): boolean {
    const text = JSON.stringify(value)
    try {
      this.#open().setItem(key, text)
      this.#unsaved.delete(key)
      return true
    } catch {
      this.#unsaved.set(key, text)
      return false
    }
  }

  remove(key: string): void {
    this.#unsaved.delete(key)
    try {
      this.#open().removeItem(key)
    } catch {
      // A blocked storage has no value to remove.
    }
  }
}

/** The storage of this tab, which a reload keeps. */
export const tabStorage = new PageStorage(() => sessionStorage)

/** The storage of all tabs of this browser. */
export const browserStorage = new PageStorage(() => localStorage)
