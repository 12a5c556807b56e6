import type { Clock, Random } from '../../../lambdas/domain/clock.ts'

/** A clock that advances only by `sleep` or by the test, and random numbers that the test sets. */
export class FakeClock implements Clock, Random {
  time: number
  chance = 0
  readonly slept: number[] = []

  constructor(time = 1_700_000_000_000) {
    this.time = time
  }

  now(): number {
    return this.time
  }

  random(): number {
    return this.chance
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms)
    this.time += ms
  }
}
