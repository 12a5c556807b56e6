import { backoffMs, between, type Random } from './delays.ts'
import type { ConnectionError, ConnectionErrorCode } from './errors.ts'

/** A connection that lasted this long, in milliseconds, was a good one: the next wait starts small. */
const steadyMs = 5000

/** So many refusals of a token in a row are final. A single one may be for a token that has just ended. */
const mostRefusals = 3

/** Close codes of RFC 6455 and its registry that ask for more than an ordinary wait. */
const policyViolation = 1008
const serviceRestart = 1012

/** The registry of close codes asks for a random delay of 5 to 30 seconds after a restart of the service. */
const restartMs = [5000, 30_000] as const

/** Waits after a policy violation begin as after so many failures: up to 16 seconds, and twice as long each time. */
const failuresOfViolation = 4

/** When to try again, and when to give up. */
export class Retries {
  readonly #random: Random
  #failures = 0
  #refusals = 0

  constructor(random: Random) {
    this.#random = random
  }

  opened(): void {
    this.#refusals = 0
  }

  /** The connection there is has proven good. */
  steady(): void {
    this.#failures = 0
  }

  /** Milliseconds to wait after an attempt that failed. The few tries of a token follow each other within seconds. */
  afterFailure(code?: ConnectionErrorCode): number {
    return backoffMs(code === 'unauthorized' ? 0 : this.#failures++, this.#random)
  }

  /** Milliseconds to wait after a connection that lasted so long has ended with this close code. */
  afterLoss(lastedMs: number, code: number | undefined): number {
    if (code === policyViolation) this.#failures = Math.max(this.#failures, failuresOfViolation)
    else if (lastedMs >= steadyMs) this.#failures = 0
    if (code === serviceRestart) return between(...restartMs, this.#random)
    return this.afterFailure()
  }

  /**
   * Whether trying again may help. A client that was connected once is configured well; what refuses it now is the
   * network or the server, and may pass.
   */
  mends({ code }: ConnectionError, wasConnected: boolean): boolean {
    if (code === 'unauthorized') return ++this.#refusals < mostRefusals
    this.#refusals = 0
    return code === 'unreachable' || wasConnected
  }
}
