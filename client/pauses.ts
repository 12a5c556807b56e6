import type { Clock } from './clock.ts'

/** Waits that can all be ended at once. */
export class Pauses {
  readonly #clock: Clock
  readonly #ends = new Set<() => void>()
  #ended = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves after this many milliseconds, or when all waits are ended. */
  wait(ms: number): Promise<void> {
    if (this.#ended) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        stopTimer()
        this.#ends.delete(end)
        resolve()
      }
      const stopTimer = this.#clock.after(ms, end)
      this.#ends.add(end)
    })
  }

  /** Ends all waits; later ones end at once. */
  end(): void {
    this.#ended = true
    for (const end of [...this.#ends]) end()
  }
}
