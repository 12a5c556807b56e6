import type { Clock } from './clock.ts'
import { between, type Random } from './delays.ts'

export interface GapTimerOptions {
  readonly clock: Clock
  readonly random: Random
  /** The least that a gap is waited for, in milliseconds; all other waits are multiples of it. */
  readonly gapMs: number
  /** Whether so many are in the room that all of them must not ask at once. */
  crowded(): boolean
}

/** A wait is between the first two; while others still come, it begins anew for as long as the third. */
const ordinary = { least: 1, most: 1.25, flowing: 4 }

/** In a crowd messages come by several ways, and one that is late is late for hundreds. */
const crowd = { least: 5, most: 15, flowing: 30 }

/** How long what is missing may be on its way before it counts as lost. */
export class GapTimer {
  readonly #options: GapTimerOptions
  /** How far the room was seen to be, and since when; ascending. */
  #seen: readonly { readonly seq: number; readonly at: number }[] = []

  constructor(options: GapTimerOptions) {
    this.#options = options
  }

  /** The room has come this far, and everything up to `last` is here. */
  noteSeen(seq: number, last: number): void {
    this.#seen = this.#seen.filter((one) => one.seq > last)
    const newest = this.#seen.at(-1)?.seq ?? last
    if (seq > newest) this.#seen = [...this.#seen, { seq, at: this.#options.clock.now() }]
  }

  /** How long to wait from now on, in milliseconds: not all as long as each other. */
  wait(): number {
    const { least, most } = this.#bounds
    return this.#options.gapMs * between(least, most, this.#options.random)
  }

  /** Whether what is missing now may still be late, given that what was missing before has come. */
  mayStillArrive(): boolean {
    const [first] = this.#seen
    const { clock, gapMs } = this.#options
    return first === undefined || clock.now() - first.at < gapMs * this.#bounds.flowing
  }

  get #bounds() {
    return this.#options.crowded() ? crowd : ordinary
  }
}
