/** Time as the client sees it, so that tests can drive it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs the work once after so many milliseconds; the returned function calls it off. */
  after(ms: number, run: () => void): () => void
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
