import type { Clock, Random } from '../../../lambdas/domain/clock.ts'

/** Time that passes only when somebody sleeps or a test says so, and chance that a test decides. */
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
