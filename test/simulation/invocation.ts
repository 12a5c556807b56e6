import type { Clock, Random } from '../../lambdas/domain/clock.ts'
import type { Scene } from './setup.ts'

const EPOCH = 1_700_000_000_000

/** One run of the function in a container with a clock of its own, which may end at every await. */
export class Invocation implements Clock, Random {
  isAdmitted = false
  puts = 0
  /** How the newest answer of the store came about. */
  lastCall: 'read' | 'put' = 'read'
  readonly #room: Scene
  readonly #endsAt: number
  #skew: number
  #isAlive = true

  constructor(room: Scene) {
    this.#room = room
    this.#endsAt = room.time.now + room.weather.functionTimeoutMs
    this.#skew = room.chance.between(-room.weather.skewMs, room.weather.skewMs)
  }

  /** Asked before and after every await. */
  lives(): boolean {
    const { time, chance, weather, tally } = this.#room
    if (!this.#isAlive) return false
    if (time.now >= this.#endsAt) {
      this.#isAlive = false
      tally.count('function timeout')
    } else if (chance.hits(weather.crash)) {
      this.#isAlive = false
      tally.count('crash')
    }
    return this.#isAlive
  }

  now(): number {
    const { chance, weather, tally, time } = this.#room
    if (chance.hits(weather.clockJump)) {
      this.#skew = chance.between(-weather.skewMs, weather.skewMs)
      tally.count('clock jump')
    }
    return EPOCH + Math.floor(time.now + this.#skew)
  }

  random(): number {
    return this.#room.chance.draw()
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (!this.lives()) return
      this.#room.time.after(ms, () => {
        if (this.lives()) resolve()
      })
    })
  }
}
