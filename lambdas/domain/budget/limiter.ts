import type { Clock } from '../clock.ts'
import { LatestKeys } from './latest-keys.ts'
import { type Rate, useAfterOne, waitMs } from './rate.ts'

interface Bucket {
  used: number
  at: number
}

/**
 * Rate limits in the memory of one execution environment. An environment sees only a part of all calls, so the limiter
 * never refuses a caller who keeps to the rate. A forgotten key starts with an unused limit, which admits too much and
 * never too little.
 */
export class RateLimiter {
  readonly #rate: Rate
  readonly #clock: Pick<Clock, 'now'>
  readonly #buckets: LatestKeys<Bucket>

  constructor(rate: Rate, clock: Pick<Clock, 'now'>, most?: number) {
    this.#rate = rate
    this.#clock = clock
    this.#buckets = new LatestKeys(most)
  }

  /** Milliseconds until the rate allows one more call. */
  waitMs(key: string): number {
    return waitMs(this.#rate, this.#used(key))
  }

  take(key: string): void {
    const used = useAfterOne(this.#rate, this.#used(key))
    this.#buckets.set(key, { used, at: this.#clock.now() })
  }

  #used(key: string): number {
    const bucket = this.#buckets.get(key)
    if (!bucket) return 0
    return Math.max(0, bucket.used - Math.max(0, this.#clock.now() - bucket.at))
  }
}
