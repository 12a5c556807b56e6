/** The time and the timers of the client, as a port so that tests can control them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `run` once after this many milliseconds. The returned function cancels it. */
  after(ms: number, run: () => void): () => void
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
