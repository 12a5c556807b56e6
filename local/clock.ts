/** Time as a port, so that a test can drive it. */
export interface Clock {
  now(): number
  /** Calls `then` once after `ms`. The returned function cancels it. */
  after(ms: number, then: () => void): () => void
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, then) {
    const timer = setTimeout(then, ms).unref()
    return () => clearTimeout(timer)
  },
}

/** A clock that stands still until it is moved forward. */
export interface MovedClock extends Clock {
  /** Runs each timer that becomes due, in order. */
  advance(ms: number): void
}

export function movedClock(start: number): MovedClock {
  let now = start
  const timers = new Set<{ at: number; then: () => void }>()
  return {
    now: () => now,
    after(ms, then) {
      const timer = { at: now + ms, then }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (!next) break
        timers.delete(next)
        now = next.at
        next.then()
      }
      now = end
    },
  }
}
