import type { Pace } from '../../../lambdas/domain/log/log.ts'

/** Time that passes only when somebody sleeps or a test says so, and chance that a test decides. */
export class FakePace implements Pace {
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
