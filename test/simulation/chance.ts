// Jest resolves globals in a sandbox, which is too slow for a hundred million calls.
const { floor, imul } = Math

/** Seeded random numbers: the same seed gives the same numbers on every machine. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = imul(seed + 1, 0x9e3779b1) | 0
  }

  /** 0 ≤ x < 1 */
  draw(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  hits(probability: number): boolean {
    return this.draw() < probability
  }

  between(low: number, high: number): number {
    return low + this.draw() * (high - low)
  }

  whole(low: number, high: number): number {
    return floor(this.between(low, high + 1))
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[floor(this.draw() * choices.length)] ?? choices[0]
  }
}
