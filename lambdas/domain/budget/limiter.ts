import type { Clock } from '../clock.ts'
import { type Rate, useAfterOne, waitMs } from './rate.ts'

interface Bucket {
  used: number
  at: number
}

/**
 * The most keys in memory. A key that was dropped starts with an unused limit, so the limiter then admits too much and
 * never too little.
 */
const maxKeys = 10_000

/**
 * Rate limits in the memory of one execution environment. An environment sees only a part of all calls, so the limiter
 * never refuses a caller who keeps to the rate.
 */
export class RateLimiter {
  readonly #rate: Rate
  readonly #clock: Pick<Clock, 'now'>
  readonly #most: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(rate: Rate, clock: Pick<Clock, 'now'>, most = maxKeys) {
    this.#rate = rate
    this.#clock = clock
    this.#most = most
  }

  /** Milliseconds until the rate allows one more call. */
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
