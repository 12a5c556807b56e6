import { median } from '../percentiles.ts'

interface Sight {
  /** When each member heard it first. */
  at: Map<number, number>
  again: number[]
}

/** Who has heard which message, when, and how often. */
export class Sights {
  readonly #sights = new Map<number, Sight>()
  #look = () => {}

  see(seq: number, member: number): void {
    const sight = this.of(seq)
    if (sight.at.has(member)) sight.again.push(member)
    else sight.at.set(member, performance.now())
    this.#look()
  }

  of(seq: number): Sight {
    const known = this.#sights.get(seq)
    if (known) return known
    const sight: Sight = { at: new Map(), again: [] }
    this.#sights.set(seq, sight)
    return sight
  }

  /** Until all of them have heard it, or for so long. */
  async reached(seq: number, members: readonly number[], patienceMs: number): Promise<void> {
    const { at } = this.of(seq)
    // Those who were not there yet are looked at again, and nobody else.
    let missing = members
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs)
      this.#look = () => {
        if (at.size < members.length) return
        missing = missing.filter((member) => !at.has(member))
        if (missing.length > 0) return
        clearTimeout(timer)
        resolve()
      }
      this.#look()
    })
    this.#look = () => {}
  }

  tally(seq: number, members: readonly number[]) {
    const { at, again } = this.of(seq)
    const twice = new Set(again)
    const awaited = new Set(members)
    const there = members.filter((member) => at.has(member))
    return {
      seq,
      once: there.filter((member) => !twice.has(member)).length,
      twice: there.filter((member) => twice.has(member)).length,
      never: members.length - there.length,
      elsewhere: [...at.keys()].filter((member) => !awaited.has(member)).length,
    }
  }

  /** Milliseconds from a moment to the first, the median and the last of these who heard it. */
  times(seq: number, members: readonly number[], since: number) {
    const { at } = this.of(seq)
    const times = members.flatMap((member) => at.get(member) ?? []).sort((a, b) => a - b)
    return {
      firstMs: (times[0] ?? Number.NaN) - since,
      medianMs: median(times) - since,
      lastMs: (times.at(-1) ?? Number.NaN) - since,
    }
  }
}
