/** Values by key. Where the browser keeps nothing, since that is blocked or full, they last until the page is left. */
export class PageStorage {
  readonly #open: () => Storage
  readonly #unkept = new Map<string, string>()

  /** `open` may throw, as the browser does where storage is blocked. */
  constructor(open: () => Storage) {
    this.#open = open
  }

  /** Nothing where no value is kept, or none that can be read. */
  read<Value>(key: string): Value | undefined {
    try {
      const value: Value | null = JSON.parse(this.#unkept.get(key) ?? this.#open().getItem(key) ?? 'null')
      return value ?? undefined
    } catch {
      return undefined
    }
  }

  /** Answers whether the value outlives the page. */
  write(key: string, value: unknown): boolean {
    const text = JSON.stringify(value)
    try {
      this.#open().setItem(key, text)
      this.#unkept.delete(key)
      return true
    } catch {
      this.#unkept.set(key, text)
      return false
    }
  }

  remove(key: string): void {
    this.#unkept.delete(key)
    try {
      this.#open().removeItem(key)
    } catch {
      // A storage that is blocked holds nothing.
    }
  }
}

/** Of this tab alone; a reload keeps it. */
export const tabStorage = new PageStorage(() => sessionStorage)

/** Of all tabs of this browser. */
export const browserStorage = new PageStorage(() => localStorage)
