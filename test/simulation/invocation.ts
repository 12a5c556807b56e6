import type { Clock, Random } from '../../lambdas/domain/clock.ts'
import type { Setup } from './setup.ts'

const EPOCH = 1_700_000_000_000

/** One run of the function in a container with its own clock; it may end at every await. */
export class Invocation implements Clock, Random {
  isAdmitted = false
  puts = 0
  /** The kind of the newest answered request to the store. */
  lastCall: 'read' | 'put' = 'read'
  readonly #room: Setup
  readonly #endsAt: number
  #skew: number
  #isAlive = true

  constructor(room: Setup) {
    this.#room = room
    this.#endsAt = room.time.now + room.plan.functionTimeoutMs
    this.#skew = room.chance.between(-room.plan.skewMs, room.plan.skewMs)
  }

  /** Called before and after every await. */
  isRunning(): boolean {
    const { time, chance, plan, counts } = this.#room
    if (!this.#isAlive) return false
    if (time.now >= this.#endsAt) {
      this.#isAlive = false
      counts.count('function timeout')
    } else if (chance.hits(plan.crash)) {
      this.#isAlive = false
      counts.count('crash')
    }
    return this.#isAlive
  }

  now(): number {
    const { chance, plan, counts, time } = this.#room
    if (chance.hits(plan.clockJump)) {
      this.#skew = chance.between(-plan.skewMs, plan.skewMs)
      counts.count('clock jump')
    }
    return EPOCH + Math.floor(time.now + this.#skew)
  }

  random(): number {
    return this.#room.chance.draw()
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (!this.isRunning()) return
      this.#room.time.after(ms, () => {
        if (this.isRunning()) resolve()
      })
    })
  }
}
