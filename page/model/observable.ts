/** An object that informs listeners when it has changed. */
export class Observable {
  readonly #listeners = new Set<() => void>()

  /** Calls the listener after every change. The returned function removes it. */
  observe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  protected changed(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
