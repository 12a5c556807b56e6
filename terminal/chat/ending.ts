import { Failure } from '../../commands/failure.ts'

/** What ends a conversation before its input does: a signal, a failure, or that nobody reads any more. */
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

  /** Ends with this signal; where its reason is a Failure, with that. */
  on(signal: AbortSignal): void {
    const end = () => this.end(signal.reason)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  }

  end(reason?: unknown): void {
    if (!this.signal.aborted && reason instanceof Failure) this.#failure = reason
    this.#ending.abort()
  }

  /** The first time lets what was read be sent, the second time does not wait for it. */
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
