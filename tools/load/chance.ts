import { createHash } from 'node:crypto'

/** Numbers in 0 ≤ x < 1, the same for the same seed, so that all generated data is reproducible. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    // Mulberry32: sequences of neighbouring seeds are unrelated.
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<Item>(items: readonly [Item, ...Item[]], chance: () => number): Item {
  return items[Math.floor(chance() * items.length)] ?? items[0]
}

/** A reproducible id with the length of a random one. */
export function idOf(kind: string, number: number): string {
  const digits = createHash('sha256').update(`${kind} ${number}`).digest('hex')
  return [0, 8, 12, 16, 20].map((from, at) => digits.slice(from, [8, 12, 16, 20, 32][at])).join('-')
}
