import { Failure } from '../command/failure.ts'

/** Ends a conversation before its input ends: at a signal, at a failure, or when the output is not read any more. */
export class Ending {
  readonly #ending = new AbortController()
  #failure: Failure | undefined

  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** Why it ended, where that is a failure. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  /** Ends when the signal is aborted; a Failure as its reason becomes the failure. */
  on(signal: AbortSignal): void {
    const end = () => this.end(signal.reason)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  }

  end(reason?: unknown): void {
    if (!this.signal.aborted && reason instanceof Failure) this.#failure = reason
    this.#ending.abort()
  }

  /** The first call lets the lines that were read be sent; the second one ends the process at once. */
  interrupt(): void {
    if (this.signal.aborted) process.exit(130)
    this.end()
  }

  /** Resolves when it has ended. */
  async ended(): Promise<void> {
    if (!this.signal.aborted)
      await new Promise((resolve) => this.signal.addEventListener('abort', resolve, { once: true }))
  }
}
