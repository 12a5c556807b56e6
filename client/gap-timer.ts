import type { Clock } from './clock.ts'
import { between, type Random } from './delays.ts'

export interface GapTimerOptions {
  readonly clock: Clock
  readonly random: Random
  /** The shortest wait for a gap, in milliseconds; all other waits are multiples of it. */
  readonly gapMs: number
  /** Whether the room has so many participants that they must not all ask the history at once. */
  isCrowded(): boolean
}

/** A wait lasts between `min` and `max`. While messages of the gap arrive, it starts again, for `whileMoving` at most. */
const usual = { min: 1, max: 1.25, whileMoving: 4 }

/** In a crowded room messages come by several ways, and a late one is late for hundreds of participants. */
const crowded = { min: 5, max: 15, whileMoving: 30 }

/** How long a missing message may be late before it counts as lost. */
export class GapTimer {
  readonly #options: GapTimerOptions
  /** The positions that were seen behind the gap and when, ascending. */
  #seen: readonly { readonly seq: number; readonly at: number }[] = []

  constructor(options: GapTimerOptions) {
    this.#options = options
  }

  /** The log has reached `seq`, and all messages up to `last` were applied. */
  noteSeen(seq: number, last: number): void {
    this.#seen = this.#seen.filter((one) => one.seq > last)
    const newest = this.#seen.at(-1)?.seq ?? last
    if (seq > newest) this.#seen = [...this.#seen, { seq, at: this.#options.clock.now() }]
  }

  /** How long to wait from now on, in milliseconds; random, so that not all clients ask at the same time. */
  wait(): number {
    const { min, max } = this.#multiples
    return this.#options.gapMs * between(min, max, this.#options.random)
  }

  /** Whether the missing messages may still be late, since earlier missing ones have arrived. */
  mayStillArrive(): boolean {
    const [first] = this.#seen
    const { clock, gapMs } = this.#options
    return first === undefined || clock.now() - first.at < gapMs * this.#multiples.whileMoving
  }

  get #multiples() {
    return this.#options.isCrowded() ? crowded : usual
  }
}
