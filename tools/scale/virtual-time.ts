import type { Clock, Random } from '../../lambdas/domain/clock.ts'

/** Time that passes only when everything waits, so that hours take no time and every run is the same. */
export class VirtualTime implements Clock, Random {
  readonly random: () => number
  #now = 0
  #order = 0
  #waiting: { at: number; order: number; resume: () => void }[] = []

  constructor(random: () => number) {
    this.random = random
  }

  now(): number {
    return this.#now
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resume) => {
      this.#waiting.push({ at: this.#now + ms, order: this.#order++, resume })
    })
  }

  /** Lets time pass until nothing waits. */
  async run(): Promise<void> {
    for (;;) {
      // What was resumed goes on until it waits again.
      await new Promise((done) => setImmediate(done))
      this.#waiting.sort((one, other) => one.at - other.at || one.order - other.order)
      const next = this.#waiting.shift()
      if (!next) return
      this.#now = next.at
      next.resume()
    }
  }
}
