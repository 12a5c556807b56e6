/** Time as the runner sees it; tests drive their own. */
export interface Clock {
  now(): number
  /** Runs `then` once after `ms`, unless what it returns is called before. */
  after(ms: number, then: () => void): () => void
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, then) {
    const timer = setTimeout(then, ms).unref()
    return () => clearTimeout(timer)
  },
}
