/** Something that tells whoever looks at it that it has changed. */
export class Observed {
  readonly #lookers = new Set<() => void>()

  /** Calls `look` after every change, until what it returns is called. */
  observe(look: () => void): () => void {
    this.#lookers.add(look)
    return () => this.#lookers.delete(look)
  }

  protected changed(): void {
    for (const look of [...this.#lookers]) look()
  }
}
