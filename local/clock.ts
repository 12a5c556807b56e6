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
