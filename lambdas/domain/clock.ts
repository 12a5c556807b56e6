/** Time, as a port that a test can drive. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** Chance, as a port that a test can drive. */
export interface Random {
  /** A number in 0 ≤ x < 1. */
  random(): number
}
