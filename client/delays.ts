/** The bound of the first wait and of the longest wait, in milliseconds. */
export const shortestMs = 1000
export const longestMs = 60_000

/** A random number with 0 ≤ x < 1, like `Math.random`. */
export type Random = () => number

/** A random number between the two, evenly distributed. */
export const between = (low: number, high: number, random: Random): number => low + random() * (high - low)

/**
 * Milliseconds to wait before the next try, with full jitter: a random time up to a bound that doubles with every
 * failure, so that clients that lost their connections together do not come back together.
 */
export function backoffMs(failures: number, random: Random, shortest = shortestMs, longest = longestMs): number {
  return random() * Math.min(longest, shortest * 2 ** Math.min(failures, 30))
}

/** The next token is not requested earlier than this, since it may expire at the same time. */
const minConnectionMs = 60_000

/**
 * Milliseconds until a connection is replaced; random, so that not all clients reconnect at the same time. It is before
 * the gateway ends the connection at two hours and before its token expires, but not within the next minute.
 */
export function rotationMs(random: Random, tokenLeftMs = Number.POSITIVE_INFINITY): number {
  const ageMs = between(90 * 60_000, 115 * 60_000, random)
  return Math.min(ageMs, Math.max(minConnectionMs, tokenLeftMs * between(0.75, 0.95, random)))
}

/** Milliseconds until the next heartbeat: 4 to 5 minutes ± 20 %. The gateway ends a connection that is idle for ten. */
export const heartbeatMs = (random: Random): number => between(0.8 * 4 * 60_000, 1.2 * 5 * 60_000, random)
