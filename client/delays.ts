/** Waits grow from here, in milliseconds, … */
export const shortestMs = 1000
/** … up to here. */
export const longestMs = 60_000

/** A draw from 0 ≤ x < 1, as `Math.random` makes it. */
export type Random = () => number

/** A number between the two, evenly distributed. */
export const between = (low: number, high: number, random: Random): number => low + random() * (high - low)

/**
 * Milliseconds to wait before the next attempt, with full jitter: anything from 0 to a bound that doubles with every
 * attempt that failed, so that clients which were cut off together do not come back together.
 */
export function backoffMs(failures: number, random: Random, shortest = shortestMs, longest = longestMs): number {
  return random() * Math.min(longest, shortest * 2 ** Math.min(failures, 30))
}

/** However little is left of a token, the next one is not asked for sooner than this: it may be no younger. */
const shortestStayMs = 60_000

/**
 * When to move to a fresh connection, and not all clients at once: before the gateway ends this one at two hours, and
 * with so many milliseconds left of its token before it hears nothing more, or a minute from now where that is later.
 */
export function rotationMs(random: Random, tokenLeftMs = Number.POSITIVE_INFINITY): number {
  const ageMs = between(90 * 60_000, 115 * 60_000, random)
  return Math.min(ageMs, Math.max(shortestStayMs, tokenLeftMs * between(0.75, 0.95, random)))
}

/** When to show life: 4 to 5 minutes, give or take a fifth; the gateway ends what is silent for ten. */
export const heartbeatMs = (random: Random): number => between(0.8 * 4 * 60_000, 1.2 * 5 * 60_000, random)
