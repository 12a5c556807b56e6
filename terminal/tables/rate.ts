import type { Clock } from '../../client/index.ts'
import { pause } from '../pause.ts'

/** Keeps what is used within so many units a second, over all that use it at once. Without a number it never waits. */
export class Rate {
  readonly #clock: Clock
  readonly #unitsPerSecond: number
  /** When everything used so far is paid off, in milliseconds since 1970. */
  #paidAt = 0

  constructor(clock: Clock, unitsPerSecond = Number.POSITIVE_INFINITY) {
    this.#clock = clock
    this.#unitsPerSecond = unitsPerSecond
  }

  /** To be called after each use: what it used is known only then. Resolves when the next one may begin. */
  async used(units: number): Promise<void> {
    const now = this.#clock.now()
    this.#paidAt = Math.max(this.#paidAt, now) + (units * 1000) / this.#unitsPerSecond
    if (this.#paidAt > now) await pause(this.#clock, this.#paidAt - now)
  }
}
