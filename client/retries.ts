import { backoffMs, between, type Random } from './delays.ts'
import type { ConnectionError, ConnectionErrorCode } from './errors.ts'

/** After a connection that lasted this long, in milliseconds, the waits start small again. */
const stableMs = 5000

/** This many refusals of a token in a row are final. A single refusal may concern a token that has just expired. */
const maxRefusals = 3

/** Close codes of RFC 6455 and its registry that need a longer wait. */
const policyViolation = 1008
const serviceRestart = 1012

/** The registry of close codes asks for a random delay of 5 to 30 seconds after a restart of the service. */
const restartMs = [5000, 30_000] as const

/** After a policy violation the wait is as after this many failures: up to 16 seconds, and twice as long each time. */
const failuresOfViolation = 4

/** Decides when to try again, and when to give up. */
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

  /** The connection is stable: the next wait starts small. */
  reset(): void {
    this.#failures = 0
  }

  /** Milliseconds to wait after a failed try. After a refused token the next try comes within a second. */
  afterFailure(code?: ConnectionErrorCode): number {
    return backoffMs(code === 'unauthorized' ? 0 : this.#failures++, this.#random)
  }

  /** Milliseconds to wait after a connection has ended that lasted `lastedMs`. */
  afterLoss(lastedMs: number, code: number | undefined): number {
    if (code === policyViolation) this.#failures = Math.max(this.#failures, failuresOfViolation)
    else if (lastedMs >= stableMs) this.#failures = 0
    if (code === serviceRestart) return between(...restartMs, this.#random)
    return this.afterFailure()
  }

  /**
   * Whether another try may help. The configuration of a client that was connected before is right, so the cause is the
   * network or the server, and may be temporary.
   */
  mayHelp({ code }: ConnectionError, wasConnected: boolean): boolean {
    if (code === 'unauthorized') return ++this.#refusals < maxRefusals
    this.#refusals = 0
    return code === 'unreachable' || wasConnected
  }
}
