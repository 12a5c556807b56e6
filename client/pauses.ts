import type { Clock } from './clock.ts'

/** Waits that all end at once where nothing is left to wait for. */
export class Pauses {
  readonly #clock: Clock
  readonly #ends = new Set<() => void>()
  #over = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves after so many milliseconds, or when all waits end. */
  wait(ms: number): Promise<void> {
    if (this.#over) return Promise.resolve()
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

  /** Nothing is waited for any more. */
  end(): void {
    this.#over = true
    for (const end of [...this.#ends]) end()
  }
}
