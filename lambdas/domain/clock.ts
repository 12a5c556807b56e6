/** Time as a port, so that tests can control it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** Chance as a port, so that tests can control it. */
export interface Random {
  /** A number in 0 ≤ x < 1. */
  random(): number
}
