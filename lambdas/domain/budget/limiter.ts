import type { Clock } from '../clock.ts'
import { type Rate, useAfterOne, waitMs } from './rate.ts'

interface Bucket {
  used: number
  at: number
}

/** Keys that are remembered. Whoever is forgotten is let in, which no allowance minds. */
const mostKeys = 10_000

/**
 * Allowances in the memory of one execution environment. It sees some of what everybody does, never more than that, so
 * it holds nobody back who keeps to the rate.
 */
export class RateLimiter {
  readonly #rate: Rate
  readonly #clock: Pick<Clock, 'now'>
  readonly #most: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(rate: Rate, clock: Pick<Clock, 'now'>, most = mostKeys) {
    this.#rate = rate
    this.#clock = clock
    this.#most = most
  }

  /** Milliseconds until one more has room. */
  waitMs(key: string): number {
    return waitMs(this.#rate, this.#used(key))
  }

  take(key: string): void {
    const used = useAfterOne(this.#rate, this.#used(key))
    this.#buckets.delete(key)
    this.#buckets.set(key, { used, at: this.#clock.now() })
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size > this.#most && oldest !== undefined) this.#buckets.delete(oldest)
  }

  #used(key: string): number {
    const bucket = this.#buckets.get(key)
    if (!bucket) return 0
    return Math.max(0, bucket.used - Math.max(0, this.#clock.now() - bucket.at))
  }
}
