import { exitCodes, Failure } from '../command/failure.ts'

/** Ends a conversation before its input ends: at a signal, at a failure, or when the output is closed. */
export class Shutdown {
  readonly #controller = new AbortController()
  #failure: Failure | undefined

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The failure that ended the conversation, if it was one. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  /** Starts when the signal is aborted. If its reason is a Failure, that becomes the failure. */
  on(signal: AbortSignal): void {
    const start = () => this.start(signal.reason)
    if (signal.aborted) start()
    else signal.addEventListener('abort', start, { once: true })
  }

  start(reason?: unknown): void {
    if (!this.signal.aborted && reason instanceof Failure) this.#failure = reason
    this.#controller.abort()
  }

  /** The first call lets the command send the lines that it has read. The second one ends the process at once. */
  interrupt(): void {
    if (this.signal.aborted) process.exit(exitCodes.interrupted)
    this.start()
  }

  /** Resolves when the shutdown has started. */
  async started(): Promise<void> {
    if (!this.signal.aborted)
      await new Promise((resolve) => this.signal.addEventListener('abort', resolve, { once: true }))
  }
}
